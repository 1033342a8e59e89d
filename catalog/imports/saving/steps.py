"""A long act in short transactions: each locks the run and its draft, does some rows, and says how far the run is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from catalog.publication.models import Batch
from catalog.publication.publishing.locks import lock_registers
from portal.core.busy import breathe
from portal.core.workflow import NotAllowed

from ..models import ImportRun

SMALLEST = 20  # rows of one step on the slowest machine; the most is `ImportRun.step_rows`
WANTED = 0.4  # seconds of the write lock
Item = TypeVar("Item")


@contextmanager
def step(run: ImportRun, state: str, rows: int) -> Iterator[ImportRun]:
    """One short transaction on a run in `state`. Raises NotAllowed where the run or its draft moved on meanwhile."""
    began = time.perf_counter()
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != state:
            raise NotAllowed("step.state", f"现在的状态是「{locked.get_state_display()}」，请刷新页面查看。")
        yield locked
        locked.done += rows
        locked.updated_at = timezone.now()
        locked.save(update_fields=["done", "batch", "updated_at"])
    run.done, run.batch = locked.done, locked.batch
    run.step_rows = _fitting(run.step_rows, time.perf_counter() - began)
    breathe()


def _fitting(rows: int, seconds: float) -> int:
    """As many rows as the next step may have: a machine that is busy with other things gets less to do at once."""
    return min(ImportRun.step_rows, max(SMALLEST, int(rows * WANTED / max(seconds, 0.001))))


def lock_draft(run: ImportRun) -> Batch:
    """The draft, and the registers before any working row: see the order of locks in portal.core.editions."""
    assert run.batch_id is not None  # noqa: S101 - something of it lies there
    batch = Batch.objects.select_for_update().get(pk=run.batch_id)
    if batch.state != Batch.State.DRAFT:
        state = batch.get_state_display()
        raise NotAllowed(
            "import.not_draft", f"批次 {batch.slug} 的状态是「{state}」，不能再撤回导入。请先退回编制。"
        )
    lock_registers()
    return batch


def parts(items: list[Item], run: ImportRun) -> Iterator[list[Item]]:
    """As many at a time as a step of the run may have."""
    start = 0
    while start < len(items):
        part = items[start : start + run.step_rows]
        yield part
        start += len(part)


def halt(run: ImportRun, state: str, refusal: NotAllowed) -> None:
    """The act cannot go on: its page says why and what to do."""
    run.state, run.report = state, run.report | {"refusal": refusal.sentence}
    run.save(update_fields=["state", "report", "updated_at"])


def go_on(attempt: Callable[[], Any], run: ImportRun, again: type[Exception], tries: int) -> Any:
    """Try again after `again` as long as something is saved in between. The last one is raised."""
    idle = 0
    while True:
        before = run.done
        try:
            return attempt()
        except again:
            run.refresh_from_db()
            idle = 0 if run.done > before else idle + 1
            if idle == tries:
                raise
