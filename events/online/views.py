"""What is for sale where: a page for readers, the page on which they leave, and the rows for a platform."""

import json
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog.publication.publishers import publisher_names
from catalog.publication.showing.tables import ProductRow, product_rows
from portal.core.pages import cache
from portal.core.pages.finished import Finished
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, read_at, since_asked
from portal.core.pages.records import Records
from portal.core.replicas import public_reading

from . import described
from .feed import SCHEMA, Feed
from .filters import OfferFilters
from .models import PlatformVersion, ShopVersion
from .rows import OfferedProduct, platforms_at, rows_at


class Offers(Records[PlatformVersion]):
    model, what = PlatformVersion, "产品"
    label, address, template = "线上平台", "online:list", "online/offer"

    def chosen(self, *more: str) -> OfferFilters:
        return OfferFilters.read(self.query, self.reading, more=more)

    def shown(self, rows: list[OfferedProduct]) -> list[tuple[OfferedProduct, ProductRow]]:
        tables = product_rows([row.line.pk for row in rows], self.reading, publisher_names())
        return list(zip(rows, tables, strict=True))

    def beside_list(self, filters: OfferFilters, rows: Any) -> dict[str, Any]:
        return {"platforms": filters.platforms, "once_open": self.once_open}

    @cached_property
    def once_open(self) -> set[str]:
        """Platforms that had offered a part of their own for the campaign by then."""
        known = PlatformVersion.objects.ever_visible(self.reading.day, self.reading.edition)
        given = known.filter(from_edition__lte=self.reading.edition).exclude(entrance="")
        return {one.slug for one in given if one.open_entrance}

    def leave(self, number: int) -> HttpResponse:
        """The last page of this site: where the link leads, and who sells there. Only ever read as of now."""
        self.query.refuse_unknown(single=())
        edition, day = self.reading.edition, self.reading.day
        link, rows = rows_at(edition, day).links.get(number, (None, []))
        crumbs = [(self.label, self.list_href), ("离开本站", None)]
        context = {"link": link, "rows": rows[:20], "row_count": len(rows), "crumbs": crumbs}
        if link is None:
            return self.ended(number, context)
        platform = platforms_at(edition, day)[link.platform]
        return self.answer("online/leave.html", {**context, "platform": platform})

    def enter(self, platform: str) -> HttpResponse:
        """The same before the campaign's own part of a platform."""
        self.query.refuse_unknown(single=())
        found = platforms_at(self.reading.edition, self.reading.day).get(platform)
        if found is None or not found.open_entrance:
            return self.closed(platform)
        crumbs = [(self.label, self.list_href), ("离开本站", None)]
        return self.answer("online/enter.html", {"platform": found, "crumbs": crumbs})

    def closed(self, platform: str) -> HttpResponse:
        """410 for a way in that was public once, or a platform that was, 404 for what never was."""
        known = PlatformVersion.objects.filter(platform__slug=platform).ever_visible(self.reading.today)
        newest = known.order_by("-from_edition_id").first()
        if newest is None:
            raise NeverPublic("没有公布过这个线上平台。")
        was_open = platform in self.once_open
        if not was_open and not newest.is_withdrawn:
            raise NeverPublic(f"{newest.name}尚未提供活动专区的地址。")
        crumbs = [(self.label, self.list_href), ("不再提供", None)]
        context = {"version": newest, "was_open": was_open, "crumbs": crumbs}
        return self.answer("online/closed.html", context, status=410)

    def described(self) -> HttpResponse:
        """What a platform is given, for the engineers who fetch it."""
        self.query.refuse_unknown(single=PARAMETERS)
        platforms = platforms_at(self.reading.edition, self.reading.day)
        crumbs = [(self.label, self.list_href), ("给平台的数据", None)]
        context = {"platforms": platforms, "schema": SCHEMA, "crumbs": crumbs}
        return self.answer("online/described.html", {**context, **described.TABLES})

    def ended(self, number: int, context: dict[str, Any]) -> HttpResponse:
        """410 for a link that was public once, 404 for one that never was."""
        known = ShopVersion.objects.filter(shop=number).ever_visible(self.reading.today)
        newest = known.select_related("shop", "from_edition").order_by("-id").first()
        if newest is None:
            raise NeverPublic("没有公布过这个店铺链接。")
        return self.answer("online/ended.html", {**context, "version": newest}, status=410)


@require_safe
@public_reading
def feed(request: HttpRequest, platform: str) -> HttpResponse:
    """Whole rows, or with `since` what changed; 304 while the rows are those that the caller has."""
    query = Query.of(request)
    query.refuse_unknown(single=("since", "since_day", *PARAMETERS))
    key = ("feed", *cache.key_of(request, cache.state_for(request)))
    reading = read_at(request)
    if platform not in platforms_at(reading.edition, reading.day):
        raise Http404
    page = cache.pages.get(key) or finished_feed(query, Feed(platform, reading))
    response = cache.answer(request, page)
    cache.keep(key, page)
    return response


def finished_feed(query: Query, rows: Feed) -> Finished:
    if query.first("since"):
        since, day = since_asked(query, rows.reading)
        value = rows.since(since, day)
    elif query.first("since_day"):
        raise BadParameter.one(
            query, "since_day", query.first("since_day"), "「起算的日期」要和「起算的版号」一起用。"
        )
    else:
        value = rows.whole()
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    return Finished.of(response, rows.etag)
