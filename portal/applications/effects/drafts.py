"""How what an office approved gets into the draft batches: the line action is always the one that fits what is public."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from catalog.publication.compiling import compile as compiling
from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import (
    NATIONAL,
    Action,
    Batch,
    BatchEntry,
    EnterpriseLine,
    ListingStatus,
    ProductLine,
)
from portal.core.workflow import NotAllowed

from .decision import Decision

FROZEN = (Batch.State.SUBMITTED, Batch.State.APPROVED, Batch.State.IN_NOTICE)
OPEN = (Batch.State.DRAFT, *FROZEN)


def draft_for(decision: Decision, publisher: str, kind: str) -> Batch:
    """The publisher's one open draft of that kind, opened where there is none."""
    return current_draft(publisher, kind, by=decision.by, under=decision.mandate)


def enter_new_products(decision: Decision, products: list[Product]) -> list[str]:
    """Into the publisher's next batch, with their enterprise where no directory lists it. Slugs of the drafts."""
    batch = draft_for(decision, decision.application.publisher, Batch.Kind.BATCH)
    _enter_products(decision, batch, products)
    enterprises = Enterprise.objects.filter(pk__in={product.enterprise_id for product in products})
    missing = [enterprise for enterprise in enterprises if not _is_in_directory(enterprise, batch.publisher)]
    if missing:
        compiling.enter_enterprises(
            batch, missing, by=decision.by, source=decision.source, under=decision.mandate
        )
    return [batch.slug]


def enter_changed_products(decision: Decision, products: list[Product]) -> list[str]:
    """Listed ones into the next adjustment of every publisher that lists them; the others into the next batch."""
    by_publisher, unlisted = _listed(products)
    slugs = []
    for publisher, listed in sorted(by_publisher.items()):
        batch = draft_for(decision, publisher, Batch.Kind.ADJUSTMENT)
        _enter_products(decision, batch, listed)
        slugs.append(batch.slug)
    waiting = set(open_entries().filter(product__in=unlisted).values_list("product_id", flat=True))
    new = [product for product in unlisted if product.pk not in waiting]
    return slugs + (enter_new_products(decision, new) if new else [])


def enter_changed_enterprise(decision: Decision, enterprise: Enterprise, *, in_all: bool) -> list[str]:
    """Only where the enterprise is listed: nowhere else is there anything to change.

    A new name or place is carried to the lists of all publishers when one batch is frozen, so one draft is enough; what
    is not carried along (`in_all`) goes to each.
    """
    lines = EnterpriseLine.objects.current().filter(enterprise=enterprise)
    listed = set(lines.exclude(listing_status=ListingStatus.REMOVED).values_list("publisher", flat=True))
    publishers = sorted(listed, key=lambda publisher: (publisher != NATIONAL, publisher))
    slugs = []
    for publisher in publishers if in_all else publishers[:1]:
        batch = draft_for(decision, publisher, Batch.Kind.ADJUSTMENT)
        compiling.enter_enterprises(
            batch, [enterprise], by=decision.by, source=decision.source, under=decision.mandate
        )
        slugs.append(batch.slug)
    return slugs


def open_entries() -> Any:
    """Entries of batches that are not out yet."""
    return BatchEntry.objects.filter(batch__state__in=OPEN)


def refuse_frozen(enterprise: Enterprise | None = None, products: Iterable[Product] = ()) -> None:
    """What is frozen in a batch that is not out yet cannot follow a change: its case waits for the publication.

    Raises NotAllowed and names the batch.
    """
    frozen = BatchEntry.objects.filter(batch__state__in=FROZEN)
    of_them = Q(product__in=[product.pk for product in products])
    if enterprise is not None:
        of_them |= Q(enterprise=enterprise)
    entry = frozen.filter(of_them).select_related("batch").first()
    if entry is not None:
        raise NotAllowed(
            "case.frozen",
            f"有关内容正在批次 {entry.batch.slug}（{entry.batch.get_state_display()}）中，"
            "现在改会前后不一致。请等这一批公布或退回编制以后再批准。",
        )


def _enter_products(decision: Decision, batch: Batch, products: list[Product]) -> None:
    compiling.enter_products(batch, products, by=decision.by, source=decision.source, under=decision.mandate)


def _listed(products: list[Product]) -> tuple[dict[str, list[Product]], list[Product]]:
    """Products by the publishers that list them, and those that nobody lists."""
    by_key = {product.pk: product for product in products}
    lines = ProductLine.objects.current().filter(product__in=by_key)
    pairs = lines.exclude(listing_status=ListingStatus.REMOVED).values_list("product_id", "publisher")
    by_publisher: dict[str, list[Product]] = defaultdict(list)
    for key, publisher in pairs.order_by("product_id"):
        by_publisher[publisher].append(by_key[key])
    listed = {key for key, _publisher in pairs}
    return by_publisher, [product for product in products if product.pk not in listed]


def _is_in_directory(enterprise: Enterprise, publisher: str) -> bool:
    """Listed by anybody, or on its way into this publisher's directory."""
    lines = EnterpriseLine.objects.current().filter(
        enterprise=enterprise, listing_status=ListingStatus.LISTED
    )
    coming = BatchEntry.objects.filter(
        enterprise=enterprise,
        publisher=publisher,
        batch__state__in=FROZEN,
        action__in=[Action.LIST, Action.RELIST],
    )
    return lines.exists() or coming.exists()
