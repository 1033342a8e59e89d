"""Feeds and calendars of the lists, with the parameters of the lists."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.showing.batches import BatchFilters
from catalog.publication.showing.choices import Known
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from catalog.publication.showing.subscriptions import (
    MOST_ENDS,
    batch_entries,
    calendar_of_ends,
    calendar_of_notices,
    enterprise_entries,
    product_entries,
)
from catalog.publication.views.batches import public_batch
from portal.core.pages.cache import public_page
from portal.core.pages.calendar_files import MEDIA_TYPE
from portal.core.pages.feeds import MOST, feed_of
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.reading import moment_asked, read_at

REGISTERS = {
    "products": ("产品清单", ProductFilters, product_entries),
    "enterprises": ("企业名录", EnterpriseFilters, enterprise_entries),
}


@require_safe
@public_page
def newest(request: HttpRequest, register: str) -> HttpResponse:
    """The lines of a list that came last."""
    title, declared, entries_of = REGISTERS[register]
    reading = read_at(request)
    filters: ListFilters = declared.read(Query.of(request), Known.at(reading), more=())
    ids = filters.find(reading).between(0, MOST)
    entries = entries_of(ids, reading, filters.known.publishers)
    return feed_of(request, reading, title, filters.query.link(reverse(f"{register}:list")), entries)


@require_safe
@public_page
def ends(request: HttpRequest) -> HttpResponse:
    reading = read_at(request)
    filters = ProductFilters.read(Query.of(request), Known.at(reading), more=())
    found = filters.find(reading)
    content = calendar_of_ends(
        found.between(0, min(MOST_ENDS, found.total)), found.total, reading, filters.known.publishers
    )
    return HttpResponse(content, content_type=MEDIA_TYPE)


@require_safe
@public_page
def batches(request: HttpRequest) -> HttpResponse:
    reading = read_at(request)
    filters = BatchFilters.of(Query.of(request), reading, more=())
    entries = batch_entries(filters.qs[:MOST], reading)[:MOST]
    return feed_of(request, reading, "批次公示", filters.query.link(reverse("batches:list")), entries)


@require_safe
@public_page
def batch(request: HttpRequest, slug: str) -> HttpResponse:
    query, reading = moment_asked(request)
    found = public_batch(slug, reading)
    if found is None:
        raise NeverPublic(f"没有公布过编号为 {slug} 的批次。")
    page = query.link(reverse("batches:detail", args=[slug]))
    return feed_of(request, reading, found.title, page, batch_entries([found], reading))


@require_safe
@public_page
def notice_periods(request: HttpRequest) -> HttpResponse:
    reading = read_at(request)
    filters = BatchFilters.of(Query.of(request), reading, more=())
    content = calendar_of_notices(filters.qs.exclude(notice_until=None)[:MOST_ENDS], reading)
    return HttpResponse(content, content_type=MEDIA_TYPE)
