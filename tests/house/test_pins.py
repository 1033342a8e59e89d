"""Requirements are pinned by name and version alone: no registry, no path of somebody's machine."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lines(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-s3.txt", "requirements-dev.txt"])
def test_every_line_is_a_name_and_an_exact_version(name):
    assert lines(name)
    for line in lines(name):
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[0-9][0-9a-z.+]*", line), line


def test_what_is_added_changes_no_version_of_what_the_portal_runs_on():
    runs_on = dict(line.split("==") for line in lines("requirements.txt"))
    for line in (*lines("requirements-s3.txt"), *lines("requirements-dev.txt")):
        name, version = line.split("==")
        assert runs_on.get(name, version) == version


@pytest.mark.parametrize("name", ["requirements.in", "requirements-s3.in", "requirements-dev.in"])
def test_everything_asked_for_is_pinned(name):
    pinned = {line.split("==")[0] for line in lines(name.replace(".in", ".txt"))}
    asked = {
        re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in lines(name) if not line.startswith("-c")
    }
    assert asked <= pinned
