"""What is for sale where: a page for readers, the page on which they leave, and the rows for a platform."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.products.models import Category
from catalog.publication.publishers import publisher_names
from catalog.publication.showing.tables import product_rows
from portal.core.pages import cache
from portal.core.pages.cache import public_page
from portal.core.pages.finished import Finished
from portal.core.pages.listing import Facet, Listing, Option
from portal.core.pages.missing import NeverPublic
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, ReadAt, day_asked, edition_asked, read_at

from .feed import SCHEMA, Feed
from .models import PlatformVersion, Shop
from .rows import OfferedProduct, platforms_at, rows_at


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=("page", *PARAMETERS), several=("category", "platform"))
    reading = read_at(request)
    platforms = platforms_at(reading.edition, reading.day)
    rows = rows_at(reading.edition, reading.day).rows
    facets = (platform_facet(query, rows, platforms), category_facet(query, rows))
    chosen = [row for row in rows if is_chosen(row, query)]
    page = page_of(query, len(chosen))
    shown = chosen[page.start : page.stop]
    tables = product_rows([row.line.pk for row in shown], reading, publisher_names())
    context = {
        "query": query,
        "reading": reading,
        "platforms": platforms,
        "rows": list(zip(shown, tables, strict=True)),
        "page": page,
        "listing": Listing(query, request.path, facets=tuple(facet for facet in facets if facet.options)),
        "schema": SCHEMA,
        "crumbs": [("线上平台", None)],
    }
    return render(request, "online/index.html", context)


def is_chosen(row: OfferedProduct, query: Query) -> bool:
    categories, slugs = query.all("category"), query.all("platform")
    return (not categories or row.line.category_code in categories) and (
        not slugs or any(row.on(slug) for slug in slugs)
    )


def category_facet(query: Query, rows: tuple[OfferedProduct, ...]) -> Facet:
    """Categories with rows; one that was chosen stays, also without any."""
    names = {row.line.category_code: row.line.category_name for row in rows}
    chosen = query.all("category")
    for code in chosen:
        if code not in names and not category_exists(code):
            raise BadParameter.one(query, "category", code)
        names.setdefault(code, category_name(code))
    slugs = query.all("platform")
    counted = [row for row in rows if not slugs or any(row.on(slug) for slug in slugs)]
    options = [
        Option(code, name, sum(row.line.category_code == code for row in counted), code in chosen)
        for code, name in sorted(names.items(), key=lambda pair: pair[0])
    ]
    return Facet("category", "产品类别", tuple(options))


def category_exists(code: str) -> bool:
    return Category.objects.filter(pk=code).exists()


def category_name(code: str) -> str:
    return Category.objects.get(pk=code).name


def platform_facet(
    query: Query, rows: tuple[OfferedProduct, ...], platforms: dict[str, PlatformVersion]
) -> Facet:
    chosen = query.all("platform")
    for slug in chosen:
        if slug not in platforms:
            raise BadParameter.one(query, "platform", slug)
    categories = query.all("category")
    counted = [row for row in rows if not categories or row.line.category_code in categories]
    options = [
        Option(
            slug,
            version.name,
            sum(row.on(slug) is not None for row in counted),
            slug in chosen,
        )
        for slug, version in platforms.items()
    ]
    return Facet("platform", "平台", tuple(options))


@require_safe
@public_page
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """The last page of this site: where the link leads, and who sells there. Only ever read as of now."""
    Query.of(request).refuse_unknown(single=())
    reading = read_at(request)
    link, rows = rows_at(reading.edition, reading.day).links.get(number, (None, []))
    platforms = platforms_at(reading.edition, reading.day)
    context: dict = {"reading": reading, "link": link, "rows": rows[:20], "row_count": len(rows)}
    context["crumbs"] = [("线上平台", reverse("online:list")), ("离开本站", None)]
    if link is None:
        return ended(request, number, context)
    return render(request, "online/leave.html", context | {"platform": platforms[link.platform]})


def ended(request: HttpRequest, number: int, context: dict) -> HttpResponse:
    """410 for a link that was public once, 404 for one that never was."""
    shop = Shop.objects.filter(pk=number, versions__from_edition__isnull=False).first()
    if shop is None or not shop.versions.ever_visible(context["reading"].today).exists():
        raise NeverPublic("没有公布过这个店铺链接。")
    newest = shop.versions.ever_visible(context["reading"].today).order_by("-id").first()
    return render(request, "online/ended.html", context | {"version": newest}, status=410)


@require_safe
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


def since_asked(query: Query, reading: ReadAt) -> tuple[int, datetime.date | None]:
    """The edition and day that the caller has; neither may lie after what is read now. 0 stands for nothing at all."""
    given = query.first("since")
    number, published_on = 0, datetime.date.min
    if given != "0":
        number, published_on = told("since", query, lambda: edition_asked(Query([("edition", given)])))
    if number > reading.edition:
        raise BadParameter.one(query, "since", given, f"第 {number} 版在所看的第 {reading.edition} 版之后。")
    given = query.first("since_day")
    day = told("since_day", query, lambda: day_asked(Query([("as_of", given)]), reading.today))
    if day is not None and not published_on <= day <= reading.day:
        raise BadParameter.one(
            query, "since_day", given, f"这一天不在第 {number} 版公布之后、所看的日期之前。"
        )
    return number, day


def told(name: str, query: Query, read: Callable[[], Any]) -> Any:
    """What is wrong with the value, said of the parameter that it was given in."""
    try:
        return read()
    except BadParameter as bad:
        raise BadParameter.one(query, name, query.first(name), bad.problems[0].sentence) from bad
