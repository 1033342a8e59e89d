"""The answers: a list, a record, the changes, the description of all of it."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.exporting.columns import source_of
from portal.core.editions.models import Edition
from portal.core.pages.cache import public_page
from portal.core.pages.licence import contact, licence
from portal.core.pages.parameters import Query, has_control
from portal.core.pages.reading import PARAMETERS, ReadAt, moment_asked, read_at
from portal.site.figures.asking import Asked
from portal.site.figures.page import Page

from .catalogue import BY_NAME, KINDS
from .changes import changes_after, told
from .cursors import limit_asked, piece_of
from .doors import endpoint
from .examples import CLIENT, EXAMPLES
from .kinds import Kind, Moved
from .openapi import document
from .positions import after_asked
from .registers import Written

JSON = "application/json; charset=utf-8"


@endpoint
def root(request: HttpRequest) -> HttpResponse:
    """What there is: every list, the changes, the description, the files."""
    _query, reading = moment_asked(request)
    lists = {kind.name: settings.SITE_URL + _path(kind) for kind in KINDS}
    said = {
        **envelope(reading),
        "lists": lists,
        "figures": settings.SITE_URL + reverse("api:figures"),
        "changes": changes_href(reading),
        "openapi": settings.SITE_URL + reverse("api:openapi"),
        "files": settings.SITE_URL + reverse("data:index"),
        "catalog": settings.SITE_URL + reverse("data:catalog"),
        "documentation": settings.SITE_URL + reverse("api-page"),
        "licence": settings.DATA_LICENCE_URL or None,
    }
    return _json(said)


@endpoint
def listed(request: HttpRequest, name: str) -> HttpResponse:
    kind, query, reading = _kind(name), Query.of(request), read_at(request)
    found = kind.find(request, query, reading)
    piece = piece_of(query, found)
    onward = query.put(**reading.cited, after=piece.after)
    address = settings.SITE_URL + _path(kind)
    said = {
        "kind": kind.name,
        **envelope(reading),
        "count": found.total,
        "rows": Written.several(piece.texts),
        "next": onward.link(address) if piece.after else None,
        "changes": changes_href(reading),
    }
    response = _json(said)
    if piece.after:
        response.headers["Link"] = f'<{onward.link(address)}>; rel="next"'
    return response


@endpoint
def record(request: HttpRequest, name: str, **named: str) -> HttpResponse:
    kind = _kind(name)
    if set(named) != set(kind.parts) or any(map(has_control, named.values())):
        raise Http404
    query, reading = moment_asked(request)
    try:
        row, beside = kind.record(request, reading, **named)
    except Moved as moved:
        parts = dict(zip(kind.parts, moved.parts, strict=True))
        address = reverse("api:record", args=[kind.name, parts["number"]])
        if "body" in parts:
            address = reverse("api:certificate", kwargs=parts)
        return HttpResponsePermanentRedirect(query.link(address))
    return _json({"kind": kind.name, **envelope(reading), "record": Written(row), **beside})


@endpoint
def changes(request: HttpRequest) -> HttpResponse:
    query, reading = Query.of(request), read_at(request)
    query.refuse_unknown(single=("since", "since_day", "after", "limit", *PARAMETERS))
    position, limit = after_asked(query, reading), limit_asked(query)
    found, is_more = changes_after(position, reading, limit)
    last = found[-1].position if found else position
    onward = query.drop("since", "since_day").put(after=str(last))
    said = {
        **envelope(reading),
        "rows": Written.several(told(found, reading)),
        "is_more": is_more,
        "next": onward.link(settings.SITE_URL + reverse("api:changes")),
    }
    return _json(said)


@endpoint
def figures(request: HttpRequest) -> HttpResponse:
    """What the page of figures counts, by its parameters. Numbers are no records: they have no list and no changes."""
    asked = Asked(request)
    said = {"kind": "figures", **envelope(asked.reading), "counted": asked.count}
    return _json({**said, "tables": Page(asked).said(), "changes": changes_href(asked.reading)})


@endpoint
def openapi(request: HttpRequest) -> HttpResponse:
    Query.of(request).refuse_unknown(single=())
    return _json(document(read_at(request)), indent=1)


@endpoint
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise Http404


@require_safe
@public_page
def page(request: HttpRequest) -> HttpResponse:
    """For people who write programs."""
    Query.of(request).refuse_unknown(single=())
    context = {
        "kinds": KINDS,
        "examples": EXAMPLES,
        "client": CLIENT,
        "licence": licence(),
        "contact": contact(),
        "limit": settings.API_PER_MINUTE,
        "site_url": settings.SITE_URL,
        "reading": read_at(request),
        "crumbs": [("数据使用说明", reverse("about:data")), ("数据接口", None)],
    }
    return render(request, "api/page.html", context)


def envelope(reading: ReadAt) -> dict[str, Any]:
    """Where and on which day everything in an answer was read."""
    return {name: value for name, _heading, value in source_of(reading)}


def changes_href(reading: ReadAt) -> str:
    """What comes after everything in this answer. An edition that is judged on a day before it has come on its own day."""
    edition = Edition.objects.filter(number=reading.edition).first() if reading.is_past else None
    day = max(reading.day, edition.day) if edition else reading.day
    query = Query().put(since=reading.edition, since_day=day)
    return query.link(settings.SITE_URL + reverse("api:changes"))


def _kind(name: str) -> Kind:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _path(kind: Kind) -> str:
    return reverse("api:list", args=[kind.name])


def _json(said: dict[str, Any], indent: int | None = None) -> HttpResponse:
    return HttpResponse(written(said, indent), content_type=JSON)


def written(said: dict[str, Any], indent: int | None = None) -> str:
    """JSON with what the database wrote put in as it is."""
    parts = []
    for name, value in said.items():
        text = (
            value.text if isinstance(value, Written) else json.dumps(value, ensure_ascii=False, indent=indent)
        )
        parts.append(f"{json.dumps(name)}: {text}")
    return "{" + ", ".join(parts) + "}"
