"""How old the newest content of each column is, by the items of the State Council's inspections."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from catalog.publication.models import Batch
from events.activities.models import ActivityVersion
from events.notices.models import NoticeVersion
from portal.core.editions import clock
from portal.core.pages.reading import ReadAt
from portal.core.pages.templatetags.pages import day_words

from .checks import Check, Finding

Kind = NoticeVersion.Kind
WARNING_DAYS = 3


@dataclass(frozen=True)
class Column:
    """What has to be newer than a time: so many days, or else so many months. No kinds: the whole front page."""

    label: str
    kinds: tuple[str, ...] = ()
    days: int = 0
    months: int = 0

    @property
    def limit(self) -> str:
        return f"{self.months} 个月内有更新" if self.months else f"{self.days} 天内有更新"

    @property
    def href(self) -> str:
        return f"{reverse('notices:list')}?kind={self.kinds[0]}" if self.kinds else "/"

    def due_on(self, newest: datetime.date) -> datetime.date:
        """The last day on which `newest` is new enough."""
        if self.months:
            return months_after(newest, self.months)
        return newest + datetime.timedelta(days=self.days)


COLUMNS = (
    Column("首页", days=14),
    Column("工作动态", (Kind.NEWS, Kind.MEDIA), days=14),
    Column("通知公告", (Kind.ANNOUNCEMENT, Kind.CONSULTATION), months=6),
    Column("政策文件", (Kind.POLICY,), months=6),
)


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last: 2022-08-31 and 6 months is 2023-02-28."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Newest:
    """The newest date of a column; `words` say it no finer than it was stated."""

    day: datetime.date
    words: str


def freshness(reading: ReadAt) -> list[Check]:
    return [_check(column, _newest(column, reading), reading.day) for column in COLUMNS]


def _check(column: Column, newest: Newest | None, today: datetime.date) -> Check:
    item = f"{column.label}更新"
    what = column.label if column.kinds else "新的内容"
    remedy = f"在工作台发布{what}；没有新内容可发的，写明原因备查"
    if newest is None:
        finding = Finding(f"{column.label}没有内容，谈不上更新。", column.href, remedy)
        return Check(item, column.limit, "没有内容", (finding,))
    due_on, age = column.due_on(newest.day), (today - newest.day).days
    found: tuple[Finding, ...] = ()
    if today > due_on:
        late = (today - due_on).days
        sentence = f"{column.label}最近一次更新是 {newest.words}，已过 {age} 天，超出要求 {late} 天。"
        found = (Finding(sentence, column.href, remedy),)
    elif (due_on - today).days <= WARNING_DAYS:
        left = (due_on - today).days
        sentence = f"{column.label}最近一次更新是 {newest.words}，{due_on} 之后就算超期，还有 {left} 天。"
        found = (Finding(sentence, column.href, remedy, is_warning=True),)
    return Check(item, column.limit, f"{newest.words}，{age} 天前", found)


def _newest(column: Column, reading: ReadAt) -> Newest | None:
    """The newest date that a visitor reads there."""
    notice = _notice(column.kinds or Kind.values, reading)
    if column.kinds:
        return notice
    found = [notice, *_activities(reading), *_batches(reading)]
    return max((one for one in found if one), key=lambda one: one.day, default=None)


def _notice(kinds: Sequence[str], reading: ReadAt) -> Newest | None:
    standing = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    version = standing.filter(kind__in=kinds, dated_on__lte=reading.day).newest_first().first()
    return Newest(version.dated_on, str(version.dated)) if version else None


def _activities(reading: ReadAt) -> list[Newest]:
    held = ActivityVersion.objects.visible(reading.edition, reading.day).standing()
    version = held.filter(first_on__lte=reading.day).newest_first().first()
    return [Newest(version.first_on, str(version.starts))] if version else []


def _batches(reading: ReadAt) -> list[Newest]:
    batches = Batch.objects.public(reading.edition).order_by("-id")
    moments = batches.values_list("edition__at", "notice_edition__at").first() or ()
    days = [clock.day_of(moment) for moment in moments if moment]
    return [Newest(day, day_words(day)) for day in days]
