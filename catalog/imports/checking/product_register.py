"""What the register of products holds of the things that some thousand rows of a file name: a few queries for all."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.products.models import Product
from catalog.publication.compiling.compose import in_chunks
from catalog.publication.models import Batch, BatchEntry, ListingStatus, ProductLine
from portal.core.text.numbers import format_number

from .planning import MISSING_SHOWN, Preview

Identity = tuple[int, str, str, str]  # enterprise, basis, folded name, folded models
Stored = dict[str, Any]
COLUMNS = (
    "pk",
    "serial",
    "enterprise_id",
    "category_id",
    "certificate_id",
    "requirement_id",
    "name",
    "name_key",
    "models_text",
    "models_key",
    "brand",
)
_LINE_COLUMNS = (
    "product_id",
    "listing_status",
    "reason",
    "name",
    "models_text",
    "brand",
    "category_code",
    "certificate_id",
)
SIZE = 900  # parameters of one query; old SQLite builds allow 999


@dataclass
class ProductChunk:
    """Working rows by number, by identity and by name; what is public of them; and open batches that hold them."""

    by_serial: dict[int, Stored] = field(default_factory=dict)
    by_identity: dict[Identity, Stored] = field(default_factory=dict)
    by_name: dict[tuple[int, str, str], list[Stored]] = field(default_factory=lambda: defaultdict(list))
    by_maker: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, Stored] = field(default_factory=dict)
    pending: dict[int, tuple[int, str]] = field(
        default_factory=dict
    )  # product -> open batch, source of the entry

    def is_behind(self, product: Stored) -> bool:
        """Whether the public line says something else than the working row: somebody edited the row since."""
        line = self.lines[product["pk"]]
        same = ("name", "models_text", "brand", "certificate_id")
        return line["category_code"] != product["category_id"] or any(
            line[name] != product[name] for name in same
        )


def read_chunk(
    publisher: str,
    *,
    serials: Collection[int],
    certificates: Collection[int],
    requirements: Collection[int],
    makers: Collection[int],
) -> ProductChunk:
    chunk = ProductChunk()
    found: dict[int, Stored] = {}
    for product in _products(serials, certificates, requirements, makers):
        if product["pk"] in found:
            continue
        found[product["pk"]] = product
        if product["serial"]:
            chunk.by_serial[product["serial"]] = product
        basis = (
            f"c{product['certificate_id']}" if product["certificate_id"] else f"r{product['requirement_id']}"
        )
        identity = (product["enterprise_id"], basis, product["name_key"], product["models_key"])
        chunk.by_identity[identity] = product
        chunk.by_name[identity[:3]].append(product)
        chunk.by_maker[identity[:2]].append(product["pk"])
    chunk.lines = {
        line["product_id"]: line for line in in_chunks(_lines(publisher), "product", found, size=SIZE)
    }
    entries = BatchEntry.objects.filter(publisher=publisher, batch__in=Batch.objects.open())
    columns = entries.values_list("product_id", "batch_id", "source")
    chunk.pending = {
        pk: (batch, source) for pk, batch, source in in_chunks(columns, "product", found, size=SIZE)
    }
    return chunk


def _products(
    serials: Collection[int],
    certificates: Collection[int],
    requirements: Collection[int],
    makers: Collection[int],
) -> Iterator[Stored]:
    columns = Product.objects.values(*COLUMNS)
    yield from in_chunks(columns, "serial", serials, size=SIZE)
    yield from in_chunks(columns, "certificate", certificates, size=SIZE)
    if requirements:
        yield from in_chunks(columns.filter(requirement__in=requirements), "enterprise", makers, size=SIZE)


def _lines(publisher: str) -> Any:
    return ProductLine.objects.current().filter(publisher=publisher).values(*_LINE_COLUMNS)


def find_missing(publisher: str, seen: Collection[int], preview: Preview) -> None:
    """What is on the publisher's list and not in the file."""
    lines = (
        ProductLine.objects.current()
        .filter(publisher=publisher)
        .exclude(listing_status=ListingStatus.REMOVED)
    )
    columns = lines.order_by("pk").values_list("product_id", "number", "name", "enterprise_name")
    for pk, number, name, maker in columns.iterator(chunk_size=5000):
        preview.listed += 1
        if pk not in seen:
            preview.missing_ids.append(pk)
            if len(preview.missing) < MISSING_SHOWN:
                preview.missing.append({"id": pk, "number": number, "name": name, "enterprise": maker})


def find_renames(
    unmatched: list[tuple[str, str, list[int]]], seen: Collection[int], preview: Preview
) -> None:
    """New rows beside products of the same maker and certificate that the file does not name."""
    candidates = {pk for _where, _name, near in unmatched for pk in near} - set(seen)
    columns = Product.objects.values_list("pk", "name", "models_text", "serial")
    known = {pk: rest for pk, *rest in in_chunks(columns, "pk", candidates, size=SIZE)}
    for where, name, near in unmatched:
        for pk in near:
            if pk in known:
                before, models, serial = known[pk]
                number = format_number(serial) if serial else ""
                preview.rename(where, f"{before} {models}".strip()[:120], name, number)
                break
