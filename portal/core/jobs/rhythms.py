"""What rooms above have every worker do every so many seconds, beside the jobs: short, and harmless when others do it too."""

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError

_acts: list[tuple[float, Callable[[], object]]] = []

logger = logging.getLogger(__name__)


def every(seconds: float, act: Callable[[], object]) -> None:
    """Called once by the room, when it is ready. A database that is away is the worker's business, not the act's."""
    _acts.append((seconds, act))


def registered() -> list[tuple[float, Callable[[], object]]]:
    return list(_acts)


class Rhythm:
    """What is to be done every so many seconds."""

    def __init__(self, seconds: float):
        self.seconds, self.next = seconds, 0.0

    def is_due(self) -> bool:
        return time.monotonic() >= self.next

    def done(self) -> None:
        self.next = time.monotonic() + self.seconds


class Keeper:
    """Keeps what is registered."""

    def __init__(self) -> None:
        self.acts = [(Rhythm(seconds), act) for seconds, act in registered()]

    def turn(self) -> None:
        """A fault in one of them is its own: the others go on. Raises what the database says."""
        for rhythm, act in self.acts:
            if not rhythm.is_due():
                continue
            rhythm.done()
            try:
                act()
            except (DatabaseError, InterfaceError):
                raise
            except Exception:
                logger.exception("What is done every %g s failed", rhythm.seconds)
