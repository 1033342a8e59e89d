"""The handbook shows pictures that exist, and quotes words that stand on the pages."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs" / "操作手册.md"
PICTURES = ROOT / "docs" / "handbook"
LARGEST = 150 * 1024
TEXT = HANDBOOK.read_text(encoding="utf-8")
ROOMS = ("templates", "portal", "catalog", "events")


def shown() -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(handbook/([^)]+)\)", TEXT)


def quoted() -> list[str]:
    return sorted(set(re.findall(r"「([^」]+)」", TEXT)))


@pytest.fixture(scope="module")
def pages() -> str:
    """Every word that templates and code could put on a page."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in (".html", ".py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_picture_that_the_handbook_names_exists_and_none_lies_about():
    assert sorted(shown()) == sorted(path.name for path in PICTURES.glob("*.png"))
    assert len(shown()) == len(set(shown()))


@pytest.mark.parametrize("name", shown())
def test_a_picture_is_of_moderate_size(name):
    content = (PICTURES / name).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) <= LARGEST


def test_words_that_the_handbook_quotes_stand_on_pages(pages):
    assert [word for word in quoted() if word not in pages] == []


def test_its_own_links_lead_somewhere():
    headings = {
        re.sub(r"[^\w-]", "", line.lstrip("# ")) for line in TEXT.splitlines() if line.startswith("#")
    }
    targets = re.findall(r"\]\(#([^)]+)\)", TEXT)
    assert targets
    assert set(targets) <= headings
