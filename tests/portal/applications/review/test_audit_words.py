"""The audit trail says in Chinese what was done with a case."""

import re
from pathlib import Path

import pytest

from portal.core.audit.words import words_of

ROOM = Path(__file__).resolve().parents[4] / "portal" / "applications"
WRITTEN = re.compile(r'(?:record\(\s*|step=|code=)"([a-z]+\.[a-z_]+)"')
STEPS = re.compile(r'(?:office_step|enterprise_step|handle|_standing)\(\s*"([a-z_]+)"')


def codes() -> list[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    return sorted({*WRITTEN.findall(text), *(f"case.{step}" for step in STEPS.findall(text))})


def test_the_codes_are_found():
    assert {"case.returned", "case.passed", "case.paper_viewed", "membership.ended"} <= set(codes())


@pytest.mark.parametrize("code", codes())
def test_every_act_of_the_desk_has_words(code):
    assert re.search("[a-z]", words_of(code)) is None
