"""What docs/operations.md and README say that the site shows is what it shows."""

import inspect
import re
from pathlib import Path

import pytest

from portal.core.busy import Fault
from portal.core.index import health
from portal.core.pages import unavailable
from portal.core.schedule import acts, telling
from portal.site.safekeeping import backup, database, manifest, restoring

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


WHILE_MISSING = re.compile(
    r'NotAllowed\(\s*"(?:restore\.(?:disk|damaged|under_way)|backup\.disk)",\s*f?"([^"]+)"'
)


def said_in_trouble() -> set[str]:
    """From their homes, so that what is said otherwise one day has to be written otherwise, too."""
    source = inspect.getsource
    backing_up = acts.named("backup")
    assert backing_up is not None
    keeping = [source(module) for module in (database, manifest, restoring, backup)]
    return {
        *(words for pair in (*unavailable.WORDS.values(), unavailable.CROWDED) for words in pair),
        *(words for fault in Fault for words in (fault.advice, fault.words)),
        *re.findall(r'"([^"\n]*[\u4e00-\u9fff]{4}[^"\n]*)"', source(health._sentence)),
        *re.findall(r"<h1>([^<]+)</h1>", (ROOT / "templates/files/gone.html").read_text(encoding="utf-8")),
        *re.findall(r"\S+没有运行", (ROOT / "templates/jobs/outage.html").read_text(encoding="utf-8")),
        *(sentence for text in keeping for sentence in WHILE_MISSING.findall(text)),
        *re.findall(r'"(到时间很久[^"]*)"', source(telling)),
        backing_up.hint,
    }


def test_what_the_site_says_in_trouble_stands_in_the_document_with_what_to_do():
    """Of a sentence with values in it, what it says to do."""
    document = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    said = {re.split("[。，]", words)[-2] if "{" in words else words for words in said_in_trouble()}
    assert len(said) > 22
    assert [words for words in sorted(said) if words.strip() not in document] == []
