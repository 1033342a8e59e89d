"""Tags of the back end: Django's change list drawn with the tables and filters of the house."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs

from django import template
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.templatetags.admin_list import result_headers, results
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db import models
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
ROLES = {"th": mark_safe('th role="rowheader" scope="row"'), "td": mark_safe('td role="cell"')}
NOTHING = "—"  # what Django writes into an empty cell
CUT_AT = 8  # characters that fit into the narrowest column


@dataclass(frozen=True)
class FilterOption:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class FilterSelect:
    """One filter of a change list as a `<select>`."""

    name: str
    label: str
    options: list[FilterOption]

    @property
    def is_chosen(self) -> bool:
        return any(option.is_chosen and option.value for option in self.options)


def views_of(cl: Any) -> set[str]:
    return set(getattr(cl.model_admin, "shown_as_views", ()))


@register.simple_tag
def desk_filters(cl: Any) -> list[FilterSelect]:
    """Django gives links; a form needs names and values, which are in the links."""
    selects = []
    for spec in cl.filter_specs:
        name = spec.expected_parameters()[0]
        if name in views_of(cl):
            continue
        options = [
            FilterOption(
                parse_qs(choice["query_string"].lstrip("?")).get(name, [""])[0],
                str(choice["display"]),
                choice["selected"],
            )
            for choice in spec.choices(cl)
        ]
        selects.append(FilterSelect(name, str(spec.title), options))
    return selects


@register.simple_tag
def desk_kept(cl: Any) -> list[tuple[str, str]]:
    """What the filter form must carry along: the order, and lookups that no filter draws."""
    drawn = {name for spec in cl.filter_specs for name in spec.expected_parameters()} - views_of(cl)
    pairs = parse_qs(cl.get_query_string(remove=[*drawn, "q", PAGE_VAR]).lstrip("?"))
    return [(name, value) for name, values in pairs.items() for value in values]


@register.simple_tag
def desk_headers(cl: ChangeList) -> list[dict]:
    return [
        {
            **header,
            "is_tick": "action-checkbox" in str(header.get("class_attrib") or ""),
            "css": css_of(cl, column, is_head=True),
        }
        for header, column in zip(result_headers(cl), cl.list_display, strict=True)
    ]


@register.simple_tag
def desk_rows(cl: ChangeList) -> Iterator[list[SafeString]]:
    """The cells of each row: what is cut has its whole text as a title, what needs a word on a phone has that of its column."""
    heads = list(result_headers(cl))
    plain = getattr(cl.model_admin, "plain_columns", ())
    columns = [
        (css_of(cl, column), "" if column in plain else strip_tags(str(head["text"])))
        for head, column in zip(heads, cl.list_display, strict=True)
    ]
    for row in results(cl):
        yield [drawn(cell, *column) for cell, column in zip(row, columns, strict=False)]


def css_of(cl: ChangeList, column: Any, *, is_head: bool = False) -> str:
    """How wide a column is, as its page declares it; the one that leads to the record is the name."""
    if column == "action_checkbox":
        return "c-x"
    name = column if isinstance(column, str) else column.__name__
    css = getattr(cl.model_admin, "column_css", {}).get(name, "" if is_head else "clip")
    return f"nm {css}".strip() if column in (cl.list_display_links or ())[:1] else css


def drawn(cell: str, css: str, label: str) -> SafeString:
    """Put role, width and the word of the column into a cell that Django has drawn."""
    tag, rest = cell[1:3], cell.partition(">")[2]
    text = unescape(strip_tags(rest.removesuffix(f"</{tag}>"))).strip()
    if text == NOTHING:
        rest = f"</{tag}>"
    is_said = label and text != NOTHING and text and tag == "td" and css != "c-x" and 'class="st ' not in rest
    return format_html(
        "<{}{}{}{}>{}",
        ROLES[tag],
        format_html(' class="{}"', css) if css else "",
        format_html(' title="{}"', text) if {"cut", "clip"} & set(css.split()) and len(text) > CUT_AT else "",
        format_html(' data-th="{}"', label) if is_said else "",
        mark_safe(rest),  # noqa: S308 - a cell that Django drew
    )


@register.simple_tag
def desk_pages(cl: ChangeList) -> list[tuple[str | None, str]]:
    """(address or None for the gap and the present page, word) of the pages of a change list."""
    if not cl.multi_page:
        return []
    return [
        (
            cl.get_query_string({PAGE_VAR: number})
            if isinstance(number, int) and number != cl.page_num
            else None,
            str(number),
        )
        for number in cl.paginator.get_elided_page_range(cl.page_num)
    ]


@register.simple_tag
def desk_next(cl: ChangeList) -> str:
    """The address of the next page, where there is one."""
    return cl.get_query_string({PAGE_VAR: cl.page_num + 1}) if cl.page_num < cl.paginator.num_pages else ""


@register.filter
def stated(field: AdminReadonlyField) -> str:
    """A field that is only read. Lists of words as words; what is kept for programs is marked as such."""
    name = field.field["field"]
    columns = {column.name: column for column in field.form.instance._meta.concrete_fields}
    if not isinstance(columns.get(name), models.JSONField):
        return field.contents()
    value = getattr(field.form.instance, name)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "、".join(value) or "—"
    return format_html("<code>{}</code>", json.dumps(value, ensure_ascii=False)) if value else "—"
