"""Every test that docs/security.md names exists, and every row says what shows it or what falls short."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
DOCUMENT = (TESTS.parent / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOCUMENT.splitlines()
    if re.match(r"\| \d+\.\d+\.\d+", line)
]
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", DOCUMENT)


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_a_named_test_exists(file, name):
    assert re.search(rf"^def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_row_says_what_shows_it_or_what_falls_short():
    assert len(ROWS) > 100
    assert [row for row in ROWS if len(row) != 3 or not ("::test_" in row[2] or "short:" in row[2])] == []


def test_the_chapters_are_whole_and_in_order():
    numbers = [tuple(map(int, row[0].split("."))) for row in ROWS]
    assert numbers == sorted(set(numbers))
    assert {chapter for chapter, *_ in numbers} == set(range(1, 15))
