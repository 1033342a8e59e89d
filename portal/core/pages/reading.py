"""Which edition and which day a page reads.

nothing           the newest edition, today in Shanghai
as_of=DAY         the last edition of that day, dates judged on that day
edition=N         edition N, dates judged on the day it was published
both              edition N, dates judged on DAY: the address that 「引用本页」 gives, the same rows for ever
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.parameters import BadParameter, Query
from portal.core.prepared import prepared
from portal.core.text.digits import whole

PARAMETERS = ("as_of", "edition")
FIRST_YEAR = 1949
INSTALLATION = (
    "portal.said_of_installation"  # kind and office contact, as the state says that its page is kept under
)
COPY = "portal.copy"  # under which a request carries what its page is read at, where it is drawn for a copy of the site
NEWEST = "portal.newest"  # under which a request carries number and token of the edition that its page is kept under


@dataclass(frozen=True)
class ReadAt:
    """Rows are read at `edition`, dates are judged on `day`; `newest` and `today` say what the present is.

    `token` is the newest edition's: what is remembered under it is over when something public changes. What `is_copy` is read
    later and elsewhere, so it is past from the beginning: nothing in it may speak of today.
    """

    edition: int
    day: date
    newest: int
    today: date
    token: str = ""
    is_copy: bool = False

    @property
    def is_past(self) -> bool:
        return self.is_copy or (self.edition, self.day) != (self.newest, self.today)

    @property
    def moment(self) -> datetime:
        """Of what is written about this reading: the same whenever it is asked."""
        return clock.end_of(self.day - timedelta(days=1))

    @property
    def cited(self) -> dict[str, object]:
        """The parameters that give these rows for ever; none while nothing has been published."""
        return {"edition": self.edition, "as_of": self.day.isoformat()} if self.edition else {}


def read_at(request: HttpRequest) -> ReadAt:
    """What this request reads. The edition is read once, and rows carry intervals: a publication in the middle of the
    request changes nothing for it. A page that is kept reads with the edition that it is kept under.
    """
    if copied := request.META.get(COPY):
        return copied
    query = Query.of(request)
    today = clock.today()
    newest, token = request.META.get(NEWEST) or newest_edition()
    day = day_asked(query, today)
    if query.first("edition"):
        edition, published_on = edition_asked(query)
        return ReadAt(edition, day or published_on, newest, today, token)
    if day and day < today:
        return ReadAt(last_edition_of(day), day, newest, today, token)
    return ReadAt(newest, today, newest, today, token)


def newest_edition() -> tuple[int, str]:
    """Its number and its token."""
    found = _newest()
    return found[0] if found else (0, "")


@prepared
def _newest():
    return Edition.objects.order_by("-number").values_list("number", "token")[:1]


def moment_asked(request: HttpRequest) -> tuple[Query, ReadAt]:
    """For a page without parameters of its own: everything but the moment is told as unknown."""
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    return query, read_at(request)


def day_asked(query: Query, today: date, name: str = "as_of") -> date | None:
    given = query.first(name)
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = None
    if day is None or day.isoformat() != given or day.year < FIRST_YEAR:
        raise BadParameter.one(query, name, given, f"「{given}」不是日期。请写成 {today.isoformat()} 这样。")
    if day > today:
        raise BadParameter.one(query, name, given, f"「{given}」还没有到，今天是 {today.isoformat()}。")
    return day


def edition_asked(query: Query, name: str = "edition") -> tuple[int, date]:
    """The edition's number and the day it was published."""
    given = query.first(name)
    number = whole(given, 9)
    if number is None:
        raise BadParameter.one(query, name, given, f"版号「{given}」不是正整数。")
    found = Edition.objects.filter(number=number).first()
    if found is None:
        raise BadParameter.one(query, name, given, f"没有第 {number} 版，它还没有公布。")
    return found.number, found.day


def last_edition_of(day: date) -> int:
    """0 for a day before anything was published."""
    found = Edition.objects.on_day(day)
    return found.number if found else 0


def since_asked(query: Query, reading: ReadAt) -> tuple[int, date | None]:
    """The edition and day that the caller has; neither may lie after what is read now. 0 stands for nothing at all."""
    given = query.first("since")
    number, published_on = 0, date.min
    if given != "0":
        number, published_on = told("since", query, lambda: edition_asked(Query([("edition", given)])))
    if number > reading.edition:
        raise BadParameter.one(query, "since", given, f"第 {number} 版在所看的第 {reading.edition} 版之后。")
    given = query.first("since_day")
    day = told("since_day", query, lambda: day_asked(Query([("as_of", given)]), reading.today))
    if day is not None and not published_on <= day <= reading.day:
        raise BadParameter.one(
            query, "since_day", given, f"这一天不在第 {number} 版公布之后、所看的日期之前。"
        )
    return number, day


def told(name: str, query: Query, read: Callable[[], Any]) -> Any:
    """What is wrong with the value, said of the parameter that it was given in."""
    try:
        return read()
    except BadParameter as bad:
        raise BadParameter.one(query, name, query.first(name), bad.problems[0].sentence) from bad
