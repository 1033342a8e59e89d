"""Takes off the list what a complete file no longer names: only what was chosen, and much only with its number typed."""

from collections.abc import Collection
from typing import Any

from django.conf import settings

from catalog.enterprises.models import Enterprise
from catalog.publication.compile import Reason, act_on
from catalog.publication.compose import in_chunks
from catalog.publication.endings import listed_count
from catalog.publication.models import (
    Action,
    Batch,
    BatchEntry,
    EnterpriseLine,
    ListingStatus,
    ProductLine,
)
from portal.workflow import NotAllowed, Step, take

from .importing import batch_of
from .models import ImportRun

State = ImportRun.State
END = Step("import.missing_ended", "移出缺少的", "imports.run", (State.CHECKED, State.SAVED), State.SAVED)


def must_type_number(run: ImportRun, count: int) -> bool:
    """Whether so many are more of the list than may go without a second thought."""
    listed = listed_count(_lines(run), run.publisher)
    return bool(listed) and 100 * count > settings.LISTING_END_CONFIRM_PERCENT * listed


def end_missing(
    run: ImportRun, ids: Collection[int], *, reason: Reason, by: Any, typed: int | None = None
) -> int:
    """Enter the removal of chosen rows into the draft; returns how many. Raises NotAllowed."""
    entered = [0]

    def enter(locked: ImportRun) -> dict[str, Any]:
        chosen = _still_missing(locked, ids)
        _check(locked, chosen, reason, typed)
        batch = batch_of(locked, by=by)
        last = (
            BatchEntry.objects.filter(batch=batch).order_by("-pk").values_list("pk", flat=True).first() or 0
        )
        if locked.register == ImportRun.Register.PRODUCTS:
            _enter_products(batch, chosen, reason, locked.source)
        else:
            for enterprise in Enterprise.objects.filter(pk__in=chosen):
                act_on(batch, enterprise, Action.REMOVE, by=by, reason=reason)
            BatchEntry.objects.filter(batch=batch, pk__gt=last, source="").update(source=locked.source)
        locked.batch = batch
        entered[0] = len(chosen)
        return {"batch": batch.slug, "count": len(chosen), "reason_code": reason.reason_code}

    take(END, run, by=by, reason=reason.reason, effect=enter)
    return entered[0]


def _check(run: ImportRun, chosen: Collection[int], reason: Reason, typed: int | None) -> None:
    report = run.report
    if run.state == State.CHECKED and (
        report.get("fault_count") or report.get("new") or report.get("changed")
    ):
        raise NotAllowed("import.unsaved", "请先导入本文件的内容，再移出缺少的。")
    if not chosen:
        raise NotAllowed("import.nothing_chosen", "没有选中要移出的内容。请勾选，或选择全部。")
    if not (reason.reason_code and reason.reason.strip()):
        raise NotAllowed("entry.reason", "请选择原因，并写一句说明：公众会看到它。")
    if must_type_number(run, len(chosen)) and typed != len(chosen):
        percent = settings.LISTING_END_CONFIRM_PERCENT
        raise NotAllowed(
            "import.number",
            f"要移出 {len(chosen)} 项，超过清单的 {percent}%。请在「移出数量」中填写 {len(chosen)} 确认。",
        )


def _lines(run: ImportRun) -> type[ProductLine] | type[EnterpriseLine]:
    return ProductLine if run.register == ImportRun.Register.PRODUCTS else EnterpriseLine


def _still_missing(run: ImportRun, ids: Collection[int]) -> list[int]:
    """Of the chosen ones those that the check found missing and that are on the list still."""
    wanted = set(ids) & set(run.report.get("missing_ids", []))
    column = "product" if run.register == ImportRun.Register.PRODUCTS else "enterprise"
    current = _lines(run).objects.current().filter(publisher=run.publisher)
    listed = current.exclude(listing_status=ListingStatus.REMOVED).values_list(f"{column}_id", flat=True)
    return sorted(in_chunks(listed, column, wanted))


def _enter_products(batch: Batch, ids: list[int], reason: Reason, source: str) -> None:
    """Entries that say something else of these products are replaced."""
    for start in range(0, len(ids), 5000):
        part = ids[start : start + 5000]
        BatchEntry.objects.filter(batch=batch, publisher=batch.publisher, product__in=part).delete()
        BatchEntry.objects.bulk_create(
            BatchEntry(
                batch=batch,
                publisher=batch.publisher,
                product_id=pk,
                action=Action.REMOVE,
                reason_code=reason.reason_code,
                reason=reason.reason,
                fact_on=reason.fact_on,
                authority=reason.authority,
                document=reason.document,
                source=source,
            )
            for pk in part
        )
