"""Guides and standing pages: the same for everybody, changed only by a release of the software."""

import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.editions import clock
from portal.core.pages.cache import public_page
from portal.core.pages.licence import licence
from portal.core.pages.navigation import DO, LOOK_UP, MAIN, Entry, href_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import read_at
from portal.core.pages.templatetags.pages import asset

from .guides import BY_SLUG, GROUPS
from .sitemap import parts, sections

PAGES = {
    "data": "数据使用说明",
    "recognise": "如何辨认本站",
    "privacy": "隐私说明",
    "accessibility": "无障碍声明",
}
# Columns that neither header nor footer names.
MORE = (
    *(entry for entry in LOOK_UP if entry not in MAIN),
    Entry("commitments:agreements", "合作协议"),
    Entry("commitments:templates", "承诺书文本"),
    Entry("commitments:adoptions", "认证采信"),
    Entry("organisations:list", "活动机构"),
    Entry("activities:results", "活动成果"),
    Entry("search", "全站查找"),
    Entry("log:page", "公开日志"),
    Entry("sheets:index", "核对核验单"),
)
# Robots of those who keep the web for later: what an edition said is for them above all.
ARCHIVES = ("ia_archiver", "archive.org_bot", "heritrix", "Arquivo-web-crawler", "NLC-Webarchive")
SECURITY_KEPT = datetime.timedelta(days=180)


@require_safe
@public_page
def guides(request: HttpRequest) -> HttpResponse:
    return _page(request, "about/guides.html", groups=GROUPS, crumbs=[("办事指南", None)])


@require_safe
@public_page
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    one = BY_SLUG[slug]
    return _page(
        request,
        "about/guide.html",
        guide=one,
        days=one.days.format(answer_days=settings.ENQUIRY_ANSWER_DAYS, notice_days=settings.NOTICE_DAYS),
        links=[(href, label) for name, label in one.links if (href := href_of(name))],
        desk_href=href_of("counter:home") if one.is_filed else None,
        crumbs=[("办事指南", reverse("guide")), (one.title, None)],
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
        keep_days=settings.ENQUIRY_KEEP_DAYS,
        licence=licence(),
        crumbs=[(PAGES[name], None)],
    )


@require_safe
@public_page
def site_map(request: HttpRequest) -> HttpResponse:
    """Every column, then what is listed nowhere else: guides and standing pages."""
    columns = [("首页", reverse("home")), *links_of(*MAIN, *MORE)]
    pages = [(label, reverse(f"about:{name}")) for name, label in PAGES.items()]
    matters = [(one.title, reverse("guide-detail", args=[one.slug])) for one in BY_SLUG.values()]
    parts = [
        ("查", columns),
        ("办", links_of(*DO)),
        ("办事指南", matters),
        ("本站", pages),
    ]
    return _page(request, "about/sitemap.html", parts=parts, crumbs=[("网站地图", None)])


def links_of(*entries: Entry) -> list[tuple[str, str]]:
    return [(entry.label, href) for entry in entries if (href := href_of(entry.name)) and not entry.is_apart]


@require_safe
@public_page
def site_map_xml(request: HttpRequest) -> HttpResponse:
    """Addresses for search engines: lists and every current record, at the newest edition. More than one file may have are
    in several, and this one names them."""
    Query.of(request).refuse_unknown(single=())
    reading = read_at(request)
    context = {"site_url": settings.SITE_URL, "sections": sections(reading)}
    if context["sections"] is None:
        context["hrefs"] = [
            reverse("sitemap-part", args=[number]) for number in range(1, len(parts(reading)) + 1)
        ]
    return render(request, "about/sitemap.xml", context, content_type="application/xml")


@require_safe
@public_page
def site_map_part(request: HttpRequest, number: int) -> HttpResponse:
    Query.of(request).refuse_unknown(single=())
    reading = read_at(request)
    part = dict(enumerate(parts(reading), start=1)).get(number)
    if part is None:
        raise Http404
    context = {"site_url": settings.SITE_URL, "sections": part.addresses(reading)}
    return render(request, "about/sitemap.xml", context, content_type="application/xml")


@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Past editions and the back end are nothing for an index; current pages are. Archives may keep what can be cited."""
    Query.of(request).refuse_unknown(single=())
    context = {"site_url": settings.SITE_URL, "archives": ARCHIVES}
    return render(request, "about/robots.txt", context, content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For what looks there without reading a page."""
    return HttpResponseRedirect(asset("favicon.ico"))


@require_safe
@public_page
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116), where the installation says it."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    ends = clock.end_of(read_at(request).today + SECURITY_KEPT)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {ends.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    )
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, template: str, **context) -> HttpResponse:
    Query.of(request).refuse_unknown(single=())
    return render(request, template, {"reading": read_at(request), **context})
