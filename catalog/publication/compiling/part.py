"""Some entries of a draft, composed as they would be among all others: what a page of a draft costs, however long it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from catalog.products.models import Product

from ..models import Batch, BatchEntry, EnterpriseLine, ListingStatus, ProductLine
from .compose import Composer, Composition


@dataclass(frozen=True)
class Part:
    """`follow` counts the public lines that will be issued anew for an enterprise or a certificate, by register and target."""

    composition: Composition
    follow: Counter[tuple[str, int]]


def compose_part(batch: Batch, entries: Sequence[BatchEntry]) -> Part:
    """The lines of these entries and of those that they rest on; what follows them is counted only."""
    composer = Composer(batch, [*entries, *_bases(batch, entries)])
    composer.compose_entries()
    composition = composer.judged()
    return Part(composition, _following(composition))


def _bases(batch: Batch, entries: Sequence[BatchEntry]) -> list[BatchEntry]:
    """The other entries of the makers and of the certificates of their products."""
    products = Product.objects.filter(pk__in=[entry.product_id for entry in entries if entry.product_id])
    others = batch.entries.exclude(pk__in=[entry.pk for entry in entries])
    return [
        *others.filter(enterprise__in=products.values("enterprise")),
        *others.filter(certificate__in=products.values("certificate")),
    ]


def _following(composition: Composition) -> Counter[tuple[str, int]]:
    changed, reissued = composition.changed_enterprises, composition.reissued_certificates
    own = [line.replaces_id for line in composition.enterprises]
    return (
        _counted(ProductLine.objects.current(), "enterprise", list(changed))
        + _counted(EnterpriseLine.objects.current().exclude(pk__in=own), "enterprise", list(changed))
        + _counted(ProductLine.objects.current(), "certificate", list(reissued))
    )


def _counted(lines: QuerySet, target: str, ids: list[int]) -> Counter[tuple[str, int]]:
    listed = lines.exclude(listing_status=ListingStatus.REMOVED).filter(**{f"{target}__in": ids})
    counts = listed.order_by().values_list(target).annotate(count=Count("pk"))
    return Counter({(target, pk): count for pk, count in counts})
