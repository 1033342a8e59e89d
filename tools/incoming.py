"""What is arriving of a request, collected until it is whole or refused."""

import re
import tempfile
import time
from typing import IO

from gunicorn.http.unreader import Unreader

from portal import settings

HEAD_SECONDS = 15
BODY_SECONDS = 30  # and a second for every SLOWEST bytes
SLOWEST = 8 * 1024
MOST_OF_HEAD = 64 * 1024
# What a page may say more kindly must reach it: the largest file, or a form's worth of pictures, and the form around it.
MOST_OF_BODY = 16 * 1024 * 1024 + max(
    settings.IMPORT_MAX_BYTES,
    settings.ATTACHMENT_MAX_BYTES,
    settings.DOCUMENT_MAX_BYTES,
    settings.PICTURE_MAX_BYTES * max(1, settings.ENQUIRY_MAX_PICTURES),
)
IN_MEMORY = 256 * 1024
PIECE = 64 * 1024

END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*$", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect[ \t]*:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)


class Refused(Exception):
    """The request will not be taken in; `status` tells why."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


class Incoming:
    """What has arrived of one request. `rest` is what came behind it."""

    def __init__(self, began_with: bytes = b""):
        self.began = time.monotonic()
        self.head = bytearray()
        self.body: IO[bytes] | None = None
        self.missing = 0  # bytes of the body
        self.held = 0
        self.deadline = self.began + HEAD_SECONDS
        self.wants_word = False  # the client waits for 100 Continue before it sends the body
        self.rest = b""
        if began_with:
            self.take(began_with)

    @property
    def is_whole(self) -> bool:
        return self.body is not None and not self.missing

    def take(self, piece: bytes) -> None:
        """Raises Refused."""
        if not self.held:
            self.deadline = time.monotonic() + HEAD_SECONDS
        if self.body is None:
            self._take_head(piece)
        else:
            self._take_body(piece)

    def _take_head(self, piece: bytes) -> None:
        searched = max(0, len(self.head) - len(END_OF_HEAD))
        self.head += piece
        self.held += len(piece)
        end = self.head.find(END_OF_HEAD, searched)
        if end < 0:
            if len(self.head) > MOST_OF_HEAD:
                raise Refused(431)
            return
        behind = bytes(self.head[end + len(END_OF_HEAD) :])
        del self.head[end + len(END_OF_HEAD) :]
        self._expect_body()
        self._take_body(behind)

    def _expect_body(self) -> None:
        # Bare line feeds are gunicorn's to refuse; here they must only not hide a header.
        head = bytes(self.head).replace(b"\r\n", b"\n")
        if CHUNKED.search(head):
            raise Refused(411)
        lengths = {int(length) for length in LENGTH.findall(head)}
        self.missing = max(lengths, default=0)
        if self.missing > MOST_OF_BODY:
            raise Refused(413)
        self.deadline = time.monotonic() + BODY_SECONDS + self.missing / SLOWEST
        self.wants_word = bool(self.missing and EXPECTS.search(head))
        self.body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the request

    def _take_body(self, piece: bytes) -> None:
        assert self.body is not None  # noqa: S101 - the head came first
        own, self.rest = piece[: self.missing], piece[self.missing :]
        self.body.write(own)
        self.missing -= len(own)
        self.held += len(own)

    def close(self) -> None:
        if self.body:
            self.body.close()


class Whole(Unreader):
    """Gives the parser what was collected, and the end of the stream behind it: it never waits for the network."""

    def __init__(self, incoming: Incoming):
        super().__init__()
        assert incoming.body is not None  # noqa: S101 - it is whole
        incoming.body.seek(0)
        self.head, self.body = bytes(incoming.head), incoming.body

    def chunk(self, size_hint: int | None = None) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        return self.body.read(max(size_hint or 0, PIECE))
