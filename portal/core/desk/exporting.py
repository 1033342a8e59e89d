"""The list of a page as a workbook: the rows that its filters leave, in its order, with its columns as they are shown."""

import datetime
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import models
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header

from portal.core.accounts.capability_admin import CapabilityAdmin
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.workbook import Cell, Table, as_xlsx

MOST = 20_000  # rows: each is drawn as the list draws it
AT_ONCE = 500
LONGEST_FILTERS = 500
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def exported(request: HttpRequest, page: CapabilityAdmin) -> HttpResponseBase:
    """Who took how many rows of which list, and by which filters, is kept."""
    request.GET = without_empty(request)  # type: ignore[assignment]
    try:
        shown = page.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return redirect(page.list_href)
    rows, count = shown.queryset, shown.result_count
    if count > MOST:
        messages.error(
            request, f"符合的有 {count:,} 项，一次最多导出 {MOST:,} 项。请再选几个条件，分几次导出。"
        )
        return redirect(f"{page.list_href}?{request.GET.urlencode()}")
    said = str(page.opts.verbose_name_plural)
    record("list.exported", by=request.user, list=said, rows=count, filters=_filters(request))
    columns = [name for name in shown.list_display if name != "action_checkbox"]
    heads = [str(label_for_field(name, page.model, model_admin=page)) for name in columns]
    about = (
        ("列表", str(page.opts.verbose_name_plural)),
        ("筛选", request.GET.urlencode() or "无"),
        ("行数", count),
    )
    table = Table(heads, [False] * len(heads), about, clock.today())
    response = FileResponse(as_xlsx(table, cells_of(rows, columns, page)), content_type=TYPE)
    name = f"{page.opts.verbose_name_plural}-{clock.today():%Y-%m-%d}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "no-store"
    return response


def _filters(request: HttpRequest) -> str:
    """What was typed may be somebody's name, and the trail is never redacted: that there was something says enough."""
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    return "&".join(f"{name}={'…' if name == SEARCH_VAR else value}" for name, value in given)[
        :LONGEST_FILTERS
    ]


def without_empty(request: HttpRequest) -> Any:
    given = request.GET.copy()
    for name in [name for name, value in given.items() if not value]:
        del given[name]
    return given


def cells_of(rows: models.QuerySet, columns: list[Any], page: CapabilityAdmin) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield [cell_of(row, name, page) for name in columns]


def cell_of(row: models.Model, name: Any, page: CapabilityAdmin) -> Cell:
    """As a reader sees it: the word of a choice, a mark without its markup. A number stays a number."""
    field, _attribute, value = lookup_field(name, row, page)
    if field is not None and getattr(field, "flatchoices", None):
        return str(dict(field.flatchoices).get(value, value or ""))
    if value is None or isinstance(value, bool):
        return {True: "是", False: "否", None: ""}[value]
    if isinstance(value, int):
        return value
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return unescape(strip_tags(str(localize(value)))).strip()
