"""What docs/operations.md and README say that the site shows is what it shows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("portal", "catalog", "events", "templates")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".html", ".txt")
)
QUOTED = {
    (name, words)
    for name in ("README.md", "docs/operations.md", "docs/decisions/0047-files-in-a-folder-or-a-bucket.md")
    for words in re.findall(r"「([^」]+)」", (ROOT / name).read_text(encoding="utf-8"))
    if re.search(r"[\u4e00-\u9fff]", words)
}


@pytest.mark.parametrize(("name", "words"), sorted(QUOTED))
def test_a_sentence_of_the_documents_stands_in_the_site(name, words):
    """As a piece of it: `n` and … stand for what differs."""
    pieces = [piece for piece in re.split(r"…|\bn\b|NUMBER|\d+", words) if piece.strip()]
    assert [piece for piece in pieces if piece.strip() not in CODE] == []


def test_what_the_first_column_of_the_desk_says_stands_in_the_site():
    """Rows of 「What the desk says」, also those without quotes."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.split("## What the desk says, and what to do")[1].split("\n\n")[1]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    pieces = [
        piece.strip(" ，：（）「」。")
        for row in rows
        for piece in re.split(r"…|\bn\b|\d+|[，,：（）「」]", row)
        if re.search(r"[\u4e00-\u9fff]{2}", piece)
    ]
    assert len(pieces) > 20
    assert [piece for piece in pieces if piece not in CODE] == []
