"""Puts things into a draft batch: by list, by act on one enterprise, certificate or product; and takes them out again."""

import datetime
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from portal.core import bulk
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.busy import breathe
from portal.core.editions.models import PublicQuerySet
from portal.core.workflow import NotAllowed

from ..models import (
    NATIONAL,
    Action,
    Batch,
    BatchEntry,
    CertificateLine,
    EnterpriseLine,
    ListingStatus,
    ProductLine,
    ReasonCode,
)
from .compose import POSSIBLE_FROM, in_chunks
from .mandates import COMPILER, Mandate

Target = Enterprise | Certificate | Product
AT_ONCE = 2_000  # entries of one transaction


@dataclass(frozen=True)
class Reason:
    """Why something is suspended, removed, resumed or corrected: what its line will say."""

    reason_code: str = ""
    reason: str = ""
    fact_on: datetime.date | None = None
    authority: str = ""
    document: str = ""


NO_REASON = Reason()
CLERICAL = Reason(reason_code=ReasonCode.CLERICAL, reason="更正文字差错")


def enter_enterprises(
    batch: Batch,
    enterprises: Iterable[Enterprise],
    *,
    by,
    source: str = "",
    reason: Reason = NO_REASON,
    under: Mandate = COMPILER,
) -> int:
    """Put enterprises into the draft, each with the action that fits what is public; returns how many were new to it."""
    order = _Order(by, source, reason, under)
    return _enter(batch, list(enterprises), "enterprise", EnterpriseLine, order)


def enter_products(
    batch: Batch,
    products: Iterable[Product],
    *,
    by,
    source: str = "",
    reason: Reason = NO_REASON,
    under: Mandate = COMPILER,
) -> int:
    """Put products into the draft; their certificates come along when the batch is frozen."""
    return _enter(batch, list(products), "product", ProductLine, _Order(by, source, reason, under))


def enter_certificates(
    batch: Batch, certificates: Iterable[Certificate], *, by, source: str = "", reason: Reason = NO_REASON
) -> int:
    """Put certificates whose data or status changed into the draft."""
    with transaction.atomic():
        _lock_draft(batch, by)
        own = batch.entries.filter(certificate__isnull=False)
        present = set(own.values_list("certificate_id", flat=True))
        wanted = {one.pk: one for one in certificates if one.pk not in present}
        current = CertificateLine.objects.current().values_list("certificate_id", flat=True)
        statuses = dict.fromkeys(in_chunks(current, "certificate", wanted), ListingStatus.LISTED)
        entries = [
            _entry(batch, *_fitting(batch, statuses.get(pk), source, reason), certificate=certificate)
            for pk, certificate in wanted.items()
        ]
        return _save(batch, entries, by)


def enter_missing_enterprises(batch: Batch, *, by) -> int:
    """Put in the enterprises of the draft's products that no directory lists and the draft does not name."""
    wanted = Enterprise.objects.filter(
        pk__in=batch.entries.filter(product__isnull=False).values("product__enterprise")
    ).exclude(
        pk__in=EnterpriseLine.objects.current()
        .filter(listing_status=ListingStatus.LISTED)
        .values("enterprise")
    )
    return enter_enterprises(batch, wanted, by=by)


@dataclass(frozen=True)
class Touched:
    """The current lines that an act reaches: its size is shown before anything is entered."""

    enterprises: PublicQuerySet
    products: PublicQuerySet

    @property
    def count(self) -> int:
        return self.enterprises.count() + self.products.count()


def touched_by(batch: Batch, target: Target, action: str) -> Touched:
    """Every current line that the act reaches. A national batch reaches all publishers, a local one only its own."""
    sources = [status for status in POSSIBLE_FROM[action] if status is not None]
    enterprises = EnterpriseLine.objects.current().filter(listing_status__in=sources)
    products = ProductLine.objects.current().filter(listing_status__in=sources)
    if isinstance(target, Enterprise):
        enterprises, products = enterprises.filter(enterprise=target), products.filter(enterprise=target)
    elif isinstance(target, Certificate):
        enterprises, products = enterprises.none(), products.filter(certificate=target)
    else:
        enterprises = enterprises.none()
        products = products.filter(product=target, publisher=batch.publisher)
    if batch.publisher != NATIONAL:
        enterprises = enterprises.filter(publisher=batch.publisher)
        products = products.filter(publisher=batch.publisher)
    return Touched(enterprises, products)


