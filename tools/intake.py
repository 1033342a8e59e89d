"""Gunicorn's threads, given only requests that have arrived whole.

A thread that waits for the rest of a request is lost to everybody else, and 40 half-sent forms would take all of them.
So head and body are collected by the one loop that watches all connections, as nginx does it, and a thread gets them
from there. Who is too slow, or sends too much, is refused without a thread.
"""

import errno
import re
import socket
import tempfile
import time
from functools import partial
from selectors import EVENT_READ
from typing import IO, Any

from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal import settings

HEAD_SECONDS = 15
BODY_SECONDS = 30  # and a second for every SLOWEST bytes
SLOWEST = 8 * 1024
SEND_SECONDS = 60  # for one piece of an answer
MOST_OF_HEAD = 64 * 1024
# What a page may say more kindly must reach it: the largest file, or a form's worth of pictures, and the form around it.
MOST_OF_BODY = 16 * 1024 * 1024 + max(
    settings.IMPORT_MAX_BYTES,
    settings.ATTACHMENT_MAX_BYTES,
    settings.DOCUMENT_MAX_BYTES,
    settings.PICTURE_MAX_BYTES * max(1, settings.ENQUIRY_MAX_PICTURES),
)
MOST_WAITING = 500
MOST_HELD = 1024 * 1024 * 1024  # bytes of all that is not whole yet
IN_MEMORY = 256 * 1024
PIECE = 64 * 1024

END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*$", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect[ \t]*:[ \t]*100-continue", re.IGNORECASE | re.MULTILINE)
REFUSALS = {
    408: ("Request Timeout", "请求没有在时限内发完，请检查网络后重试。"),
    411: ("Length Required", "请求没有写明长度（Content-Length）。"),
    413: ("Content Too Large", "提交的内容太大，请减小文件后重试。"),
    431: ("Request Header Fields Too Large", "请求头太长。"),
}


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


class Conn(TConn):
    """A connection and what is arriving on it. `arrived` is the request that a thread works on."""

    incoming: Incoming | None = None
    arrived: Incoming | None = None

    def is_served(self) -> None:
        if self.arrived:
            self.arrived.close()
            self.arrived = None


class PatientWorker(ThreadWorker):
    """See above. `waiting` are the connections whose next request is not whole yet, the oldest first."""

    def __init__(self, *args: Any, **keywords: Any):
        super().__init__(*args, **keywords)
        self.waiting: dict[Conn, None] = {}

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as fault:
            if fault.errno in (
                errno.EMFILE,
                errno.ENFILE,
            ):  # the loop would turn for nothing until a file is closed
                self._drop_oldest()
            return  # otherwise it went away again, or another process took it
        self.nr_conns += 1
        conn = Conn(self.cfg, client, address, listener.getsockname())
        self._await(conn, Incoming())

    def on_client_socket_readable(self, conn: Conn, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        rest = conn.incoming.rest if conn.incoming else b""
        self._begin_next(conn, rest)

    def _begin_next(self, conn: Conn, rest: bytes) -> None:
        try:
            incoming = Incoming(rest)
        except Refused as refused:
            self._refuse(conn, refused.status)
            return
        self._await(conn, incoming)

    def _await(self, conn: Conn, incoming: Incoming) -> None:
        conn.incoming = incoming
        if incoming.is_whole:
            self._hand_over(conn)
            return
        conn.sock.setblocking(False)
        self.waiting[conn] = None
        self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))
        if len(self.waiting) > MOST_WAITING:
            self._drop_oldest()

    def _read(self, conn: Conn, client: socket.socket) -> None:
        assert conn.incoming is not None  # noqa: S101 - it is waited for
        try:
            piece = client.recv(PIECE)
            if not piece:
                self._forget(conn)
                return
            conn.incoming.take(piece)
            if conn.incoming.wants_word:
                conn.incoming.wants_word = False
                client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        except Refused as refused:
            self._refuse(conn, refused.status)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._forget(conn)
        else:
            if conn.incoming.is_whole:
                self._no_longer_waits(conn)
                self._hand_over(conn)
            elif sum(other.incoming.held for other in self.waiting if other.incoming) > MOST_HELD:
                self._drop_oldest()

    def _hand_over(self, conn: Conn) -> None:
        """To a thread, with a parser that reads what was collected."""
        assert conn.incoming is not None  # noqa: S101 - it is whole
        conn.arrived = conn.incoming
        parser = RequestParser(self.cfg, conn.sock, conn.client)
        parser.unreader = Whole(conn.incoming)
        conn.parser, conn.data_ready, conn.initialized = parser, True, True
        self.enqueue_req(conn)

    def finish_request(self, conn: Conn, fs: Any) -> None:
        rest = conn.arrived.rest if conn.arrived else b""
        conn.is_served()
        super().finish_request(conn, fs)
        if rest and conn in self.keepalived_conns:
            self.on_client_socket_readable(conn, conn.sock)

    def handle_request(self, req: Any, conn: Conn) -> bool:
        """A reader who takes nothing of the answer does not keep the thread either."""
        conn.sock.settimeout(SEND_SECONDS)
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            self.log.info("%s took nothing of an answer for %s s", conn.client, SEND_SECONDS)
            return False

    def murder_pending(self) -> None:
        """Called about once a second: those whose time is over, and all that wait when this process is to end."""
        super().murder_pending()
        now = time.monotonic()
        for conn in list(self.waiting):
            if conn.incoming and (now > conn.incoming.deadline or not self.alive):
                self._refuse(conn, 408)

    def _drop_oldest(self) -> None:
        """It had the most time."""
        if self.waiting:
            self._refuse(next(iter(self.waiting)), 408)

    def _refuse(self, conn: Conn, status: int) -> None:
        """Say why, as far as it goes out at once, and close."""
        phrase, sentence = REFUSALS[status]
        body = f"{sentence}\n".encode()
        head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        try:
            if conn.incoming and conn.incoming.held:  # one who said nothing hears nothing
                conn.sock.send(head.encode() + body)
        except OSError:
            pass
        self._forget(conn)

    def _forget(self, conn: Conn) -> None:
        self._no_longer_waits(conn)
        if conn.incoming:
            conn.incoming.close()
        self.nr_conns -= 1
        conn.close()

    def _no_longer_waits(self, conn: Conn) -> None:
        if conn in self.waiting:
            del self.waiting[conn]
            self.poller.unregister(conn.sock)
