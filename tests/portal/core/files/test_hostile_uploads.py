"""Files that somebody made to harm, at the three doors that open uploads: refused with a sentence, or taken without the harm."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from portal.core.files.intake.attachments import examine
from portal.core.files.intake.documents import examine_document
from portal.core.files.intake.pictures import draw
from portal.core.files.intake.refusals import FileRefused
from portal.core.files.shown import disposition

from .uploads import pdf, photo

DOORS = {"paper": examine_document, "attachment": examine, "picture": draw}
SCRIPT = b"<script>alert(document.domain)</script>"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def pixel_bomb() -> bytes:
    """A few kilobytes that say they are 60,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@cache
def pages(count: int) -> bytes:
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@cache
def pdf_bomb() -> bytes:
    """Some hundred kilobytes, packed twice, that are a gigabyte of page when they are unpacked."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    packed = zlib.compressobj(9)
    million = b" " * 1_000_000
    inner = b"".join(packed.compress(million) for _ in range(1000)) + packed.flush()
    stream = DecodedStreamObject()
    stream.set_data(zlib.compress(inner))
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    page[NameObject("/Contents")] = writer._add_object(stream)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue().replace(b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]")


def archive_behind(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return content + target.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
REFUSED_BY_ALL = {
    "svg": SVG,
    "svg behind a blank": b"\xef\xbb\xbf \n" + SVG,
    "packed svg": zlib.compress(SVG),
    "page": b"<!doctype html>" + SCRIPT,
    "gif that is a script": b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)",
    "pixel bomb": pixel_bomb(),
    "archive": archive_behind(b""),
    "program": b"MZ\x90\x00" + b"\x00" * 60,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", REFUSED_BY_ALL)
def test_what_may_act_or_burst_is_refused_with_a_sentence_at_every_door(door, kind):
    with pytest.raises(FileRefused) as refused:
        DOORS[door](REFUSED_BY_ALL[kind])
    assert refused.value.sentence.endswith("。")


@pytest.mark.parametrize("hidden", [SCRIPT, archive_behind(b""), SVG])
def test_a_photograph_that_is_something_else_too_is_a_photograph_alone_afterwards(hidden):
    for content in (examine_document(photo() + hidden).content, examine(photo() + hidden).content):
        assert hidden not in content
        assert b"<script" not in content
        assert b"PK\x03\x04" not in content


def test_a_pdf_that_is_something_else_too_is_not_made_public_with_it():
    """What stands behind the end is not kept; what stands before the beginning is no PDF of ours, or goes."""
    for both in (archive_behind(pdf()) + b"\n%%EOF", SCRIPT + b"\n" + pdf()):
        try:
            content = examine(both).content
        except FileRefused:
            continue
        assert b"PK\x03\x04" not in content
        assert b"<script" not in content


@pytest.mark.parametrize("door", ["paper", "attachment"])
def test_a_pdf_of_ten_thousand_pages_is_refused(door):
    with pytest.raises(FileRefused) as refused:
        DOORS[door](pages(10_000))
    assert refused.value.rule in ("document.too_many_pages", "pdf.broken")


@pytest.mark.parametrize("door", ["paper", "attachment"])
def test_a_pdf_that_bursts_takes_no_memory_of_ours(door):
    """It is opened in a process of its own, with bounds; what cannot be read within them is refused."""
    bomb = pdf_bomb()
    assert len(bomb) < 2_000_000
    try:
        content = DOORS[door](bomb).content
    except FileRefused:
        return
    assert len(content) < 2_000_000  # left packed


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a\\b:c.pdf",
        "执照\u202egpj.exe",
        "a\r\nSet-Cookie: x=1",
        '"; filename="b.exe',
        "\u2066a\u2069",
    ],
)
def test_a_name_leads_nowhere_and_reads_as_it_is(name):
    header = disposition(name)
    assert header.isascii()
    assert not {"\r", "\n", "/", "\\", '"'} & set(header.removeprefix("attachment; "))
    for sign in ("%E2%80%AE", "%E2%81%A6", "%E2%81%A9", "%2F", "%5C", "%0D", "%0A"):
        assert sign not in header.upper(), sign
