"""Gunicorn's threads, given only requests that have arrived whole and need a thread.

A thread that waits for the rest of a request is lost to everybody else, and 40 half-sent forms would take all of them.
So head and body are collected by the one loop that watches all connections, as nginx does it, and a thread gets them
from there. Who is too slow, or sends too much, is refused without a thread. A page that is finished goes out from the loop
itself (`tools.swift`), and pages that strangers want drawn go through a gate (`tools.gate`).
"""

import errno
import socket
import sys
import time
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

from tools.incoming import PIECE, Incoming, Refused, Whole

if TYPE_CHECKING:
    from tools.gate import Gate
    from tools.swift import Swift

SEND_SECONDS = 60  # for one piece of an answer
MOST_WAITING = 500
MOST_HELD = 1024 * 1024 * 1024  # bytes of all that is not whole yet
SWITCH_SECONDS = (
    0.0001  # how long a thread that draws a page may keep the loop waiting, three times an answer
)
SHARE = 4  # of the threads, one in so many draws pages for strangers
LOOK_SECONDS = 0.5  # between two looks at whose time is over

REFUSALS = {
    408: ("Request Timeout", "请求没有在时限内发完，请检查网络后重试。"),
    411: ("Length Required", "请求没有写明长度（Content-Length）。"),
    413: ("Content Too Large", "提交的内容太大，请减小文件后重试。"),
    431: ("Request Header Fields Too Large", "请求头太长。"),
}


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
        self.looked_at = 0.0
        self.swift: Swift | None = None
        self.gate: Gate | None = None

    def load_wsgi(self) -> None:
        """What needs the portal is imported with it: gunicorn reads this module before it forks."""
        super().load_wsgi()
        sys.setswitchinterval(SWITCH_SECONDS)
        if getattr(self.wsgi, "keeps_pages", False):
            from tools.gate import Gate
            from tools.swift import Swift

            self.gate, self.swift = Gate(max(1, self.cfg.threads // SHARE)), Swift(self.cfg)

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
            if not conn.incoming.held and self._answers_at_once(conn, piece):
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

    def _answers_at_once(self, conn: Conn, piece: bytes) -> bool:
        """A finished page, without a thread; the connection goes on waiting for the next request."""
        assert conn.incoming is not None  # noqa: S101 - it is waited for
        answer = self.swift.answer(piece) if self.swift and self.alive else b""
        if not answer:
            return False
        try:
            sent = conn.sock.send(answer)
        except BlockingIOError:  # who asks without reading the answers
            sent = 0
        if sent < len(answer):
            self._sends_on(conn, answer[sent:])
            return True
        conn.incoming.deadline = time.monotonic() + self.cfg.keepalive
        self.waiting[conn] = self.waiting.pop(conn)
        return True

    def _sends_on(self, conn: Conn, rest: bytes) -> None:
        """A thread waits for who takes an answer slowly."""
        self._no_longer_waits(conn)
        self._give_parser(conn, Incoming(b"\r\n\r\n"))

        def send() -> bool:
            conn.sock.settimeout(SEND_SECONDS)
            conn.sock.sendall(rest)
            return True

        done = self.tpool.submit(send)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def _hand_over(self, conn: Conn) -> None:
        """To a thread; what strangers want drawn, through the gate."""
        assert conn.incoming is not None  # noqa: S101 - it is whole
        head = bytes(conn.incoming.head)
        self._give_parser(conn, conn.incoming)
        if not (self.gate and self.swift and self.gate.guards(head)) or self.swift.is_likely_kept(head):
            self.enqueue_req(conn)
        elif self.gate.is_crowded:
            self._turn_away(conn)
        elif self.gate.enters(conn, head):
            self.enqueue_req(conn)

    def _give_parser(self, conn: Conn, incoming: Incoming) -> None:
        """It reads what was collected."""
        conn.arrived = incoming
        parser = RequestParser(self.cfg, conn.sock, conn.client)
        parser.unreader = Whole(incoming)
        conn.parser, conn.data_ready, conn.initialized = parser, True, True

    def _turn_away(self, conn: Conn) -> None:
        assert self.swift is not None  # noqa: S101 - the gate came with it
        conn.sock.setblocking(False)
        self._say_last(conn, self.swift.crowded)

    def finish_request(self, conn: Conn, fs: Future) -> None:
        if self.gate and (successor := self.gate.leaves(conn)):
            self.enqueue_req(successor)
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
        if now - self.looked_at < LOOK_SECONDS and self.alive:
            return
        self.looked_at = now
        for conn in self.gate.gives_up(now) if self.gate else ():
            self._turn_away(conn)
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
        self._say_last(conn, head.encode() + body)

    def _say_last(self, conn: Conn, words: bytes) -> None:
        try:
            if conn.incoming and conn.incoming.held:  # one who said nothing hears nothing
                conn.sock.send(words)
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
