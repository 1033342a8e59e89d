"""One process prepares at a time: on this machine by a lock on a file, among nodes by one in PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from portal.core.locks import Lock, advisory_lock, file_lock, tried

ADVISORY_KEY = 7_308_604_776_521  # any number that nobody else in this database locks by
Say = Callable[[str], None]


@contextmanager
def alone(folder: Path, connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    """The file goes first everywhere: whoever waits for the database holds up no other node."""

    def wait_for(lock: Callable[[], Lock], words: str) -> None:
        held.enter_context(tried(lock, pause=0.5, waiting=lambda: say(words)))

    with ExitStack() as held:
        wait_for(
            partial(file_lock, folder / "prepare.lock"),
            "Waiting for another process that prepares this installation ...",
        )
        if connection.vendor == "postgresql":
            # On a connection of its own: migrations may close the one they work with.
            holder = held.enter_context(closing(connection.copy()))
            wait_for(
                partial(advisory_lock, holder, ADVISORY_KEY),
                "Waiting for another node that prepares the database ...",
            )
        yield
