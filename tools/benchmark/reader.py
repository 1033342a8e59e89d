"""Somebody who reads the list all the time, in a process of their own, while others write: how long each page took."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client

from portal.core.pages import cache

FEWEST = 3  # pages that say something; an act that is over sooner keeps nobody waiting
IDLE = 15  # pages that are drawn while nobody writes
PAUSE = 0.05
PATIENCE = 120


class Reader:
    """`slower(since)` is how many times its idle time a page took since then; None where hardly any was asked meanwhile."""

    def __init__(self, notes: Path):
        self.notes, self.idle = notes, 0.0

    def slower(self, since: float) -> float | None:
        pages = [seconds for began, seconds in self._noted() if began + seconds >= since]
        return statistics.median(pages) / self.idle if len(pages) >= FEWEST else None

    def rest(self) -> None:
        """Learn what a page takes while nobody writes; the first ones read masks and orders into memory."""
        began = time.monotonic()
        while len(self._noted()) < 2 * IDLE and time.monotonic() < began + PATIENCE:
            time.sleep(0.1)
        self.idle = statistics.median(seconds for _began, seconds in self._noted()[-IDLE:])

    def _noted(self) -> list[tuple[float, float]]:
        lines = self.notes.read_text().splitlines(keepends=True) if self.notes.exists() else []
        pairs = [line.split() for line in lines if line.endswith("\n")]
        return [(float(began), float(seconds)) for began, seconds in pairs]


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    reader = Reader(folder / "read")
    connections.close_all()  # a connection is of one process
    context: Any = get_context("fork")
    over = context.Event()
    process = context.Process(target=_read, args=(reader.notes, over), daemon=True)
    process.start()
    reader.rest()
    try:
        yield reader
    finally:
        over.set()
        process.join(PATIENCE)


def _read(notes: Path, over: Any) -> None:
    client = Client(headers={"host": "localhost"})
    with notes.open("w", buffering=1) as noted:
        while not over.is_set():
            cache.clear()
            began = time.monotonic()
            client.get("/products/", secure=settings.IS_HTTPS)
            noted.write(f"{began} {time.monotonic() - began}\n")
            time.sleep(PAUSE)
