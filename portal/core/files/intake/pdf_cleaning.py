"""What a PDF says about persons beside its pages, and how it is taken out. Runs in the child process: nothing of Django.

The pages stay as they look. Notes beside the text are dropped; what lies over the page and is read as part of it (a stamp,
a filled-in field) cannot be dropped without changing what the paper says, so such a file is not cleaned but sent back.
"""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from portal.core.files.intake.jpeg import without_notes

MOST_OBJECTS = 300_000
TRACES = {
    "/Metadata": "元数据",
    "/PieceInfo": "制作软件的数据",
    "/LastModified": "修改时间",
    "/AF": "附带的文件",
    "/EmbeddedFiles": "附带的文件",
    "/Collection": "附带的文件",
    "/Threads": "阅读顺序",
    "/SpiderInfo": "元数据",
}
NOTES = {
    "/Text",
    "/Popup",
    "/Highlight",
    "/Underline",
    "/Squiggly",
    "/StrikeOut",
    "/Caret",
    "/FileAttachment",
    "/Sound",
    "/Movie",
    "/Screen",
    "/3D",
    "/TrapNet",
}
OVER_THE_PAGE = {
    "/Stamp",
    "/FreeText",
    "/Ink",
    "/Line",
    "/Square",
    "/Circle",
    "/Polygon",
    "/PolyLine",
    "/Watermark",
    "/Redact",  # hides nothing until it is applied
}
WEB = ("http://", "https://", "mailto:")


def is_signed(reader: PdfReader) -> bool:
    """A signature covers a range of bytes, and only a signature says so."""
    return any("/ByteRange" in found for found in reachable(reader) if isinstance(found, DictionaryObject))


def lies_over_the_page(reader: PdfReader) -> bool:
    """Stamps, drawings and filled-in fields: part of what a reader sees, yet not of the page."""
    for found in reachable(reader):
        if not isinstance(found, DictionaryObject):
            continue
        if found.get("/Subtype") in OVER_THE_PAGE and "/Rect" in found:
            return True
        if "/FT" in found and str(found.get("/V", "")).strip() not in ("", "/Off", "NullObject"):
            return True
    return False


def traces_in(content: bytes, reader: PdfReader) -> set[str]:
    """Words for everything that a cleaned copy would not have. Takes it out of what `reader` holds in memory."""
    traces = scrub(reader)
    if reader.trailer.get("/Info", DictionaryObject()).get_object():
        traces.add("文档属性")
    if content.count(b"startxref") > 1:
        traces.add("早先的版本")
    return traces


def cleaned(reader: PdfReader) -> bytes:
    """The same pages without properties, notes, files and earlier versions: only what the pages lead to is copied."""
    scrub(reader)
    writer = PdfWriter()
    writer.clone_reader_document_root(reader)
    writer.metadata = None
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def scrub(reader: PdfReader) -> set[str]:
    traces: set[str] = set()
    for found in list(reachable(reader)):
        if isinstance(found, DictionaryObject):
            traces |= _scrub_dictionary(found)
        if isinstance(found, StreamObject):
            traces |= _scrub_photograph(found)
    return traces


def _scrub_dictionary(found: DictionaryObject) -> set[str]:
    traces = {TRACES[name] for name in list(found) if name in TRACES}
    for name in [name for name in found if name in TRACES]:
        del found[name]
    if "/Annots" in found:
        traces |= _scrub_notes(found)
    return traces


def _scrub_notes(page: DictionaryObject) -> set[str]:
    """What is dropped is emptied too, since the tags of a document lead to it as well."""
    notes = page["/Annots"].get_object()
    if not isinstance(notes, ArrayObject):
        return set()
    kept = ArrayObject()
    for item in list.__iter__(notes):
        note = item.get_object()
        if isinstance(note, DictionaryObject) and _is_note(note):
            note.clear()
        else:
            kept.append(item)
    is_less = len(kept) < len(notes)
    page[NameObject("/Annots")] = kept
    return {"批注"} if is_less else set()


def _is_note(note: DictionaryObject) -> bool:
    kind = note.get("/Subtype")
    if kind == "/Link":
        return not _leads_on(note)
    return kind in NOTES or kind is None


def _leads_on(link: DictionaryObject) -> bool:
    """To a place in this document, or to an address of the web; never to a file on somebody's disk."""
    action: Any = link.get("/A", DictionaryObject()).get_object()
    if not action:
        return "/Dest" in link
    if action.get("/S") == "/URI":
        return str(action.get("/URI", "")).lower().startswith(WEB)
    return action.get("/S") == "/GoTo"


def _scrub_photograph(stream: StreamObject) -> set[str]:
    """A photograph lies in a PDF as the camera made it, with the place it was taken at."""
    kind: Any = stream.get("/Filter")
    if isinstance(kind, ArrayObject) and len(kind) == 1:
        kind = kind[0]
    if kind != "/DCTDecode":
        return set()
    content = stream._data
    without = without_notes(content)
    if without == content:
        return set()
    stream._data = without
    return {"照片的拍摄信息"}


def reachable(reader: PdfReader) -> Iterator[Any]:
    """Every object that the document leads to, each once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [reader.root_object]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            key = (found.idnum, found.generation)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > MOST_OBJECTS:
                raise ValueError("too many objects")
            found = reader.get_object(found)
        yield found
        if isinstance(found, DictionaryObject):
            waiting += [found.raw_get(name) for name in found]
        elif isinstance(found, ArrayObject):
            waiting += list.__iter__(found)
