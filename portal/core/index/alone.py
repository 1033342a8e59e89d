"""One rebuild of a collection at a time, wherever it was started."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from portal.core.locks import Lock, named_lock, tried


class AlreadyRunning(Exception):
    """Another process builds this collection."""

    def __init__(self, collection: str):
        super().__init__(f"检索「{collection}」正在由另一个进程重建，请等它结束；它中断了就可以立即再来。")
        self.collection = collection


@contextmanager
def alone(collection: str) -> Iterator[None]:
    """Raises AlreadyRunning. Somebody who only looks (`is_running`) holds the lock for a moment."""
    with tried(lambda: _lock(collection), times=5, pause=0.05) as is_ours:
        if not is_ours:
            raise AlreadyRunning(collection)
        yield


def is_running(collection: str) -> bool:
    with _lock(collection, is_shared=True) as is_ours:
        return not is_ours


def _lock(collection: str, *, is_shared: bool = False) -> Lock:
    return named_lock(connection, f"index {collection}", is_shared=is_shared)
