"""A long act in short transactions: each locks the run and its draft, does some rows, and says how far the run is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from catalog.publication.models import Batch
from portal.busy import breathe
from portal.workflow import NotAllowed

from .models import ImportRun

ROWS = 500  # of one step: some tenths of a second of the write lock
Item = TypeVar("Item")


@contextmanager
def step(run: ImportRun, state: str, rows: int) -> Iterator[ImportRun]:
    """One short transaction on a run in `state`. Raises NotAllowed where the run or its draft moved on meanwhile."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != state:
            raise NotAllowed("step.state", f"现在的状态是「{locked.get_state_display()}」，请刷新页面查看。")
        yield locked
        locked.done += rows
        locked.updated_at = timezone.now()
        locked.save(update_fields=["done", "batch", "updated_at"])
    run.done, run.batch = locked.done, locked.batch
    breathe()


def lock_draft(run: ImportRun) -> Batch:
    assert run.batch_id is not None  # noqa: S101 - something of it lies there
    batch = Batch.objects.select_for_update().get(pk=run.batch_id)
    if batch.state != Batch.State.DRAFT:
        state = batch.get_state_display()
        raise NotAllowed(
            "import.not_draft", f"批次 {batch.slug} 的状态是「{state}」，不能再撤回导入。请先退回编制。"
        )
    return batch


def parts(items: list[Item], size: int = ROWS) -> Iterator[list[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


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
