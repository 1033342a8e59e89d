"""Guides and standing pages: the same for everybody, changed only by a release of the software."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.pages.cache import public_page
from portal.pages.navigation import MAIN, href_of
from portal.pages.parameters import Query
from portal.pages.reading import read_at

from .guides import BY_SLUG, GUIDES
from .sitemap import sections

PAGES = {
    "data": "数据使用说明",
    "recognise": "如何辨认本站",
    "privacy": "隐私说明",
    "accessibility": "无障碍声明",
}


@require_safe
@public_page
def guides(request: HttpRequest) -> HttpResponse:
    return _page(request, "about/guides.html", guides=GUIDES, crumbs=[("办事指南", None)])


@require_safe
@public_page
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    one = BY_SLUG[slug]
    links = [(href, label) for name, label in one.links if (href := href_of(name))]
    crumbs = [("办事指南", reverse("guide")), (one.title, None)]
    return _page(
        request, "about/guide.html", guide=one, links=links, contact=settings.OBJECTION_CONTACT, crumbs=crumbs
    )


@require_safe
@public_page
def standing(request: HttpRequest, name: str) -> HttpResponse:
    """One of `PAGES`, whose template bears its name."""
    return _page(
        request,
        f"about/{name}.html",
        title=PAGES[name],
        host=settings.SITE_URL.split("//", 1)[1],
        contact=settings.OBJECTION_CONTACT,
        crumbs=[(PAGES[name], None)],
    )


@require_safe
@public_page
def site_map(request: HttpRequest) -> HttpResponse:
    entries = [(href, entry.label) for entry in MAIN if (href := href_of(entry.name))]
    pages = [(reverse(f"about:{name}"), label) for name, label in PAGES.items()]
    steps = [(reverse("guide-detail", args=[one.slug]), one.title) for one in GUIDES]
    crumbs = [("网站地图", None)]
    return _page(request, "about/sitemap.html", entries=entries, pages=pages, steps=steps, crumbs=crumbs)


@require_safe
@public_page
def site_map_xml(request: HttpRequest) -> HttpResponse:
    """Addresses for search engines: lists and every current record, at the newest edition."""
    reading = read_at(request)
    context = {"site_url": settings.SITE_URL, "sections": sections(reading)}
    return render(request, "about/sitemap.xml", context, content_type="application/xml")


@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Past editions, filters and the back end are nothing for an index; current pages are."""
    read_at(request)
    return render(request, "about/robots.txt", {"site_url": settings.SITE_URL}, content_type="text/plain")


def _page(request: HttpRequest, template: str, **context) -> HttpResponse:
    Query.of(request).refuse_unknown(single=())
    return render(request, template, {"reading": read_at(request), **context})
