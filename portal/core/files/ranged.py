"""Answers a request for a file: whole, a part of it (RFC 9110, 14), or the word that the reader has it already."""

import re
from collections.abc import Callable, Iterable, Iterator
from io import BufferedReader

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

BLOCK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


class OutOfRange(Exception):
    """The part that was asked for begins behind the end."""


def answer(
    request: HttpRequest, stream: BufferedReader, size: int, *, etag: str, media_type: str
) -> HttpResponseBase:
    """`stream` at its first byte; whoever sends the answer closes it. `etag` stands in its quotes."""
    response = (
        get_conditional_response(request, etag=etag)
        or partial(request, size, etag, media_type, lambda part: _Part(stream, part))
        or FileResponse(stream, content_type=media_type)
    )
    if not response.streaming:
        stream.close()
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    return response


def partial(
    request: HttpRequest, size: int, etag: str, media_type: str, read: Callable[[range], Iterable[bytes]]
) -> HttpResponseBase | None:
    """The part that is asked for, or the word that there is none; None where the whole is asked for."""
    try:
        part = part_asked(request, size, etag)
    except OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return None
    response = StreamingHttpResponse(read(part), status=206, content_type=media_type)
    response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    response.headers["Content-Length"] = str(len(part))
    return response


def part_asked(request: HttpRequest, size: int, etag: str) -> range | None:
    """None for the whole: no range is asked, several are, or one of another content (`If-Range`). Raises OutOfRange."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or found is None or not any(found.groups()):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        part = range(max(size - int(last), 0), size)
    else:
        part = range(int(first), min(int(last) + 1, size) if last else size)
        if last and int(last) < int(first):
            return None  # no range at all
    if not part:
        raise OutOfRange
    return part


class _Part:
    """Bytes of a file; closed with the answer that sends it."""

    def __init__(self, stream: BufferedReader, part: range):
        stream.seek(part.start)
        self.stream = stream
        self.left = len(part)

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (block := self.stream.read(min(BLOCK, self.left))):
            self.left -= len(block)
            yield block

    def close(self) -> None:
        self.stream.close()
