"""Public pages are read from a streaming replica of the database where there is one that is fit; all else, and every
write, is the primary's.

A process keeps to one replica as long as that is fit: with two that lag differently, what was published would come and go.
A replica is fit while it follows the primary closely, and in place of a primary that does not answer. One that fails in the
middle of a page is left out at once, and the page is read again.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.models import Model
from django.http import HttpRequest

from portal.core.busy import Fault, fault_of
from portal.core.session_keys import has_session

Read = TypeVar("Read")

LOOK_SECONDS = 1  # how long a process believes what it saw of a replica
PAUSE_SECONDS = 5  # before a replica that did not answer is asked again
LONG_PAUSE_SECONDS = (
    30  # before the primary is: readers wait for its silence, and learn of its return by the replica
)
# Behind: seconds since the newest change that is shown, none where all that came is shown. Followed: whether changes come.
CONDITION = """
    SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                WHEN NOT pg_is_in_recovery() THEN 0
                ELSE EXTRACT(EPOCH FROM clock_timestamp()
                     - COALESCE(pg_last_xact_replay_timestamp(), pg_postmaster_start_time())) END,
           EXISTS (SELECT 1 FROM pg_stat_wal_receiver WHERE pid IS NOT NULL)
"""

logger = logging.getLogger(__name__)
_pinned: ContextVar[str] = ContextVar("pinned", default=DEFAULT_DB_ALIAS)


@dataclass(frozen=True)
class Condition:
    """What a server said: seconds it lags behind, and whether it is still told what happens."""

    answers: bool = False
    behind: float = 0.0
    is_followed: bool = False

    @property
    def is_close(self) -> bool:
        return self.answers and self.is_followed and self.behind <= settings.REPLICA_MAX_SECONDS


class Router:
    """Where Django reads and writes."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return _pinned.get()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def reading_from() -> str:
    """The database that this thread reads at this moment."""
    return _pinned.get()


@contextmanager
def pinned(alias: str) -> Iterator[None]:
    before = _pinned.set(alias)
    try:
        yield
    finally:
        _pinned.reset(before)


class Replicas:
    """What this process knows of them, and the one that it keeps to."""

    def __init__(self) -> None:
        self.kept = ""
        self._seen: dict[str, tuple[float, Condition]] = {}
        self._lock = threading.RLock()

    def chosen(self) -> str:
        """The replica that is kept to, or another one that is fit; the primary where none is."""
        with self._lock:
            in_turn = dict.fromkeys((self.kept, *settings.REPLICAS))
            self.kept = next((alias for alias in in_turn if alias and self._is_fit(alias)), "")
            return self.kept or DEFAULT_DB_ALIAS

    def leave_out(self, alias: str, error: BaseException) -> None:
        logger.warning("The database %s is left out: %s", alias, error)
        with self._lock:
            self._seen[alias] = (time.monotonic() + PAUSE_SECONDS, Condition())

    def condition_of(self, alias: str) -> Condition:
        """As it was seen last: a second ago at most, longer where it did not answer."""
        until, condition = self._seen.get(alias, (0.0, Condition()))
        if time.monotonic() >= until:
            condition = asked(alias)
            silent = LONG_PAUSE_SECONDS if alias == DEFAULT_DB_ALIAS else PAUSE_SECONDS
            pause = LOOK_SECONDS if condition.answers else silent
            self._seen[alias] = (time.monotonic() + pause, condition)
        return condition

    def _is_fit(self, alias: str) -> bool:
        condition = self.condition_of(alias)
        return condition.is_close or (condition.answers and not self.condition_of(DEFAULT_DB_ALIAS).answers)


known = Replicas()


def read(page: Callable[[], Read]) -> Read:
    """What `page` reads, from a replica where one is fit. A server that fails is left out, and the page is read again: also
    a primary that answered a second ago and is gone now.
    """
    if not settings.REPLICAS or reading_from() != DEFAULT_DB_ALIAS:
        return page()
    for _ in settings.REPLICAS:
        alias = known.chosen()
        with pinned(alias):
            try:
                return page()
            except (DatabaseError, InterfaceError) as error:
                fault = fault_of(error)
                if fault is None or (alias == DEFAULT_DB_ALIAS and fault is not Fault.AWAY):
                    raise
                known.leave_out(alias, error)
    with pinned(known.chosen()):
        return page()


def public_reading(view: Callable[..., Read]) -> Callable[..., Read]:
    """A public view that keeps no page: it reads from a replica, too, but for whoever is signed in and for what is sent."""

    @wraps(view)
    def serve(request: HttpRequest, *args: object, **kwargs: object) -> Read:
        if request.method not in ("GET", "HEAD") or has_session(request.COOKIES):
            return view(request, *args, **kwargs)
        return read(lambda: view(request, *args, **kwargs))

    return serve


def still_pinned(rows: Iterable[Read]) -> Iterator[Read]:
    """Rows that are read after the view is through, from where they were begun."""
    alias, rows = reading_from(), iter(rows)
    end = object()
    while True:
        with pinned(alias):
            row = next(rows, end)
        if row is end:
            return
        yield cast(Read, row)


def asked(alias: str) -> Condition:
    """What a server says of itself now."""
    connection = connections[alias]
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute(CONDITION if connection.vendor == "postgresql" else "SELECT 0, 1")
            behind, is_followed = cursor.fetchone()
    except (DatabaseError, InterfaceError) as error:
        if fault_of(error) is Fault.AWAY and not connection.in_atomic_block:
            connection.close()
        return Condition()
    return Condition(True, float(behind), bool(is_followed))
