"""Tags of the back end: Django's change list drawn with the tables and filters of the house."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers, results
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


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


@register.simple_tag
def desk_filters(cl: Any) -> list[FilterSelect]:
    """Django gives links; a form needs names and values, which are in the links."""
    selects = []
    for spec in cl.filter_specs:
        name = spec.expected_parameters()[0]
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
    drawn = {name for spec in cl.filter_specs for name in spec.expected_parameters()}
    pairs = parse_qs(cl.get_query_string(remove=[*drawn, "q", PAGE_VAR]).lstrip("?"))
    return [(name, value) for name, values in pairs.items() for value in values]


@register.simple_tag
def desk_headers(cl: ChangeList) -> list[dict]:
    return list(result_headers(cl))


@register.simple_tag
def desk_rows(cl: ChangeList) -> Iterator[list[SafeString]]:
    """The cells of each row, every one with the word of its column, which a phone shows beside it."""
    labels = [strip_tags(str(header["text"])) for header in result_headers(cl)]
    for row in results(cl):
        yield [labelled(cell, label) for cell, label in zip(row, labels, strict=False)]


def labelled(cell: str, label: str) -> SafeString:
    """Put role and column word into a cell that Django has drawn."""
    if cell.startswith("<th"):
        return mark_safe(cell.replace("<th", '<th role="rowheader" scope="row"', 1))  # noqa: S308 - a cell that Django drew
    attributes = format_html('<td role="cell" data-th="{}"', label) if label else '<td role="cell"'
    return mark_safe(cell.replace("<td", attributes, 1))  # noqa: S308 - a cell that Django drew


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
