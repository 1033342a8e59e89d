"""An act in a process of its own that is ended by SIGKILL before its n-th moment: forked, so that everything is warm.

A moment is what a process may have done last: a statement, a commit, a step in the file system; where `lines_of` names a
folder, each different line of its modules as well.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import connection, connections

ON_DISK = ("fsync", "rename", "replace", "link", "unlink")


class Moments:
    """Counts them, and ends this process before one of them."""

    def __init__(self, kill_at: int | None):
        self.kill_at, self.count = kill_at, 0
        self.lines: set[tuple[str, int]] = set()

    def one(self) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.one()
        return execute(*given)

    def around(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self.one()
            done = inner(*given, **named)
            self.one()
            return done

        return call

    def trace(self, folder: Path) -> Callable[..., Any]:
        def trace(frame: Any, event: str, _arg: Any) -> Any:
            where = (frame.f_code.co_filename, frame.f_lineno)
            if Path(where[0]).parent != folder:
                return None
            if event == "line" and where not in self.lines:
                self.lines.add(where)
                self.one()
            return trace

        return trace

    @contextmanager
    def counted(self, lines_of: Path | None) -> Iterator[None]:
        connection._commit = self.around(connection._commit)  # type: ignore[attr-defined]
        for name in ON_DISK:
            patch.object(os, name, self.around(getattr(os, name))).start()
        if lines_of:
            sys.settrace(self.trace(lines_of))
        with connection.execute_wrapper(self.statement):
            yield
        sys.settrace(None)


def acted(act: Callable[[], object], kill_at: int | None = None, lines_of: Path | None = None) -> int | None:
    """How many moments the act had; None when it was killed before its end. What it raises fails the test."""
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        _act_and_end(act, Moments(kill_at), lines_of, writes)
    os.close(writes)
    with os.fdopen(reads) as told:
        said = told.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    assert said.isdigit(), said
    return int(said)


def _act_and_end(act: Callable[[], object], moments: Moments, lines_of: Path | None, told: int) -> None:
    said = ""
    try:
        with moments.counted(lines_of):
            act()
        said = str(moments.count)
    except BaseException:
        said = traceback.format_exc()
    finally:
        os.write(told, said.encode())
        os._exit(0)
