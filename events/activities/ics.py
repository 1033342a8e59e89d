"""Activities as calendar files (RFC 5545), so that a phone's calendar can follow them.

A day or a month that is known only as such becomes an all-day span; a bare year says too little for a calendar and is
left out, which the file's description tells. Times are written in UTC: China has had one offset since 1991, and a
zone of its own would say nothing more.
"""

import datetime
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from portal.core.editions import clock

from .models import ActivityVersion

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75  # octets, without the line break
ONE_DAY = datetime.timedelta(days=1)


def calendar_file(name: str, versions: Iterable[ActivityVersion]) -> str:
    """One calendar. `versions` come with `division`, `from_edition` and `revision`, the number of versions before them."""
    versions = list(versions)
    undated = sum(not is_dated(version) for version in versions)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Green Materials Portal//Activities//ZH",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
    ]
    if undated:
        note = f"另有 {undated} 场活动只知道年份，没有放进日历。"
        lines += [f"DESCRIPTION:{escaped(note)}", f"X-WR-CALDESC:{escaped(note)}"]
    for version in versions:
        if is_dated(version):
            lines += event_lines(version)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def is_dated(version: ActivityVersion) -> bool:
    return ActivityVersion.Precision.YEAR not in (version.first_precision, version.last_precision)


def event_lines(version: ActivityVersion) -> Iterator[str]:
    address = f"{settings.SITE_URL}{reverse('activities:detail', args=[version.activity_id])}"
    published_at = in_utc(version.from_edition.at)  # type: ignore[union-attr]
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(version)}"
    yield f"DTSTAMP:{published_at}"
    yield f"LAST-MODIFIED:{published_at}"
    yield f"SEQUENCE:{version.revision}"  # type: ignore[attr-defined]
    yield from time_lines(version)
    yield f"SUMMARY:{escaped(summary(version))}"
    if version.place_words:
        yield f"LOCATION:{escaped(version.place_words)}"
    yield f"DESCRIPTION:{escaped(description(version))}"
    yield f"CATEGORIES:{escaped(version.get_kind_display())}"
    yield f"URL:{address}"
    yield f"STATUS:{'CANCELLED' if version.is_cancelled or version.is_withdrawn else 'CONFIRMED'}"
    yield f"TRANSP:{'OPAQUE' if version.from_time else 'TRANSPARENT'}"
    yield "END:VEVENT"


def uid(version: ActivityVersion) -> str:
    """The same for every version of an activity, for ever."""
    return f"activity-{version.activity_id}@{urlsplit(settings.SITE_URL).hostname}"


def time_lines(version: ActivityVersion) -> Iterator[str]:
    """The last day of an all-day span is exclusive; a time without an end stands alone."""
    if version.from_time is None:
        yield f"DTSTART;VALUE=DATE:{version.first_on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{version.last_on + ONE_DAY:%Y%m%d}"
        return
    start = datetime.datetime.combine(version.first_on, version.from_time, clock.SHANGHAI)
    yield f"DTSTART:{in_utc(start)}"
    if version.until_time is not None:
        end = datetime.datetime.combine(version.last_on, version.until_time, clock.SHANGHAI)
        yield f"DTEND:{in_utc(end)}"
    elif version.last_on > version.first_on:
        yield f"DTEND:{in_utc(clock.end_of(version.last_on))}"


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


def in_utc(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """The value of a TEXT property."""
    for char in "\\;,":
        text = text.replace(char, f"\\{char}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """Lines of at most 75 octets; a character is never cut in two."""
    parts, part, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += char
        size += width
    return "\r\n".join([*parts, part])
