"""Calendar files (RFC 5545), so that a phone's calendar can follow what a page lists; the library escapes and folds.

Moments are written in UTC: China has had one offset since 1991, and a zone of its own would say nothing more.
"""

import datetime
from collections.abc import Iterable
from typing import Any, TypeVar

from icalendar import Calendar, Component, Event, vText

MEDIA_TYPE = "text/calendar; charset=utf-8"
ONE_DAY = datetime.timedelta(days=1)

Part = TypeVar("Part", bound=Component)


class Words(vText):
    r"""Text as it stands: in `C:\New` the library would take `\N` for a line break."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def calendar_file(room: str, name: str, events: Iterable[Event], note: str = "") -> bytes:
    """One calendar; `note` tells what is not in it."""
    calendar = _filled(
        Calendar(),
        VERSION="2.0",
        PRODID=f"-//Green Materials Portal//{room}//ZH",
        CALSCALE="GREGORIAN",
        NAME=name,
        X_WR_CALNAME=name,
        X_PUBLISHED_TTL="P1D",
        DESCRIPTION=note,
        X_WR_CALDESC=note,
    )
    calendar.add("REFRESH-INTERVAL", ONE_DAY, parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical(sorted=False)


def event_of(**values: Any) -> Event:
    """An event with these properties; one that is empty is left out. The last day of an all-day span is exclusive."""
    return _filled(Event(), **values)


def _filled(part: Part, **values: Any) -> Part:
    for name, value in values.items():
        if isinstance(value, datetime.datetime):
            value = value.astimezone(datetime.UTC)
        elif isinstance(value, str) and name != "URL":  # an address is not escaped
            value = Words(value)
        if value not in ("", None):
            part.add(name.replace("_", "-"), value)
    return part