def act_on(
    batch: Batch,
    target: Target,
    action: str,
    *,
    by,
    reason: Reason,
    source: str = "",
    under: Mandate = COMPILER,
) -> int:
    """Suspend, resume or remove everything listed of an enterprise, a certificate or one product; returns the entries made.

    Lines that the draft already names get the new action in place of the old one.
    """
    if action not in {Action.SUSPEND, Action.RESUME, Action.REMOVE}:
        raise NotAllowed("entry.action", "只能暂停、恢复或移出。")
    if action != Action.RESUME and not (reason.reason_code and reason.reason.strip()):
        raise NotAllowed("entry.reason", "请选择原因，并写一句说明：公众会看到它。")
    with transaction.atomic():
        _lock_draft(batch, by, under)
        touched = touched_by(batch, target, action)
        enterprises = list(touched.enterprises.values_list("enterprise_id", "publisher"))
        products = list(touched.products.values_list("product_id", "publisher"))
        if not enterprises and not products:
            raise NotAllowed(
                "entry.nothing",
                f"「{target}」没有可以{Action(action).label}的在列内容，请先查看它现在的状态。",
            )
        for enterprise_id, publisher in enterprises:
            batch.entries.filter(enterprise=enterprise_id, publisher=publisher).delete()
        batch.entries.filter(product__in=touched.products.values("product")).delete()
        told = {"batch_id": batch.pk, "action": action, "source": source, **asdict(reason)}
        _insert("enterprise_id", enterprises, told)
        _insert("product_id", products, told)
        return _noted(batch, len(enterprises) + len(products), by)


def _insert(target: str, named: list[tuple[int, str]], told: dict[str, Any]) -> None:
    """One enterprise may have 20,000 products, and its entries are made all or none: so without an instance of each."""
    rows = ((pk, publisher, *told.values()) for pk, publisher in named)
    bulk.insert(BatchEntry, (target, "publisher", *told), rows)


def take_out(batch: Batch, entries, *, by, under: Mandate = COMPILER) -> int:
    """Take entries (a queryset of this draft's entries) out of the draft again, some at a time as they are put in."""
    ids = list(entries.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(ids) or 1, AT_ONCE):
        if start:
            breathe()
        with transaction.atomic():
            _lock_draft(batch, by, under)
            part = ids[start : start + AT_ONCE]
            count += batch.entries.filter(pk__in=part).delete()[0]
            if start + AT_ONCE >= len(ids):
                record("batch.entries_taken_out", batch, by=by, count=count)
    return count


@dataclass(frozen=True)
class _Order:
    by: User
    source: str
    reason: Reason
    under: Mandate


def _enter(batch: Batch, targets: list, register: str, lines, order: _Order) -> int:
    """Some at a time, each in a transaction of its own unless the caller has one: entries only ever add up."""
    count = 0
    for start in range(0, len(targets), AT_ONCE):
        if start:
            breathe()
        with transaction.atomic():
            count += _enter_some(batch, targets[start : start + AT_ONCE], register, lines, order)
    return count


def _enter_some(batch: Batch, targets: list, register: str, lines, order: _Order) -> int:
    _lock_draft(batch, order.by, order.under)
    ids = {target.pk for target in targets}
    own = batch.entries.filter(publisher=batch.publisher).values_list(f"{register}_id", flat=True)
    present = set(in_chunks(own, register, ids))
    current = lines.objects.current().filter(publisher=batch.publisher)
    statuses = {
        getattr(line, f"{register}_id"): line.listing_status for line in in_chunks(current, register, ids)
    }
    entries = [
        _entry(
            batch,
            *_fitting(batch, statuses.get(target.pk), order.source, order.reason),
            **{register: target},
        )
        for target in targets
        if target.pk not in present
    ]
    return _save(batch, entries, order.by)


def _fitting(batch: Batch, status: str | None, source: str, reason: Reason) -> tuple[str, str, Reason]:
    """The action that leads from what is public to the working data."""
    if status is None:
        return Action.LIST, source, reason
    if batch.kind == Batch.Kind.ERRATUM:
        return Action.CORRECT, source, reason if reason.reason_code else CLERICAL
    return (Action.RELIST if status == ListingStatus.REMOVED else Action.CHANGE), source, reason


def _entry(
    batch: Batch, action: str, source: str, reason: Reason, *, publisher: str = "", **target
) -> BatchEntry:
    if action == Action.CORRECT and not reason.reason_code:
        reason = CLERICAL
    return BatchEntry(
        batch=batch,
        publisher=publisher or batch.publisher,
        action=action,
        source=source,
        **asdict(reason),
        **target,
    )


def _save(batch: Batch, entries: list[BatchEntry], by) -> int:
    BatchEntry.objects.bulk_create(entries, batch_size=2000)
    return _noted(batch, len(entries), by)


def _noted(batch: Batch, count: int, by) -> int:
    if count:
        record("batch.entries_added", batch, by=by, count=count)
    return count


def _lock_draft(batch: Batch, by, under: Mandate = COMPILER) -> None:
    """Hold the batch row, so that nothing is added while it is being submitted."""
    state = Batch.objects.select_for_update().get(pk=batch.pk).state
    if state != Batch.State.DRAFT:
        label = Batch.State(state).label
        raise NotAllowed(
            "batch.state", f"批次 {batch.slug} 的状态是「{label}」，不能再改内容。请退回编制，或另开一批。"
        )
    under.check(batch, by)
