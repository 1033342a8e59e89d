"""How old the newest content of each column is, by the items of the State Council's inspections."""

import calendar
import datetime
from dataclasses import dataclass

from django.urls import reverse

from catalog.publication.models import Batch
from events.activities.models import ActivityVersion
from events.notices.models import NoticeVersion
from portal.editions import clock
from portal.pages.reading import ReadAt

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


def freshness(reading: ReadAt) -> list[Check]:
    return [_check(column, _newest(column, reading), reading.day) for column in COLUMNS]


def _check(column: Column, newest: datetime.date | None, today: datetime.date) -> Check:
    item = f"{column.label}更新"
    remedy = f"在工作台发布{'新的内容' if column.label == '首页' else column.label}；没有新内容可发的，写明原因备查。"
    if newest is None:
        finding = Finding(f"{column.label}没有内容，谈不上更新。", column.href, remedy)
        return Check(item, column.limit, "没有内容", (finding,))
    due_on, age = column.due_on(newest), (today - newest).days
    found: tuple[Finding, ...] = ()
    if today > due_on:
        late = (today - due_on).days
        sentence = f"{column.label}最近一次更新是 {newest}，已过 {age} 天，超出要求 {late} 天。"
        found = (Finding(sentence, column.href, remedy),)
    elif (due_on - today).days <= WARNING_DAYS:
        sentence = (
            f"{column.label}最近一次更新是 {newest}，{due_on} 之后就算超期，还有 {(due_on - today).days} 天。"
        )
        found = (Finding(sentence, column.href, remedy, is_warning=True),)
    return Check(item, column.limit, f"{newest}，{age} 天前", found)


def _newest(column: Column, reading: ReadAt) -> datetime.date | None:
    """The newest date that a visitor reads there."""
    standing = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    if column.kinds:
        return _latest(standing.filter(kind__in=column.kinds), "dated_on", reading.day)
    held = ActivityVersion.objects.visible(reading.edition, reading.day).standing()
    days = [
        _latest(standing, "dated_on", reading.day),
        _latest(held, "first_on", reading.day),
        *_batch_days(reading),
    ]
    return max((day for day in days if day), default=None)


def _latest(rows, name: str, today: datetime.date) -> datetime.date | None:
    past = rows.filter(**{f"{name}__lte": today}).order_by(f"-{name}")
    return past.values_list(name, flat=True).first()


def _batch_days(reading: ReadAt) -> list[datetime.date]:
    batches = Batch.objects.public(reading.edition).order_by("-id")
    newest = batches.values_list("edition__at", "notice_edition__at").first() or ()
    return [clock.day_of(moment) for moment in newest if moment]
