"""The acts that have a time, and when that is."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from cronsim import CronSim
from django.utils import timezone


@dataclass(frozen=True)
class Report:
    """What an act came to, in a Chinese sentence. `is_good` is False where somebody has to look at what it found."""

    sentence: str
    is_good: bool = True


@dataclass(frozen=True)
class Act:
    """`cron` is read in the site's time zone. `is_wanted` says whether the settings let it run at all; `hint` what they
    lack. An act that is not through `late` after its time is overdue.
    """

    name: str
    label: str
    cron: str
    run: Callable[[], Report]
    late: datetime.timedelta = datetime.timedelta(hours=6)
    is_wanted: Callable[[], bool] = lambda: True
    hint: str = ""

    def last_due(self, now: datetime.datetime) -> datetime.datetime:
        """The newest moment of its time table that is not after `now`."""
        return next(CronSim(self.cron, timezone.localtime(now) + datetime.timedelta(minutes=1), reverse=True))

    def next_due(self, now: datetime.datetime) -> datetime.datetime:
        return next(CronSim(self.cron, timezone.localtime(now)))


_acts: dict[str, Act] = {}


def keep(act: Act) -> None:
    """Called once by the room, when it is ready."""
    _acts[act.name] = act


def kept() -> list[Act]:
    return list(_acts.values())


def named(name: str) -> Act | None:
    """None for one that this release does not know any more."""
    return _acts.get(name)
