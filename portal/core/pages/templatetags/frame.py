"""Tags for the head of a page: the site's meta tags, the canonical address, and data blocks for search engines."""

from collections.abc import Hashable
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.core.pages import structured
from portal.core.pages.links import INTERNAL
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.navigation import path_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt

register = template.Library()
_parts: Memory[SafeString] = Memory(2 * MEGABYTE)
_ADDRESS = f"address-{token_hex(8)}"  # of this process: nobody can write it into a part
FRONT_PAGE = "首页"


@register.simple_tag(takes_context=True)
def page_meta(context: template.Context) -> SafeString:
    """SiteName, SiteDomain and ColumnName as Chinese site inspections read them, and the canonical link."""
    request = context.get("request")
    address = canonical(request, context.get("reading")) if request else ""
    return format_html(
        '<meta name="SiteName" content="{}"><meta name="SiteDomain" content="{}"><meta name="ColumnName" content="{}">{}\n',
        structured.SITE_NAME,
        str(urlsplit(settings.SITE_URL).hostname),
        column_of(context.get("crumbs") or []),
        format_html('\n<link rel="canonical" href="{}">', address) if address else "",
    )


def column_of(crumbs: list[tuple[str, str | None]]) -> str:
    """The innermost column that a page lies in: the last crumb that links, or the page itself where it is one."""
    linked = [label for label, href in crumbs if href]
    return linked[-1] if linked else crumbs[0][0] if crumbs else FRONT_PAGE


def canonical(request: HttpRequest, reading: ReadAt | None) -> str:
    """The present has one address, without moment; a cited moment is its own. Nothing for what is not public."""
    if reading is None or request.path.startswith(INTERNAL):
        return ""
    query = Query.of(request)
    is_cited = reading.is_past and not reading.is_copy
    query = query if is_cited else query.drop(*PARAMETERS)
    return settings.SITE_URL + query.link(request.path)


@register.inclusion_tag("pages/article_meta.html")
def article_meta(title: str, published: object, source: str, description: str = "") -> dict[str, object]:
    """ArticleTitle, PubDate and ContentSource of an article; `published` as far as the date is known."""
    return {"title": title, "published": published, "source": source, "description": description or title}


@register.simple_tag
def thing(kind: str, **properties: Any) -> dict[str, Any]:
    """A part of a data block: `{% thing "Organization" name=line.name as maker %}`."""
    return structured.thing(kind, **properties)


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context, kind: str, **properties: Any) -> SafeString:
    """A data block about what the page shows. Search engines are told of the present only."""
    if not _is_present(context):
        return mark_safe("")
    return structured.data_block(structured.thing(kind, **properties))


@register.simple_tag(takes_context=True)
def website_data(context: template.Context) -> SafeString:
    return structured.data_block(structured.website()) if _is_present(context) else mark_safe("")


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str, address: str = "", **sees: Any) -> SafeString:
    """A part of the frame, drawn once for each of what it sees: `{% kept "pages/nav.html" links=main_links %}`.

    It sees nothing else of the page, neither request nor person, so that nothing else can stand in it. `address` alone may
    differ from page to page: it is put in where the part says `{{ address }}`.
    """
    key = (name, *((what, _as_key(value)) for what, value in sees.items()))
    part = _parts.kept(key, lambda: _drawn(context, name, sees))
    return mark_safe(part.replace(_ADDRESS, conditional_escape(address)))  # noqa: S308 - drawn by templates


@register.simple_tag(takes_context=True)
def print_note(context: template.Context, what: str = "") -> SafeString:
    """What a page says of itself on paper, with the address that keeps its rows."""
    reading = context["reading"]
    if reading.is_copy:  # it says of itself what it is, in print too
        return mark_safe("")
    query = context.get("query") or Query.of(context["request"])
    sees = {"what": what, "day": reading.day, "edition": reading.edition}
    sees |= {name: context.get(name) for name in ("is_demonstration", "site_url")}
    return kept(
        context, "pages/print_note.html", query.put(**reading.cited).link(context["request"].path), **sees
    )


def _as_key(value: Any) -> Hashable:
    """A text that is safe equals the same text that is not, and is drawn otherwise."""
    if isinstance(value, list | tuple):
        return tuple(map(_as_key, value))
    return (value, True) if isinstance(value, SafeString) else value


def _drawn(context: template.Context, name: str, sees: dict[str, Any]) -> SafeString:
    engine = context.template.engine  # type: ignore[union-attr]
    return engine.get_template(name).render(template.Context({**sees, "address": _ADDRESS}))


@register.simple_tag
def full_address(name: str, *args: object) -> str:
    """An address of this site with its host, as other sites must be told it."""
    return settings.SITE_URL + path_of(name, *args)


def _is_present(context: template.Context) -> bool:
    reading = context.get("reading")
    return reading is not None and not reading.is_past and not context.get("preview")
