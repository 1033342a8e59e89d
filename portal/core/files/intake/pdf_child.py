"""The child process that opens one PDF: `python -m portal.core.files.intake.pdf_child look|clean|words < file`. Imports nothing of Django.

The answer is a line of JSON; after `clean` the cleaned copy follows it, after `words` the text of the first pages.
"""

import io
import json
import logging
import resource
import sys
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from portal.core.files.intake import pdf_cleaning

SECONDS = 20
MEMORY = 1024 * 1024 * 1024
MOST_PAGES = 2_000
MOST_OBJECTS = 300_000
PAGES_READ = 5
WORDS_OF_A_PAGE = 10  # characters; a page number alone is no text
ACTIVE = {
    "/JavaScript": "脚本",
    "/JS": "脚本",
    "/Launch": "启动程序的动作",
    "/EmbeddedFile": "夹带的文件",
    "/EmbeddedFiles": "夹带的文件",
    "/RichMedia": "多媒体对象",
    "/XFA": "动态表单",
    "/SubmitForm": "提交表单的动作",
    "/ImportData": "导入数据的动作",
}
FAULTS = (
    PyPdfError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RecursionError,
    MemoryError,
    OSError,
)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    logging.disable(logging.CRITICAL)
    content, body = sys.stdin.buffer.read(), b""
    try:
        if sys.argv[1:] == ["clean"]:
            body = pdf_cleaning.cleaned(PdfReader(io.BytesIO(content), strict=False))
            answer: dict[str, Any] = {}
        elif sys.argv[1:] == ["words"]:
            answer, body = {}, words_of(PdfReader(io.BytesIO(content), strict=False)).encode()
        else:
            answer = look(content)
    except FAULTS:
        answer = {"fault": "broken"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)


def look(content: bytes) -> dict:
    """{"pages", "is_scan", "active", "is_signed", "lies_over", "traces"} or {"fault"}."""
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        return {"fault": "encrypted"}
    pages = len(reader.pages)
    if not 0 < pages <= MOST_PAGES:
        return {"fault": "broken"}
    return {
        "pages": pages,
        "is_scan": is_scan(reader),
        "active": sorted(set(active_parts(reader))),
        "is_signed": pdf_cleaning.is_signed(reader),
        "lies_over": pdf_cleaning.lies_over_the_page(reader),
        "traces": sorted(pdf_cleaning.traces_in(content, reader)),  # last: it takes them out
    }


def is_scan(reader: PdfReader) -> bool:
    """Some page shows a picture and has no words, or no page has any."""
    total = 0
    for page in reader.pages:
        length = len("".join((page.extract_text() or "").split()))
        if length < WORDS_OF_A_PAGE and has_picture(page):
            return True
        total += length
    return total < WORDS_OF_A_PAGE


def words_of(reader: PdfReader) -> str:
    """The text of the first pages without its spaces: where a line breaks says nothing."""
    return "".join("".join((page.extract_text() or "").split()) for page in reader.pages[:PAGES_READ])


def has_picture(page: DictionaryObject) -> bool:
    resources = page.get("/Resources", DictionaryObject()).get_object()
    drawn = resources.get("/XObject", DictionaryObject()).get_object()
    return any(
        item.get_object().get("/Subtype") in ("/Image", "/Form")
        for item in drawn.values()  # a form may hold one
    )


def active_parts(reader: PdfReader) -> Iterator[str]:
    """Words for what acts, of every object of the file, also of those that no page leads to."""
    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise ValueError("too many objects")
    yield from names_in(reader.trailer)
    for number, generation in numbers:
        try:
            found = reader.get_object(_reference(reader, number, generation))
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
            continue
        yield from names_in(found)


def _reference(reader: PdfReader, number: int, generation: int):
    return IndirectObject(number, generation, reader)


def names_in(value: object, depth: int = 0) -> Iterator[str]:
    """Direct values only: what is referred to is an object of its own."""
    if depth > 50:
        return
    if isinstance(value, DictionaryObject):
        for key in value:
            if key in ACTIVE:
                yield ACTIVE[key]
            yield from names_in(value.raw_get(key), depth + 1)
    elif isinstance(value, ArrayObject):
        for item in list.__iter__(value):
            yield from names_in(item, depth + 1)
    elif isinstance(value, NameObject) and str(value) in ACTIVE:
        yield ACTIVE[str(value)]


if __name__ == "__main__":
    main()
