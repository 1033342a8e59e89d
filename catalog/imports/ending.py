"""Takes off the list what a complete file no longer names: only what was chosen, and much only with its number typed."""

import datetime
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.conf import settings

from catalog.enterprises.models import Enterprise
from catalog.publication.compiling.compile import Reason, act_on
from catalog.publication.compiling.endings import listed_count
from catalog.publication.models import (
    Action,
    Batch,
    BatchEntry,
    EnterpriseLine,
    ListingStatus,
    ProductLine,
)
from portal.core.accounts.models import User
from portal.core.workflow import NotAllowed, Step, take

from .importing import batch_of
from .models import ImportRun
from .saving.steps import halt, parts, step

State = ImportRun.State
BEGIN = Step("import.ending_begun", "移出缺少的", "imports.run", (State.CHECKED, State.SAVED), State.SAVING)
END = Step("import.missing_ended", "移出缺少的", "imports.run", (State.SAVING,), State.SAVED)
ORDER = "ending"  # in the report: what was chosen, until it is carried out
ENTERPRISES = 20  # of one step: each brings its products with it


def must_type_number(run: ImportRun, count: int) -> bool:
    """Whether so many are more of the list than may go without a second thought."""
    listed = listed_count(_lines(run), run.publisher)
    return bool(listed) and 100 * count > settings.LISTING_END_CONFIRM_PERCENT * listed


def end_missing(
    run: ImportRun, ids: Collection[int], *, reason: Reason, by: User, typed: int | None = None
) -> int:
    """Enter the removal of chosen rows into the draft; returns how many. Raises NotAllowed."""
    count = begin(run, ids, reason=reason, by=by, typed=typed)
    run.refresh_from_db()
    go_on_ending(run, by=by)
    return count


def begin(run: ImportRun, ids: Collection[int], *, reason: Reason, by: User, typed: int | None = None) -> int:
    """Check the choice and write it down, so that it is carried out even if the process ends. How many were chosen."""
    chosen = _still_missing(run, ids)

    def choose(locked: ImportRun) -> None:
        _check(locked, chosen, reason, typed)
        locked.batch = batch_of(locked, by=by)
        day = reason.fact_on.isoformat() if reason.fact_on else None
        order = {"ids": chosen, "reason": asdict(reason) | {"fact_on": day}}
        locked.report, locked.done = locked.report | {ORDER: order}, 0

    take(BEGIN, run, by=by, reason=reason.reason, effect=choose)
    return len(chosen)


def is_under_way(run: ImportRun) -> bool:
    return run.state == State.SAVING and ORDER in run.report


def go_on_ending(run: ImportRun, *, by: User) -> ImportRun:
    """The steps, also those that a killed job left over. Each row of the order counts as one that is done."""
    order = run.report[ORDER]
    reason, ids = _reason_of(order), order["ids"]
    is_products = run.register == ImportRun.Register.PRODUCTS
    if not is_products:
        run.step_rows = ENTERPRISES
    try:
        for part in parts(ids[run.done :], run):
            with step(run, State.SAVING, len(part)) as locked:
                batch = batch_of(locked, by=by)
                (_enter_products if is_products else _enter_enterprises)(batch, part, reason, run.source, by)
    except NotAllowed as refusal:
        halt(run, State.FAILED, refusal)
        raise

    def finish(locked: ImportRun) -> dict[str, Any]:
        locked.report = {name: value for name, value in locked.report.items() if name != ORDER}
        slug = run.batch.slug if run.batch else ""
        return {"batch": slug, "count": len(ids), "reason_code": reason.reason_code}

    return take(END, run, by=by, reason=reason.reason, effect=finish)


def _reason_of(order: dict[str, Any]) -> Reason:
    values = order["reason"]
    day = values["fact_on"]
    return Reason(**values | {"fact_on": datetime.date.fromisoformat(day) if day else None})


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
    return sorted(wanted.intersection(listed.iterator()))  # one pass, however many were chosen


def _enter_enterprises(batch: Batch, ids: list[int], reason: Reason, source: str, by: User) -> None:
    for enterprise in Enterprise.objects.filter(pk__in=ids):
        act_on(batch, enterprise, Action.REMOVE, by=by, reason=reason, source=source)


def _enter_products(batch: Batch, ids: list[int], reason: Reason, source: str, _by: User) -> None:
    """Entries that say something else of these products are replaced."""
    BatchEntry.objects.filter(batch=batch, publisher=batch.publisher, product__in=ids).delete()
    BatchEntry.objects.bulk_create(
        BatchEntry(
            batch=batch,
            publisher=batch.publisher,
            product_id=pk,
            action=Action.REMOVE,
            source=source,
            **asdict(reason),
        )
        for pk in ids
    )
