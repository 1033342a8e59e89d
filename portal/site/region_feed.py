"""What is new in one region, for readers who follow it: its batches, the notices about it, the activities in it, its reports."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.models import Batch
from catalog.publication.showing.batches import public_batches
from catalog.publication.showing.subscriptions import batch_entries
from catalog.regions.models import RegionPage
from catalog.regions.views import unknown_region
from events.activities.models import ActivityVersion
from events.notices.board import notices_about
from events.notices.models import NoticeVersion
from events.reports import views as reports
from events.reports.models import ReportVersion
from portal.core.pages.cache import public_page
from portal.core.pages.feeds import MOST, Told, feed_of, namespace, updated_at
from portal.core.pages.missing import NeverPublic
from portal.core.pages.reading import ReadAt, moment_asked


@require_safe
@public_page
def region_feed(request: HttpRequest, code: str) -> HttpResponse:
    query, reading = moment_asked(request)
    page = RegionPage.objects.select_related("division").filter(pk=code).first()
    if page is None:
        raise NeverPublic(unknown_region(code))
    batches: list[Batch] = list(public_batches(reading).filter(publisher=code)[:MOST])
    space = namespace()
    entries = [
        *batch_entries(batches, reading),
        *_notices(space, code, reading),
        *_activities(space, code, reading),
        *_reports(space, code, reading),
    ]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    href = query.link(reverse("regions:detail", args=[code]))
    return feed_of(request, reading, page.division.name, href, entries[:MOST])


def _notices(space: UUID, code: str, reading: ReadAt) -> Iterator[Told]:
    found = notices_about(reading.edition, reading.day, "region", code, MOST)
    versions = NoticeVersion.objects.filter(pk__in=[one.pk for one in found]).select_related("from_edition")
    for version in versions:
        yield _told(
            space,
            version,
            version.title,
            version.summary,
            reverse("notices:detail", args=[version.notice_id]),
        )


def _activities(space: UUID, code: str, reading: ReadAt) -> Iterator[Told]:
    rows = ActivityVersion.objects.visible(reading.edition, reading.day).standing().within(code)
    for version in rows.with_places().select_related("from_edition").newest_first()[:MOST]:
        words = f"{version.date_words}，{version.place_words}"
        yield _told(
            space, version, version.title, words, reverse("activities:detail", args=[version.activity_id])
        )


def _reports(space: UUID, code: str, reading: ReadAt) -> Iterator[Told]:
    rows = ReportVersion.objects.visible(reading.edition, reading.day).standing().filter(report__scope=code)
    for version in rows.select_related("report", "from_edition").newest_first()[:MOST]:
        yield reports.told(space, version)


def _told(space: UUID, version: NoticeVersion | ActivityVersion, title: str, words: str, page: str) -> Told:
    assert version.from_edition is not None  # noqa: S101 - only asked of public versions
    told = Told.of(space, version.key, title, words, version.from_edition, page)
    return replace(told, updated=updated_at(version))  # a version may wait for its day
