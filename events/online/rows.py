"""What is for sale on a platform at an edition and on a day: current certified products that have a shop there.

Nothing of it is stored: a link ends with its product's removal, its certificate's last day, a hold, the withdrawal of the
link or of the host, because it is asked anew each time.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from catalog.publication.models import CertificateLine, ProductLine
from catalog.publication.search.bitmaps import product_bitmaps, remembered
from catalog.publication.showing.dossier import speaks_louder
from portal.core.pages.reading import newest_edition

from .addresses import is_allowed
from .models import PlatformVersion, ShopVersion


@dataclass(frozen=True)
class Link:
    """A way to a platform. One of the enterprise's shop promises nothing about the single product."""

    number: int
    platform: str
    kind: str
    title: str
    url: str
    host: str

    @property
    def is_of_product(self) -> bool:
        return self.kind == "product"


@dataclass(frozen=True)
class OfferedProduct:
    """One product: the line that speaks for it, all publishers that list it now, its certificate and its links."""

    line: ProductLine
    publishers: tuple[str, ...]
    certificate: CertificateLine
    links: tuple[Link, ...]

    @property
    def number(self) -> str:
        return self.line.number

    def on(self, platform: str) -> Link | None:
        return next((link for link in self.links if link.platform == platform), None)


@dataclass(frozen=True)
class Rows:
    """Rows in the order of product numbers, newest first."""

    rows: tuple[OfferedProduct, ...]

    @cached_property
    def by_number(self) -> dict[str, OfferedProduct]:
        return {row.number: row for row in self.rows}

    @cached_property
    def links(self) -> dict[int, tuple[Link, list[OfferedProduct]]]:
        """By number of the shop: the link, and the products that it leads to."""
        found: dict[int, tuple[Link, list[OfferedProduct]]] = {}
        for row in self.rows:
            for link in row.links:
                found.setdefault(link.number, (link, []))[1].append(row)
        return found

    def of_enterprise(self, enterprise: int) -> list[Link]:
        """The enterprise's own shops, as long as a product of it is current."""
        return [
            link
            for link, rows in self.links.values()
            if not link.is_of_product and rows[0].line.enterprise_id == enterprise
        ]


def platforms_at(edition: int, day: datetime.date) -> dict[str, PlatformVersion]:
    """By slug, those that stand: first those that have a part of their own for the campaign."""
    versions = PlatformVersion.objects.visible(edition, day).standing().order_by("platform_id")
    return {version.slug: version for version in sorted(versions, key=lambda one: not one.open_entrance)}


def rows_at(edition: int, day: datetime.date) -> Rows:
    """The rows of all platforms; kept in memory by edition, index and day, and by the newest edition: rows hold words, and a
    redaction takes words out of lines of every edition before it.
    """
    _number, newest = newest_edition()
    return remembered(f"offers since {newest}", edition, day, lambda: Rows(tuple(_read(edition, day))))


def _read(edition: int, day: datetime.date) -> list[OfferedProduct]:
    links = _links(edition, day)
    lines = _lines(edition, day, links)
    certificates = _certificates(lines, edition)
    grouped: dict[int, list[ProductLine]] = defaultdict(list)
    for line in lines:
        grouped[line.product_id].append(line)
    rows = []
    for product, own in grouped.items():
        main = max(own, key=speaks_louder)
        certificate = certificates.get(main.certificate_id or 0)
        found = _best(links[0].get(product, []), links[1].get(main.enterprise_id, []))
        if certificate and found:
            rows.append(
                OfferedProduct(main, tuple(sorted({line.publisher for line in own})), certificate, found)
            )
    return sorted(rows, key=lambda row: row.number, reverse=True)


def _best(own: list[Link], of_enterprise: list[Link]) -> tuple[Link, ...]:
    """The product's own page on a platform, and else the shop of its enterprise there."""
    by_platform = {link.platform: link for link in (*of_enterprise, *own)}
    return tuple(by_platform[slug] for slug in sorted(by_platform))


ByTarget = dict[int, list[Link]]


def _links(edition: int, day: datetime.date) -> tuple[ByTarget, ByTarget]:
    """By product and by enterprise: links whose host the platform allows at that edition."""
    platforms = platforms_at(edition, day)
    versions = ShopVersion.objects.shown(edition, day).select_related("shop").order_by("shop_id")
    products: ByTarget = defaultdict(list)
    enterprises: ByTarget = defaultdict(list)
    for version in versions:
        known = platforms.get(version.platform_slug)
        if known is None or not is_allowed(version.url, known.hosts):
            continue
        shop = version.shop
        kind = "product" if shop.product_id else "enterprise"
        link = Link(shop.pk, version.platform_slug, kind, version.title, version.url, version.host)
        target = products[shop.product_id] if shop.product_id else enterprises[shop.enterprise_id]
        target.append(link)
    return products, enterprises


def _lines(edition: int, day: datetime.date, links: tuple[ByTarget, ByTarget]) -> list[ProductLine]:
    """Certified current lines that some link may belong to."""
    if not any(links):
        return []
    shops = ShopVersion.objects.shown(edition, day)
    owned = shops.filter(shop__product__isnull=True).values("shop__enterprise")
    reached = Q(product__in=shops.filter(shop__product__isnull=False).values("shop__product"))
    lines = ProductLine.objects.public(edition).filter(
        reached | Q(enterprise__in=owned), basis=ProductLine.Basis.CERTIFICATE
    )
    current = product_bitmaps(edition, day).of("current")
    return [line for line in lines if line.pk in current]


def _certificates(lines: list[ProductLine], edition: int) -> dict[int, CertificateLine]:
    """In pieces, since a database takes only so many parameters at once."""
    wanted = sorted({line.certificate_id for line in lines if line.certificate_id})
    found: dict[int, CertificateLine] = {}
    for start in range(0, len(wanted), 5000):
        chunk = wanted[start : start + 5000]
        for line in CertificateLine.objects.public(edition).filter(certificate__in=chunk):
            found[line.certificate_id] = line
    return found
