"""Guards a text file and finds out how it is written: encoding and separator."""

import codecs
import csv
import re
from pathlib import Path
from statistics import median

from .refusals import Refused

CHUNK = 1 << 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WEB = re.compile(
    r"\s*(?:<!doctype html|<html|<table|<head|<style|<\?xml|<workbook|<meta|mime-version:)", re.I
)


def check_text(path: Path) -> str:
    """The encoding of a text file; refuses what is no text."""
    start = path.open("rb").read(4096)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if not marked and b"\0" in start:
        raise Refused("nul-bytes", line=start[: start.index(b"\0")].count(b"\n") + 1)
    failed_at = 0
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        failed_at = _first_bad_line(path, encoding)
        if not failed_at:
            _check_sort(path, encoding)
            return encoding
    raise Refused("unknown-encoding", line=failed_at)


def _first_bad_line(path: Path, encoding: str) -> int:
    """0 when the whole file decodes."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + chunk[: error.start].count(b"\n")
            if "\0" in text:
                raise Refused("nul-bytes", line=line + text[: text.index("\0")].count("\n"))
            if _CONTROL.search(text):
                raise Refused("not-a-workbook", what="二进制数据")
            if not chunk:
                return 0
            line += text.count("\n")


def _check_sort(path: Path, encoding: str) -> None:
    with path.open(encoding=encoding) as stream:
        start = stream.read(2048)
    if not start.strip():
        raise Refused("file-empty")
    if _WEB.match(start):
        raise Refused("web-table", what="网页或 XML 数据")
    if start.lstrip().startswith("{\\rtf"):
        raise Refused("not-a-workbook", what=" RTF 文档")


def find_separator(path: Path, encoding: str) -> tuple[str, int]:
    """The separator, and how many lines to skip before the rows (Excel's own `sep=;` line)."""
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(1 << 16)
    first = sample.splitlines()[0].strip().strip('"') if sample else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    lines = sample.splitlines(keepends=True)[:40]
    widths = {mark: _usual_width(lines, mark) for mark in (",", "\t", ";", "|")}
    best = max(widths, key=lambda mark: widths[mark])
    if widths[best] <= 1 and _usual_width(lines, "，") > 2:
        return "，", 0
    return best, 0


def _usual_width(lines: list[str], mark: str) -> float:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
    except csv.Error:
        return 0
    return median(widths) if widths else 0
