"""Every sentence of the launch meeting's report has its place: docs/launch-meeting.md, opened and read."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command

from portal.core.pages import cache

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "launch-meeting.md"
LEAST_ROWS = 35


@dataclass(frozen=True)
class Row:
    sentence: str
    address: str
    link: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return self.sentence


def rows() -> list[Row]:
    found = []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[1].startswith("`"):
            address, _, link = cells[1].strip("`").partition(" → ")
            found.append(Row(cells[0], address, link, tuple(cells[2].split("；"))))
    return found


def words_of(page: str) -> str:
    """What a reader sees of a page: without its head, header and footer, which stand on every page."""
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None, page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", main[0])).split())


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def follow(client, page: str, text: str) -> str:
    link = re.search(rf'<a [^>]*?href="([^"]+)"[^>]*>{re.escape(text)}</a>', page)
    assert link, f"no link 「{text}」"
    return read(client, html.unescape(link[1]))


@pytest.mark.django_db
def test_each_sentence_stands_where_the_table_says(client):
    cache.clear()
    call_command("seed_facts", verbosity=0)
    missing = {}
    for row in rows():
        page = read(client, row.address)
        if row.link:
            page = follow(client, page, row.link)
        shown = words_of(page) if row.address != "/" else html.unescape(page)
        absent = [words for words in row.words if words not in shown]
        if absent:
            missing[row.sentence] = f"{row.address}: {'；'.join(absent)}"
    assert not missing, missing


def test_the_table_is_whole():
    assert len(rows()) >= LEAST_ROWS
    assert all(row.words and all(row.words) for row in rows())
    assert {row.address.split("/")[1] for row in rows()} >= {
        "activities",
        "campaigns",
        "commitments",
        "notices",
        "online",
        "organisations",
        "regions",
    }
