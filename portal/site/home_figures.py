"""The four figures of the front page: each leads to the rows that it counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.regions.models import RegionVersion
from events.activities.models import ActivityVersion
from events.notices.models import NoticeVersion
from portal.core.pages.reading import ReadAt

SHOWN = 4


@dataclass(frozen=True)
class Figure:
    """`address` is a URL name; `star` and `kind` are the filter of its list, where it has one."""

    label: str
    unit: str
    count: int
    under: str
    address: str
    star: str | None = None
    kind: str | None = None


def shown_figures(registers: list[Figure], reading: ReadAt) -> list[Figure]:
    """The registers' figures; while one of them counts nothing, one of the campaign's takes its place.

    So that the site of the first day, before any batch, tells what there is instead of noughts.
    """
    told = [figure for figure in registers if figure.count]
    for figure in _of_campaign(reading):
        if len(told) >= SHOWN:
            break
        if figure.count:
            told.append(figure)
    rest = [figure for figure in registers if not figure.count]
    return [*told, *rest][:SHOWN]


def _of_campaign(reading: ReadAt) -> Iterator[Figure]:
    """One query each, made only when it is asked for."""
    for make in (pilots, _policies, _activities, _news):
        yield make(reading)


def pilots(reading: ReadAt) -> Figure:
    rows = RegionVersion.objects.visible(reading.edition, reading.day).filter(approval_batch__isnull=False)
    return Figure("试点地区", "个", rows.count(), "分两批批准，各有一页", "regions:list")


def _notices(reading: ReadAt, kind: str) -> int:
    visible = NoticeVersion.objects.visible(reading.edition, reading.day)
    return visible.standing().filter(kind=kind).count()


def _policies(reading: ReadAt) -> Figure:
    kind = NoticeVersion.Kind.POLICY
    return Figure(
        "政策文件", "份", _notices(reading, kind), "文号、机关、日期齐全", "notices:list", kind=kind
    )


def _activities(reading: ReadAt) -> Figure:
    rows = ActivityVersion.objects.visible(reading.edition, reading.day).standing()
    return Figure("活动", "场", rows.count(), "按月份和地区查", "activities:list")


def _news(reading: ReadAt) -> Figure:
    kind = NoticeVersion.Kind.NEWS
    return Figure("工作动态", "条", _notices(reading, kind), "每条注明来源", "notices:list", kind=kind)
