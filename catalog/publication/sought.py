"""Counting what `/check/` does not know, without anything of who asked.

A visitor neither waits for it nor fails by it: counts are gathered in the process and written after an answer went out, at most
once in `PAUSE` seconds. A process that ends loses what it gathered since.
"""

import logging
import re
import time
from collections import Counter
from datetime import date, timedelta
from threading import Lock

from django.db import DatabaseError, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from catalog.publication.models import SoughtNumber
from portal.core.editions import clock
from portal.core.proof.limits import DAY, Limit
from portal.core.text.normalise import bare_number

logger = logging.getLogger(__name__)

PAUSE = 60.0
MOST_GATHERED = 500
MOST_A_DAY = 5_000  # rows: whoever makes numbers up fills no disk
ONCE = Limit("sought", 1, DAY)  # a network counts once a number and day
OF_ONE = Limit("sought-of-one", 30, DAY)

LOOKED_BACK = 30  # days
LEAST = 3  # times, from which on the desk is told

_SHAPE = re.compile(r"(?=(?:.*\d){3})[0-9A-Z]{6,40}")
# Identity cards, telephone numbers, bank cards, passports and the permits of Hong Kong and Macau are no numbers of
# certificates, whoever typed them here.
_OF_A_PERSON = re.compile(
    r"\d{17}[\dX]|\d{15}|(?:86)?1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}"
    r"|[3-6]\d{15,18}|[A-Z]\d{8}|[A-Z]{2}\d{7}|[HMC]\d{10}|[A-Z]{1,2}\d{6}[\dA]"
)


def countable(asked: str) -> str:
    """The number without its marks; empty where it is no number, or may be a person's."""
    bare = bare_number(asked)
    return bare if _SHAPE.fullmatch(bare) and not _OF_A_PERSON.fullmatch(bare) else ""


class Gathered:
    """What this process has counted and not written yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[tuple[str, date]] = Counter()
        self._written_at = float("-inf")

    def add(self, number: str, day: date) -> None:
        with self._lock:
            if len(self._counts) < MOST_GATHERED or (number, day) in self._counts:
                self._counts[number, day] += 1

    def write_if_due(self) -> None:
        """Called after an answer went out. What cannot be written now is written with what comes next."""
        with self._lock:
            if not self._counts or time.monotonic() - self._written_at < PAUSE:
                return
            counts, self._counts = self._counts, Counter()
            self._written_at = time.monotonic()
        try:
            write(counts)
        except DatabaseError:
            logger.warning(
                "Numbers looked for in vain could not be counted now; they are counted later", exc_info=True
            )
            with self._lock:
                self._counts.update(counts)


GATHERED = Gathered()


def looked_in_vain(asked: str, who: str) -> bool:
    """Count a number that is not known, once for this network and day. Whether it was counted."""
    number = countable(asked)
    if not number or OF_ONE.is_full(who) or not ONCE.take(f"{who} {number}"):
        return False
    if not OF_ONE.take(who):
        return False
    GATHERED.add(number, clock.today())
    return True


@transaction.atomic
def write(counts: Counter[tuple[str, date]]) -> None:
    """One short transaction; two processes add to one row."""
    for day in sorted({day for _number, day in counts}):
        numbers = sorted(number for number, on in counts if on == day)
        known = set(SoughtNumber.objects.filter(day=day, number__in=numbers).values_list("number", flat=True))
        room = max(0, MOST_A_DAY - SoughtNumber.objects.filter(day=day).count())
        new = [number for number in numbers if number not in known][:room]
        SoughtNumber.objects.bulk_create(
            [SoughtNumber(number=number, day=day) for number in new], ignore_conflicts=True
        )
        for number in numbers:
            SoughtNumber.objects.filter(number=number, day=day).update(count=F("count") + counts[number, day])


def radar(today: date) -> QuerySet[SoughtNumber]:
    """The newest row of each number that many looked for lately, with its `total`, the most sought first."""
    lately = SoughtNumber.objects.filter(day__gt=today - timedelta(days=LOOKED_BACK))
    same = lately.filter(number=OuterRef("number")).order_by()
    total = same.values("number").annotate(total=Sum("count")).values("total")
    newest = same.order_by("-day").values("pk")[:1]
    rows = lately.annotate(total=Subquery(total), newest=Subquery(newest))
    return rows.filter(pk=F("newest"), total__gte=LEAST).order_by("-total", "number")
