"""What a file really is, judged by its bytes, and whether it may be parsed at all.

Runs in the reading child, so that what it misjudges costs that process and nothing else.
"""

from dataclasses import dataclass, field
from pathlib import Path

from .encrypted import opened_by_excel
from .facts import SheetFacts
from .guard_ole import MAGIC as OLE
from .guard_ole import check_ole
from .guard_text import decoded, markup_of
from .guard_zip import check_zip
from .limits import MEGABYTE, Limits
from .refusals import Refused
from .web_archive import is_archive, pages_in

MARKUP_COSTS = 20  # a page is parsed by Python, and so many times as slowly as lines are split

_OTHERS = (
    (b"%PDF", " PDF 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"\xfd7zXZ", "压缩包"),
    (b"SQLite format", "数据库"),
)
_PROGRAMS = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!/")
_OLD_EXCEL = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)


@dataclass(frozen=True)
class Guarded:
    """A file that may be parsed. `path`: the file itself, or a copy of it that every parser reads."""

    kind: str  # xlsx, xls, csv, html or xml
    path: Path
    encoding: str = ""
    text: str = ""
    inflated: int = 0
    sheets: dict[str, SheetFacts] = field(default_factory=dict)


def guard(path: Path, limits: Limits, folder: Path) -> Guarded:
    """Refuses a file that is too large, no table, hostile, or whole in no way. Copies go to `folder`."""
    size = path.stat().st_size
    check_size(size, limits)
    with path.open("rb") as stream:
        start = stream.read(16)
    if start.startswith(b"PK"):
        facts = check_zip(path, limits, folder)
        return Guarded("xlsx", facts.path, inflated=facts.inflated, sheets=facts.sheets)
    if start.startswith(OLE):
        if unlocked := opened_by_excel(path, folder):
            return guard(unlocked, limits, folder)
        return Guarded("xls", path, inflated=size, sheets=check_ole(path, limits))
    _check_others(start)
    text, encoding = decoded(path)
    if is_archive(text):
        return Guarded("html", path, encoding, pages_in(path.read_bytes()), inflated=size * MARKUP_COSTS)
    markup = markup_of(text)
    return Guarded(markup or "csv", path, encoding, text, inflated=size * (MARKUP_COSTS if markup else 1))


def check_size(size: int, limits: Limits) -> None:
    if not size:
        raise Refused("file-empty")
    if size > limits.bytes:
        raise Refused("file-too-large", size=f"{size / MEGABYTE:.1f}", limit=f"{limits.bytes / MEGABYTE:g}")


def _check_others(start: bytes) -> None:
    if start.startswith(_PROGRAMS) or (start.startswith(b"MZ") and (b"\0" in start or not start.isascii())):
        raise Refused("renamed-program")
    if start.startswith(_OLD_EXCEL):
        raise Refused("old-format", what=" Excel 95 以前的 .xls ")
    if start.startswith(OLE[:4]):
        raise Refused("truncated")
    for magic, what in _OTHERS:
        if start.startswith(magic) and (magic != b"BM" or b"\0" in start):
            raise Refused("not-a-workbook", what=what)
