"""A list of products in an address: what each is today, how much of it, and what is different from when the list was made."""

from dataclasses import dataclass
from functools import cached_property

from catalog.products.models import Category
from catalog.publication.models import ProductLine
from catalog.publication.showing.choices import Known
from catalog.publication.showing.tables import ProductRow, product_rows
from catalog.regions.models import Division, SubsidyVersion
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import ReadAt
from portal.core.pages.templatetags.pages import STAR_WORDS, day_words
from portal.core.text.numbers import format_number, parse_number

from .links import Links
from .measures import Amount, House, amount_of
from .needs import Subsidies

MOST = 40


@dataclass(frozen=True)
class Item:
    number: str
    row: ProductRow | None
    amount: Amount | None
    subsidy: SubsidyVersion | None
    changes: tuple[str, ...]
    less: str  # the address of the list without it

    @property
    def fen(self) -> int | None:
        """What the rule gives for so much, before any limit of the document."""
        rule, amount = self.subsidy, self.amount
        if rule is None or amount is None or rule.amount_fen is None or rule.amount_unit != amount.unit:
            return None
        return rule.amount_fen * amount.number

    @property
    def money(self) -> str:
        return "" if self.fen is None else f"{self.fen // 100:,} 元"


def numbers_in(query: Query) -> tuple[str, ...]:
    """In their one form. Raises BadParameter."""
    given = query.all("item")
    if len(given) > MOST:
        raise BadParameter.one(query, "item", given[-1], f"一份清单最多 {MOST} 项，请分成几份。")
    for text in given:
        if parse_number(text) is None:
            raise BadParameter.one(query, "item", text, f"「{text[:20]}」不是清单编号。")
    return tuple(dict.fromkeys(format_number(serial) for text in given if (serial := parse_number(text))))


class Mine:
    """`then` is the moment that the list was made at, where its address says so."""

    def __init__(self, links: Links, house: House, place: list[Division], now: ReadAt, then: ReadAt | None):
        self.links, self.numbers = links, links.numbers
        self.house, self.place, self.now, self.then = house, place, now, then

    @cached_property
    def items(self) -> list[Item]:
        today, before = self._at(self.now), self._at(self.then) if self.then else None
        return [self._item(number, today, before) for number in self.numbers]

    @property
    def changed(self) -> int:
        return sum(bool(item.changes) for item in self.items)

    @property
    def money(self) -> str:
        """Of each kind the largest: two tiles for one roof are one roof."""
        most: dict[str, int] = {}
        for item in self.items:
            if item.fen and item.row:
                kind = item.row.line.category_code
                most[kind] = max(item.fen, most.get(kind, 0))
        return f"{sum(most.values()) // 100:,} 元"

    def _item(self, number: str, today: "Moment", before: "Moment | None") -> Item:
        row = today.rows.get(number)
        kind = today.kinds.get(row.line.category_code) if row else None
        old, new = before.said(number) if before else today.said(number), today.said(number)
        changes = tuple(f"{what}：{old[what]} → {new[what]}" for what in new if old[what] != new[what])
        amount = amount_of(kind.code, self.house) if kind else None
        unit = amount.unit if amount else ""
        subsidy = today.subsidies.of(kind, unit) if kind and row and row.standing.is_current else None
        return Item(number, row, amount, subsidy, changes, self.links.less(number))

    def _at(self, reading: ReadAt) -> "Moment":
        lines = ProductLine.objects.public(reading.edition).filter(number__in=self.numbers).order_by("pk")
        first = dict(reversed(list(lines.values_list("number", "pk"))))
        rows = product_rows(list(first.values()), reading, Known.at(reading).publishers) if first else []
        kinds = Category.objects.in_bulk({row.line.category_code for row in rows})
        return Moment({row.line.number: row for row in rows}, kinds, Subsidies(reading, self.place))


@dataclass(frozen=True)
class Moment:
    rows: dict[str, ProductRow]
    kinds: dict[str, Category]
    subsidies: Subsidies

    def said(self, number: str) -> dict[str, str]:
        """What a list is compared by; nothing in it counts days."""
        row = self.rows.get(number)
        if row is None:
            return {"状态": "不在清单上", "星级": "无", "证书有效期至": "无", "补贴": "无"}
        certificate, kind = row.certificate, self.kinds.get(row.line.category_code)
        rule = self.subsidies.of(kind) if kind and row.standing.is_current else None
        return {
            "状态": row.standing.word,
            "星级": STAR_WORDS.get(certificate.star, "绿色产品") if certificate else "无",
            "证书有效期至": day_words(certificate.valid_until) if certificate else "无",
            "补贴": rule.amount_words if rule else "无",
        }
