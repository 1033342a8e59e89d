"""Activities as a calendar file.

A day or a month that is known only as such becomes an all-day span; a bare year says too little for a calendar and is
left out, which the file's description tells.
"""

import datetime
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Event

from portal.core.editions import clock
from portal.core.pages.calendar_files import ONE_DAY, calendar_file, event_of

from .models import ActivityVersion


def calendar_of(name: str, versions: Iterable[ActivityVersion]) -> bytes:
    """One calendar. `versions` come with `division`, `from_edition` and `revision`, the number of versions before them."""
    versions = list(versions)
    dated = [version for version in versions if is_dated(version)]
    undated = len(versions) - len(dated)
    note = f"另有 {undated} 场活动只知道年份，没有放进日历。" if undated else ""
    return calendar_file("Activities", name, map(event, dated), note)


def is_dated(version: ActivityVersion) -> bool:
    return ActivityVersion.Precision.YEAR not in (version.first_precision, version.last_precision)


def event(version: ActivityVersion) -> Event:
    published_at = version.from_edition.at  # type: ignore[union-attr]
    first, last = span(version)
    return event_of(
        UID=uid(version),
        DTSTAMP=published_at,
        LAST_MODIFIED=published_at,
        SEQUENCE=version.revision,  # type: ignore[attr-defined]
        DTSTART=first,
        DTEND=last,
        SUMMARY=summary(version),
        LOCATION=version.place_words,
        DESCRIPTION=description(version),
        CATEGORIES=version.get_kind_display(),
        URL=f"{settings.SITE_URL}{reverse('activities:detail', args=[version.activity_id])}",
        STATUS="CANCELLED" if version.is_cancelled or version.is_withdrawn else "CONFIRMED",
        TRANSP="OPAQUE" if version.from_time else "TRANSPARENT",
    )


def uid(version: ActivityVersion) -> str:
    """The same for every version of an activity, for ever."""
    return f"activity-{version.activity_id}@{urlsplit(settings.SITE_URL).hostname}"


def span(version: ActivityVersion) -> tuple[datetime.date, datetime.date | None]:
    """Days, or moments; a time without an end stands alone."""
    if version.from_time is None:
        return version.first_on, version.last_on + ONE_DAY
    start = datetime.datetime.combine(version.first_on, version.from_time, clock.SHANGHAI)
    if version.until_time is not None:
        return start, datetime.datetime.combine(version.last_on, version.until_time, clock.SHANGHAI)
    return start, clock.end_of(version.last_on) if version.last_on > version.first_on else None


def summary(version: ActivityVersion) -> str:
    if version.is_withdrawn:
        return f"（已撤下）{version.title}"
    if version.is_cancelled:
        return f"（已取消）{version.title}"
    return version.title if version.is_exact else f"{version.title}（日期未详）"


def description(version: ActivityVersion) -> str:
    parts = [
        f"撤下原因：{version.change_note}" if version.is_withdrawn else "",
        f"取消原因：{version.cancelled_reason}" if version.is_cancelled else "",
        f"时间：{version.date_words}",
        f"主办：{version.organiser}" if version.organiser else "",
        f"参加办法：{version.joining}" if version.joining else "",
        f"线上：{version.online_link}" if version.online_link else "",
        f"来源：{version.source}",
    ]
    return "\n".join(part for part in parts if part)
