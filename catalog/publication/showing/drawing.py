"""The rows of the public tables as they are drawn: each once for an edition, a day and the words that are marked in it.

Rows are drawn here and in no template: a template takes ten times as long for them, and most of a list page is rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from catalog.products.drawings import kind_drawing
from catalog.publication.showing.tables import EnterpriseRow, ProductRow, enterprise_rows, product_rows
from portal.core.pages.markup import joined, markup
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.mode import NORMAL, Mode
from portal.core.pages.parameters import Query
from portal.core.pages.plain import plainly
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.pages.templatetags.pages import cn_date, hits, reason, stars, status, thousands

Ids = Sequence[int]
MakeRows = Callable[[Ids, ReadAt, dict[str, str]], Sequence[Any]]

_drawn: Memory[SafeString] = Memory(16 * MEGABYTE)


@dataclass(frozen=True)
class Marking:
    """What rows show besides their lines: the words that are marked, the moment that their links keep, and how plainly."""

    words: str
    moment: Query
    mode: Mode = NORMAL

    @classmethod
    def of(cls, query: Query, words: str, mode: Mode | None = None) -> "Marking":
        return cls(words, query.keep(*PARAMETERS), mode or NORMAL)

    def label(self, word: str) -> str:
        return plainly(word, self.mode)

    def href(self, name: str, number: str) -> str:
        front, end = _around_number(name)
        return self.moment.link(f"{front}{quote(number)}{end}")

    def hits(self, text: str) -> str:
        return hits(text, self.words)


@cache
def _around_number(name: str) -> list[str]:
    """The address of a line but for its number: to have each looked up takes as long as all else of its row."""
    return reverse(name, args=["0"]).rsplit("0", 1)


def products_drawn(ids: Ids, reading: ReadAt, publishers: dict[str, str], marking: Marking) -> SafeString:
    return _kept(ids, reading, publishers, marking, product_rows, product_drawn)


def enterprises_drawn(ids: Ids, reading: ReadAt, publishers: dict[str, str], marking: Marking) -> SafeString:
    return _kept(ids, reading, publishers, marking, enterprise_rows, enterprise_drawn)


def products_of_enterprise(rows: Sequence[ProductRow], query: Query) -> SafeString:
    marking = Marking.of(query, "")
    return joined(product_drawn(row, marking, is_of_enterprise=True) for row in rows)


def _kept(
    ids: Ids,
    reading: ReadAt,
    publishers: dict[str, str],
    marking: Marking,
    make_rows: MakeRows,
    draw: Callable[[Any, Marking], SafeString],
) -> SafeString:
    """In their order; only those are read that this process has not drawn yet."""
    about = (draw, reading.token, reading.edition, reading.day, marking)
    found = {pk: _drawn.get((about, pk)) if reading.token else None for pk in ids}
    missing = [pk for pk, row in found.items() if row is None]
    for row in make_rows(missing, reading, publishers) if missing else ():
        drawn = found[row.line.pk] = draw(row, marking)
        _drawn.put((about, row.line.pk), drawn, 2 * len(drawn))
    return joined(row for row in found.values() if row)


def product_drawn(row: ProductRow, marking: Marking, *, is_of_enterprise: bool = False) -> SafeString:
    """`is_of_enterprise`: on the page of its enterprise, which need not be named."""
    line, certificate = row.line, row.certificate
    return markup(
        '<tr role="row"{}><th scope="row" role="rowheader">{}<a class="name" href="{}">{}</a>{}'
        '<span class="under num">清单编号 {}·{}</span>{}</th>\n{}'
        '<td role="cell" data-th="{}" class="c-star">{}</td>'
        '<td role="cell" data-th="{}" class="c-end nw">{}</td>'
        '<td role="cell" data-th="{}" class="c-st">{}</td></tr>\n',
        _dim(row),
        kind_drawing(line.category_code),
        marking.href("products:detail", line.number),
        marking.hits(line.name),
        _under(line, marking),
        marking.hits(line.number),
        row.publisher,
        _reasons(line, marking),
        "" if is_of_enterprise else _enterprise(line, marking),
        marking.label("星级"),
        stars(certificate.star) if certificate else "",
        marking.label("有效期至"),
        cn_date(certificate.valid_until) if certificate else "",
        marking.label("状态"),
        status(row.standing.code),
    )


def enterprise_drawn(row: EnterpriseRow, marking: Marking) -> SafeString:
    line = row.line
    former = (
        markup('<span class="under">曾用名 {}</span>', marking.hits(name["name"]))
        for name in line.former_names
    )
    return markup(
        '<tr role="row"{}><th scope="row" role="rowheader"><a class="name" href="{}">{}</a>{}'
        '<span class="under num">{}·{}</span></th>\n'
        '<td role="cell" data-th="所在地" class="c-co">{}</td>'
        '<td role="cell" data-th="在列产品" class="c-end nw">{}</td>'
        '<td role="cell" data-th="状态" class="c-st">{}</td></tr>\n',
        _dim(row),
        marking.href("enterprises:detail", line.uscc),
        marking.hits(line.name),
        joined(former),
        marking.hits(line.uscc),
        row.publisher,
        marking.hits(line.division_name),
        _product_count(row, marking),
        status(row.standing.code),
    )


def _dim(row: ProductRow | EnterpriseRow) -> SafeString:
    return mark_safe("" if row.standing.is_current else ' class="dim"')  # noqa: S308 - one of two constants


def _under(line: Any, marking: Marking) -> SafeString | str:
    parts = [marking.hits(text) for text in (line.brand, line.models_text) if text]
    return markup('<span class="under">{}</span>', joined(parts, "·")) if parts else ""


def _reasons(line: Any, marking: Marking) -> SafeString:
    if not marking.words:
        return mark_safe("")
    told = (
        ("证书", line.certificate_number),
        ("类别", line.category_name),
        ("信用代码", line.enterprise_uscc),
    )
    return joined(reason(label, text, marking.words) for label, text in told)


def _enterprise(line: Any, marking: Marking) -> SafeString:
    place = markup('<span class="under">{}</span>', line.division_name) if line.division_name else ""
    return markup(
        '<td role="cell" data-th="{}" class="c-co"><a class="plain" href="{}">{}</a>{}</td>',
        marking.label("企业"),
        marking.href("enterprises:detail", line.enterprise_uscc),
        marking.hits(line.enterprise_name),
        place,
    )


def _product_count(row: EnterpriseRow, marking: Marking) -> SafeString | str:
    if not row.product_count:
        return "无"
    href = marking.moment.put(q=row.line.uscc).link(reverse("products:list"))
    return markup('<a href="{}">{} 项</a>', href, thousands(row.product_count))
