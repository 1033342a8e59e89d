"""Whether the words of a licence are those that were typed: an electronic licence has words, a photograph has none."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.cache import cache

from portal.applications.cases.models import Application, Document, Purpose
from portal.core.files.intake.pdf import MEDIA_TYPE, words_in
from portal.core.files.models import StoredFile
from portal.core.files.store import DamagedFileError, load
from portal.core.text.normalise import fold

from .findings import Finding

REMEMBERED = 24 * 3600  # seconds; a file never changes, but the rules of reading may


def licence_findings(
    application: Application, values: dict[str, Any], papers: Sequence[Document]
) -> Iterator[Finding]:
    """Of the newest licence. What no machine can read is left to the reviewer in so many words."""
    name = values.get("name", "")
    licences = [paper for paper in papers if paper.purpose == Purpose.LICENCE]
    if not licences or not name:
        return
    has_words, has_name, has_code = _read(licences[-1].file, name, application.uscc)
    if not has_words:
        sentence = f"营业执照是图片，机器读不出文字，请与「{name}」和 {application.uscc} 逐字核对。"
        yield Finding("warning", sentence, "documents")
    elif has_name and has_code:
        yield Finding("ok", "营业执照上有填写的名称和信用代码。", "documents")
    else:
        lacking = [
            words
            for words, is_there in ((f"「{name}」", has_name), (application.uscc, has_code))
            if not is_there
        ]
        yield Finding(
            "error", f"营业执照上没有读到{'和'.join(lacking)}，请核对是不是这家企业的执照。", "documents"
        )


def _read(file: StoredFile, name: str, uscc: str) -> tuple[bool, bool, bool]:
    """(has words, the name among them, the code among them). Only these answers are remembered: a licence names persons."""
    if file.media_type != MEDIA_TYPE:
        return False, False, False
    asked = hashlib.sha256(f"{file.sha256}|{name}|{uscc}".encode()).hexdigest()
    key = f"desk.licence:{asked}"
    answer = cache.get(key)
    if answer is None:
        answer = _compare(file, name, uscc)
        cache.set(key, answer, REMEMBERED)
    return answer


def _compare(file: StoredFile, name: str, uscc: str) -> tuple[bool, bool, bool]:
    try:
        words = fold(words_in(load(file)))
    except DamagedFileError:
        words = ""
    return bool(words), fold(name) in words, fold(uscc) in words
