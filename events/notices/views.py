"""The notice board: a list by column, year and region, and each notice with what was corrected in it."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db.models import Q
from django.urls import reverse

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.feeds import WithFeed
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from portal.core.pages.records import Crumb

from .article import body_words, pieces
from .board import excerpts
from .filters import Filters
from .models import NoticeVersion
from .related import related_of


@dataclass(frozen=True)
class ListedNotice:
    """A notice in a list, with the words around what was searched for."""

    version: NoticeVersion
    excerpt: str
    is_pinned: bool
    is_open: bool


@dataclass(frozen=True)
class PastVersion:
    """A version, and where the one before it is read (empty for the first)."""

    version: NoticeVersion
    before_href: str = ""


class Notices(WithFeed[NoticeVersion]):
    model, what, unit = NoticeVersion, "内容", "篇"
    label, address, template = "通知公告", "notices:list", "notices/notice"
    feed_name, page_name = "notices", "notices:detail"
    filters = Filters

    def shown(self, rows: list[NoticeVersion]) -> list[ListedNotice]:
        words, day = self.query.first("q"), self.reading.day
        return [
            ListedNotice(version, excerpt_of(version, words), version.is_pinned(day), version.is_open(day))
            for version in rows
        ]

    def beside_list(self, filters: Filters, rows: list[ListedNotice]) -> dict[str, Any]:
        return {
            "words": filters.words,
            "search_value": filters.words,
            "kinds": NoticeVersion.Kind.choices,
            "cited_href": self.cited_href,
        }

    @property
    def cited_href(self) -> str:
        """The address that yields this very page for ever."""
        return self.query.put(**self.reading.cited).link(self.request.path)

    def crumbs_of(self, version: NoticeVersion) -> list[Crumb]:
        column = self.moment.put(kind=version.kind or None).link(reverse(self.address))
        return [
            (self.label, self.list_href),
            (version.get_kind_display() or "未选栏目", column),
            (str(version.dated or "未写日期"), None),
        ]

    def told(self, version: NoticeVersion, versions: list[NoticeVersion]) -> dict[str, Any]:
        story = story_of(versions)
        return {
            "pieces": pieces(version),
            "related": related_of(version, self.reading),
            "changes": story[:-1],
            "first": story[-1].version if story else None,
            "is_open": version.is_open(self.reading.day),
            "cited_href": self.cited_href,
            **neighbours(version, self.reading),
        }

    def summary_of(self, version: NoticeVersion) -> str:
        return version.summary or body_words(version)


def excerpt_of(version: NoticeVersion, words: str) -> str:
    return next(excerpts(words, [version.summary, body_words(version)]), "") if words else ""


def story_of(versions: list[NoticeVersion]) -> list[PastVersion]:
    """The corrections up to the withdrawal, newest first, and the first version as the last of them."""

    def href(version: NoticeVersion | None) -> str:
        address = reverse("notices:detail", args=[version.notice_id]) if version else ""
        return Query().put(**version.cited).link(address) if version else ""

    return [PastVersion(after, href(before)) for after, before in zip_longest(versions, versions[1:])]


def neighbours(version: NoticeVersion, reading: ReadAt) -> dict[str, NoticeVersion | None]:
    """The notices just before and after this one in the list's order."""
    if version.dated_on is None:
        return {"previous": None, "next": None}
    standing = NoticeVersion.objects.visible(reading.edition, reading.day).standing()
    day, same_day = version.dated_on, Q(dated_on=version.dated_on)
    before = Q(dated_on__lt=day) | same_day & Q(notice_id__lt=version.notice_id)
    after = Q(dated_on__gt=day) | same_day & Q(notice_id__gt=version.notice_id)
    # The comparison with the day alone says the same once more, in a form for which databases use their index.
    return {
        "previous": standing.filter(before, dated_on__lte=day).newest_first().first(),
        "next": standing.filter(after, dated_on__gte=day).newest_first().reverse().first(),
    }


def preview_reading(version: NoticeVersion) -> ReadAt:
    """The present, on the day from which the version will be read."""
    today, newest = clock.today(), Edition.objects.current_number()
    day = max(today, version.publish_on) if version.publish_on else today
    return ReadAt(newest, day, newest, day)
