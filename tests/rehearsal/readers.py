"""Readers over kept connections in a process of their own: every answer is taken apart, and what is wrong with it noted."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from typing import Any

Look = Callable[[str, str], str]  # path and text of an answer; what is wrong with it, or nothing


@dataclass
class Seen:
    """What came of all answers. `cut` are connections that ended before their answer was whole."""

    answers: int = 0
    cut: int = 0
    slowest: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)


class Readers:
    """`connections` of them ask for the paths in turn, from `began` until the end of the context; then `seen` is there.

    A connection that is cut is opened anew and asks the same once more, as a browser does; the second time counts as a fault.
    """

    def __init__(self, port: int, paths: Iterable[str], look: Look, *, connections: int, pause: float = 0.2):
        self.port, self.paths, self.look = port, list(paths), look
        self.connections, self.pause = connections, pause
        context: Any = get_context("fork")
        self.over, self.told = context.Event(), context.Queue()
        self.process = context.Process(target=self._read_all, daemon=True)
        self.seen = Seen()

    def __enter__(self) -> "Readers":
        self.process.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.seen = self.told.get(timeout=120)
        self.process.join()

    def _read_all(self) -> None:
        threads = [threading.Thread(target=self._read, args=(number,)) for number in range(self.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.told.put(self.seen)
        self.told.close()

    def _read(self, number: int) -> None:
        connection = self._opened()
        turn = cycle(self.paths[number % len(self.paths) :] + self.paths[: number % len(self.paths)])
        while not self.over.is_set():
            path, began = next(turn), time.monotonic()
            try:
                found = self._asked(connection, path)
            except (OSError, http.client.HTTPException):
                self.seen.cut += 1
                connection.close()
                connection = self._opened()
                found = self._asked_again(connection, path)
            self._note(found, time.monotonic() - began)
            time.sleep(self.pause)
        connection.close()

    def _opened(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _asked(self, connection: http.client.HTTPConnection, path: str) -> str:
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        text = answer.read().decode()
        return self.look(path, text) if answer.status == 200 else f"{path}: {answer.status}"

    def _asked_again(self, connection: http.client.HTTPConnection, path: str) -> str:
        try:
            return self._asked(connection, path)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return f"{path}: cut twice ({error!r})"

    def _note(self, found: str, seconds: float) -> None:
        self.seen.answers += 1
        self.seen.slowest = max(self.seen.slowest, seconds)
        if found:
            self.seen.faults[found] += 1
