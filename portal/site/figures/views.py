"""The page of figures and its files: kept like every public page, for any edition and day."""

import csv
import json
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.publication.exporting.columns import source_of
from catalog.publication.exporting.writing import TYPES
from portal.core.files.shown import disposition
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic

from .asking import Asked
from .page import Page, plain

TITLE = "统计图表"


@require_safe
@public_page
def page(request: HttpRequest) -> HttpResponse:
    asked = Asked(request)
    drawn = Page(asked)
    context = {
        "asked": asked,
        "query": asked.query,
        "reading": asked.reading,
        "totals": drawn.totals(),
        "table": drawn.crossed,
        "charts": drawn.drawn(),
        "listing": asked.filters.listing(request.path, drawn.charts.found),
        "carried": [pair for pair in asked.query.pairs if pair[0] not in ("edition", "as_of", "versus")],
        "files": {
            "cross": asked.file_href("cross"),
            "all": asked.file_href("all"),
            "json": asked.file_href("all", "json"),
        },
        "crumbs": [(TITLE, "")],
    }
    return render(request, "site/figures.html", context)


@require_safe
@public_page
def as_csv(request: HttpRequest, slug: str = "") -> HttpResponse:
    """One table, or all of them one below the other in the same columns."""
    asked = Asked(request)
    tables = list(Page(asked).tables(slug))
    if not tables:
        raise NeverPublic("没有这一张表。请回到统计图表页，那里列出当前可取的表。")
    source = [(heading, value) for _name, heading, value in source_of(asked.reading)]
    text = StringIO("\ufeff")
    text.seek(0, 2)
    write = csv.writer(text).writerow
    for _name, title, headings, lines in tables:
        write(["图表", *headings, *(heading for heading, _value in source)])
        for line in lines:
            write([title, *plain(line), *(value for _heading, value in source)])
    return _file(text.getvalue(), "csv", asked, slug or "all")


@require_safe
@public_page
def as_json(request: HttpRequest) -> HttpResponse:
    asked = Asked(request)
    told: dict[str, Any] = {name: value for name, _heading, value in source_of(asked.reading)}
    told["parameters"] = [list(pair) for pair in asked.query.pairs]
    told["tables"] = Page(asked).said()
    return _file(json.dumps(told, ensure_ascii=False), "json", asked, "all")


def _file(text: str, extension: str, asked: Asked, slug: str) -> HttpResponse:
    types = {**TYPES, "json": "application/json; charset=utf-8"}
    response = HttpResponse(text, content_type=types[extension])
    stem = f"{slug}-{asked.reading.edition}-{asked.reading.day}.{extension}"
    response["Content-Disposition"] = disposition(f"{TITLE}-{stem}", plain=f"figures-{stem}")
    return response
