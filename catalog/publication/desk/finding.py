"""How the search of the desk finds enterprises, certificates, products and batches.

By code or number, through the index of the column; by name, pinyin and initials through the index of the public lists, by its
own rules of text. What is not public under its present name is found among the newest changes, and by how its name begins.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.db import models
from pyroaring import BitMap

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, Product
from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from catalog.publication.search.asking.understanding import SHORTEST_INITIALS
from catalog.publication.search.bitmaps import Bitmaps, enterprise_bitmaps, product_bitmaps
from catalog.publication.search.documents import ENTERPRISES, PRODUCTS
from portal.core.audit.models import Change
from portal.core.desk.search import MOST, Asked, Finder, is_narrowed, keys_by
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.index.orders import page_of
from portal.core.index.search import answer
from portal.core.prefixes import begins
from portal.core.text import uscc
from portal.core.text.han import is_han
from portal.core.text.normalise import fold, fold_number
from portal.core.text.numbers import parse_number
from portal.core.text.remembered import name_text
from portal.core.text.tokens import Group, literal_tiers, query_terms

DIGITS = 4  # from so many on, what is typed is a number and no name
NEWEST = 2_000  # changes in which names are looked for that are not public


def enterprise_keys(asked: Asked) -> list[int]:
    return enterprises_among(asked.rows(Enterprise), asked)


def enterprises_among(rows: models.QuerySet, asked: Asked) -> list[int]:
    found = asked.once(f"enterprises {rows.query}", lambda: dict.fromkeys(_enterprise_keys(rows, asked)))
    return list(found)[:MOST]


def _enterprise_keys(rows: models.QuerySet, asked: Asked) -> Iterator[int]:
    code = uscc.normalise(asked.typed)
    if code and not has_han(code):
        yield from keys_by(rows, begins("uscc", code))
    if is_number(asked.typed):
        return
    yield from lines_of(asked, ENTERPRISES, EnterpriseLine, "enterprise_id", rows)
    yield from changed(asked, rows)
    name = fold(asked.typed)
    if not name:
        return
    front = begins("name_key", name)
    yield from keys_by(rows, front)
    former = FormerName.objects.order_by()
    if is_narrowed(rows):
        former = former.filter(enterprise__in=rows.values("pk"))
    yield from keys_by(former, front, column="enterprise_id")


def product_keys(asked: Asked) -> Iterable[int]:
    if serial := parse_number(asked.typed):
        yield from keys_by(asked.rows(Product), models.Q(serial=serial))
    yield from lines_of(asked, PRODUCTS, ProductLine, "product_id", asked.rows(Enterprise))
    yield from changed(asked, asked.rows(Product))


def certificate_keys(asked: Asked) -> Iterable[int]:
    """Also by a part of the number, where a public product rests on it."""
    number = fold_number(asked.typed)
    if not number or has_han(number):
        return
    yield from keys_by(asked.rows(Certificate), begins("number_key", number))
    lines = lines_of(asked, PRODUCTS, ProductLine, "certificate_id", asked.rows(Enterprise))
    certificates = Certificate.objects.filter(pk__in=filter(None, lines), number_key__contains=number)
    yield from certificates.values_list("pk", flat=True)


def batch_keys(asked: Asked) -> Iterable[int]:
    """Batches are some dozens a year: they are looked through."""
    words = models.Q(slug__icontains=asked.typed) | models.Q(title__icontains=asked.typed)
    return keys_by(asked.rows(Batch), words)


def is_number(text: str) -> bool:
    """A code or a number is found by how it begins: its parts stand in half of all codes."""
    return not has_han(text) and sum(map(str.isdigit, text)) >= DIGITS


def has_han(text: str) -> bool:
    return any(map(is_han, text))


def lines_of(
    asked: Asked, collection: str, model: type[Any], column: str, within: models.QuerySet
) -> list[int]:
    """Keys of working rows whose public lines the words find, removed ones too, of these enterprises; the closest first."""
    ids = asked.once(
        f"{collection} {within.query}", lambda: found_lines(asked.typed, collection, model, within)
    )
    keys = dict(model.objects.filter(pk__in=ids).values_list("pk", column)) if ids else {}
    return [keys[pk] for pk in ids if pk in keys]


def found_lines(typed: str, collection: str, model: type[Any], within: models.QuerySet) -> list[int]:
    words = query_terms(typed, SHORTEST_INITIALS)
    bitmaps = present(collection)
    if not words or not bitmaps.everything:
        return []
    looked_at = bitmaps.everything - bitmaps.repeats
    if is_narrowed(within):
        lines = model.objects.filter(enterprise__in=within.values("pk")).order_by()
        looked_at &= BitMap(lines.values_list("pk", flat=True))
    found = answer(collection, looked_at, words=words, tiers=literal_tiers(typed))
    return page_of(found.result, 1, MOST, tiers=found.tiers)


def present(collection: str) -> Bitmaps:
    edition = Edition.objects.current_number()
    return (product_bitmaps if collection == PRODUCTS else enterprise_bitmaps)(edition, clock.today())


def changed(asked: Asked, within: models.QuerySet) -> list[int]:
    """Of these rows those among the newest changes whose name the words find."""
    newest = asked.once("changes", newest_changes)
    keys = [int(key) for target, key in newest if target == within.model._meta.label_lower]
    words = query_terms(asked.typed, SHORTEST_INITIALS)
    if not keys or not words:
        return []
    rows = within.filter(pk__in=dict.fromkeys(keys)).values_list("pk", "name")
    return [pk for pk, name in rows if meets(name, words)]


def newest_changes() -> list[tuple[str, str]]:
    return list(Change.objects.order_by("-pk").values_list("target", "target_id")[:NEWEST])


def meets(name: str, words: list[Group]) -> bool:
    """As the index would: every group by one of its alternatives, an alternative by all of its terms."""
    terms = terms_of(name)
    return all(any(all(has(terms, term) for term in one) for one in group) for group in words)


def has(terms: frozenset[str], term: str) -> bool:
    """A short printed term is a part of a longer one."""
    return term in terms or any(term in longer for longer in terms if ":" not in longer)


@lru_cache(NEWEST)
def terms_of(name: str) -> frozenset[str]:
    return frozenset(name_text(name))


def under_enterprise(enterprise: Enterprise) -> str:
    return f"{enterprise.uscc}　{enterprise.division or ''}"


def under_product(product: Product) -> str:
    return f"{product.enterprise}　{product.certificate or ''}"


FINDERS: dict[type[models.Model], Finder] = {
    Enterprise: Finder(enterprise_keys, under_enterprise, ("division",)),
    Product: Finder(product_keys, under_product, ("enterprise", "certificate")),
    Certificate: Finder(certificate_keys, lambda row: f"{row.body}　{row.maker_name}", ("body",)),
    Batch: Finder(batch_keys, lambda row: f"{row.slug}　{row.get_state_display()}"),
}
