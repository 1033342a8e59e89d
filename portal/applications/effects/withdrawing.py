"""Products, or everything of an enterprise, leave the lists because the enterprise asks for it."""

from typing import Any

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from catalog.publication.compiling import compile as compiling
from catalog.publication.compiling.compile import Reason
from catalog.publication.models import (
    NATIONAL,
    Action,
    Batch,
    BatchEntry,
    EnterpriseLine,
    ListingStatus,
    ProductLine,
    ReasonCode,
)
from portal.core.editions import clock
from portal.core.workflow import NotAllowed

from .decision import Decision
from .drafts import draft_for, refuse_frozen


def withdraw(decision: Decision) -> dict[str, Any]:
    """Removed in the next adjustment wherever it is listed, and taken out of the drafts that it waits in.

    A case for the national list reaches every list, one for a region's list only that.
    """
    enterprise = decision.enterprise
    wanted = _wanted(decision, enterprise)
    is_whole = decision.values["scope"] == "enterprise"
    refuse_frozen(enterprise if is_whole else None, wanted)
    slugs = _remove_whole(decision, enterprise) if is_whole else _remove_products(decision, wanted)
    taken = _take_out(decision, wanted, enterprise if is_whole else None)
    if not slugs and not taken:
        raise NotAllowed("case.nothing_listed", "没有可以退出的内容：都不在清单上。请不予通过，并说明。")
    return {"drafts": slugs, "taken_out": taken}


def _wanted(decision: Decision, enterprise: Enterprise) -> list[Product]:
    products = Product.objects.filter(enterprise=enterprise)
    if decision.values["scope"] != "enterprise":
        products = products.filter(pk__in=[item.product_id for item in decision.items])
    return list(products.order_by("pk"))


def _remove_whole(decision: Decision, enterprise: Enterprise) -> list[str]:
    publisher = decision.application.publisher
    enterprises = _reached(EnterpriseLine, publisher).filter(enterprise=enterprise)
    products = _reached(ProductLine, publisher).filter(enterprise=enterprise)
    if not enterprises.exists() and not products.exists():
        return []
    return [_act(decision, publisher, enterprise)]


def _remove_products(decision: Decision, products: list[Product]) -> list[str]:
    by_key = {product.pk: product for product in products}
    lines = _reached(ProductLine, decision.application.publisher).filter(product__in=by_key)
    pairs = lines.order_by("publisher", "product_id").values_list("publisher", "product_id")
    return sorted({_act(decision, publisher, by_key[key]) for publisher, key in pairs})


def _reached(model: type[Any], publisher: str) -> Any:
    lines = model.objects.current().exclude(listing_status=ListingStatus.REMOVED)
    return lines if publisher == NATIONAL else lines.filter(publisher=publisher)


def _act(decision: Decision, publisher: str, target: Enterprise | Product) -> str:
    batch = draft_for(decision, publisher, Batch.Kind.ADJUSTMENT)
    reason = Reason(
        ReasonCode.WITHDRAWN,
        f"企业申请退出：{decision.values['reason']}"[:300],
        fact_on=clock.day_of(decision.submission.at),
    )
    compiling.act_on(
        batch,
        target,
        Action.REMOVE,
        by=decision.by,
        reason=reason,
        source=decision.source,
        under=decision.mandate,
    )
    return batch.slug


def _take_out(decision: Decision, products: list[Product], enterprise: Enterprise | None) -> int:
    """Entries that would list or change what leaves; those of the removal itself stay."""
    publisher = decision.application.publisher
    entries = BatchEntry.objects.filter(batch__state=Batch.State.DRAFT).exclude(source=decision.source)
    if publisher != NATIONAL:
        entries = entries.filter(publisher=publisher)
    taken = 0
    for target in ("product", "enterprise"):
        keys = [row.pk for row in products] if target == "product" else [enterprise.pk] if enterprise else []
        doomed = entries.filter(
            **{f"{target}__in": keys}, action__in=[Action.LIST, Action.RELIST, Action.CHANGE]
        )
        for batch in Batch.objects.filter(pk__in=doomed.values("batch")):
            taken += compiling.take_out(batch, doomed, by=decision.by, under=decision.mandate)
    return taken
