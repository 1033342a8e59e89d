"""Requests over kept connections, and what they cost the server: seconds of processor, whoever else uses the machine."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

# What Linux takes as the clock of another process's processor time (clock_getcpuclockid): it counts nanoseconds, while
# /proc/<pid>/stat counts hundredths of a second, less than a few requests cost.
OF_A_PROCESS = 2


@dataclass(frozen=True)
class Served:
    """A process that serves, and what it is asked."""

    port: int
    pid: int
    head: bytes

    def cost(self, requests: int, connections: int = 8) -> float:
        """Seconds of processor that so many requests take the process and its children."""
        before = processor_seconds(self.pid)
        ask_many(self.port, repeat(self.head, requests), connections)
        return processor_seconds(self.pid) - before


def head(path: str, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()


def processor_seconds(pid: int) -> float:
    """Of a process and its children (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = time.clock_gettime((~pid << 3) | OF_A_PROCESS)
    return own + sum(processor_seconds(int(one)) for one in children)


class Asker:
    """A connection that asks one thing after the other."""

    def __init__(self, port: int):
        self.port = port
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.said = b""
        self.is_over = False  # the server closes after this answer

    def send(self, words: bytes) -> None:
        if self.is_over:
            self.__init__(self.port)  # type: ignore[misc]
        self.sock.sendall(words)

    def status(self) -> int:
        """Of the answer, once it is there whole; 0 before that."""
        try:
            piece = self.sock.recv(256 * 1024)
        except ConnectionResetError:
            piece = b""
        self.said += piece
        start, _, body = self.said.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in start.split(b"\r\n") if line.lower().startswith(b"content-length:")),
            0,
        )
        status = int(start[9:12]) if start[9:12].isdigit() else 503
        if piece and ((not body and b"\r\n\r\n" not in self.said) or (len(body) < length and status != 304)):
            return 0
        self.said, self.is_over = b"", not piece or b"\r\nConnection: close" in start
        return status


def ask_many(port: int, heads: Iterator[bytes], connections: int) -> dict[int, int]:
    """Until nothing is left to ask; how often each status was answered."""
    statuses: dict[int, int] = {}
    with selectors.DefaultSelector() as selector:
        for asker in [Asker(port) for _ in range(connections)]:
            _next(selector, asker, heads, is_new=True)
        while selector.get_map():
            for key, _events in selector.select():
                if status := key.data.status():
                    statuses[status] = statuses.get(status, 0) + 1
                    _next(selector, key.data, heads)
    return statuses


def _next(
    selector: selectors.BaseSelector, asker: Asker, heads: Iterator[bytes], *, is_new: bool = False
) -> None:
    before, words = asker.sock, next(heads, None)
    if words is not None:
        asker.send(words)
    if not is_new and (words is None or asker.sock is not before):
        selector.unregister(before)
        before.close()
    if words is not None and (is_new or asker.sock is not before):
        selector.register(asker.sock, selectors.EVENT_READ, asker)


def p99(port: int, words: bytes, times: int) -> float:
    """Seconds of wall time within which 99 of 100 answers are there, asked one after the other."""
    asker, taken = Asker(port), []
    for _ in range(times):
        began = time.perf_counter()
        asker.send(words)
        while not asker.status():
            pass
        taken.append(time.perf_counter() - began)
    return sorted(taken)[int(times * 0.99)]


def in_background(work: Callable[..., object], *given: object) -> BaseProcess:
    process = get_context("fork").Process(target=work, args=given, daemon=True)
    process.start()
    return process
