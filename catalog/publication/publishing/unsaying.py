"""What was never public says a redacted value no more: working rows and their before-images.

The public is past the door by then, so these go in short steps; until they are through, what still says the value is
refused to everybody who would publish it (`restating`). Whoever ends the process in between orders the redaction again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, Product
from portal.core import bulk
from portal.core.audit.models import Change
from portal.core.busy import breathe
from portal.core.index.documents import in_lists

from ..compiling.redactable import PLACEHOLDER, REDACTABLE
from .locks import lock_registers
from .reach import Reach, lines_within

ROWS_A_LOOK, ROWS_A_STEP, PKS_A_QUERY = 5_000, 1_000, 10_000
Row = tuple[Any, ...]


def redact_working_rows(reach: Reach) -> None:
    """Before-images after their rows: whoever edits one in between leaves another."""
    for rows in _working(reach):
        _in_steps(rows, _texts(rows.model), reach, _empty)
    _in_steps(_former(reach), ["name"], reach, lambda held, _reach: held.delete())
    for changes in _changes(reach):
        _in_steps(changes, ["before"], reach, _redact_changes)


def still_said(reach: Reach, is_meant: Callable[[str], bool]) -> list[str]:
    """The texts meant that stand in lines, working rows or before-images yet."""
    tables: list[tuple[models.QuerySet[Any], Sequence[str]]] = [
        (lines, REDACTABLE[lines.model]) for lines in lines_within(reach)
    ]
    tables += [*((rows, _texts(rows.model)) for rows in _working(reach)), (_former(reach), ["name"])]
    tables += [(changes, ["before"]) for changes in _changes(reach)]
    told = {text for rows, columns in tables for row in _rows(rows, columns) for text in _said(row)}
    return sorted(filter(is_meant, told))


def _working(reach: Reach) -> tuple[models.QuerySet[Any], ...]:
    return (
        Enterprise.objects.filter(pk__in=reach.enterprises),
        Certificate.objects.filter(pk__in=reach.certificates),
        Product.objects.filter(enterprise__in=reach.enterprises),
    )


def _former(reach: Reach) -> models.QuerySet[Any]:
    return FormerName.objects.filter(enterprise__in=reach.enterprises)


def _changes(reach: Reach) -> Iterator[models.QuerySet[Any]]:
    held = Change.objects.exclude(before={})
    for rows in _working(reach):
        pks = map(str, rows.order_by("pk").values_list("pk", flat=True))
        for some in in_lists(pks, PKS_A_QUERY):
            yield held.filter(target=rows.model._meta.label_lower, target_id__in=some)
    # Rows of former names may be gone while their before-images stand; their words are looked for in all of these.
    yield held.filter(target=FormerName._meta.label_lower)


def _texts(model: Any) -> list[str]:
    text = (models.CharField, models.TextField)
    return [name for name in model.tracked_fields() if isinstance(model._meta.get_field(name), text)]


def _rows(rows: models.QuerySet[Any], columns: Sequence[str]) -> Iterator[Row]:
    last = -1
    while found := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *columns)[:ROWS_A_LOOK]):
        yield from found
        last = found[-1][0]


def _said(row: Row) -> Iterable[str]:
    for value in row[1:]:
        if isinstance(value, list):  # former names, in a line
            value = {at: item["name"] for at, item in enumerate(value)}
        yield from filter(_is_text, value.values() if isinstance(value, dict) else [value])


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _in_steps(
    rows: models.QuerySet[Any],
    columns: Sequence[str],
    reach: Reach,
    empty: Callable[[models.QuerySet[Any], Reach], object],
) -> None:
    """Looked at without a lock; those that say a value are held and emptied, some at a time."""
    saying = [row[0] for row in _rows(rows, columns) if any(map(reach.names, _said(row)))]
    for some in in_lists(saying, ROWS_A_STEP):
        with transaction.atomic():
            lock_registers()
            empty(rows.model.objects.filter(pk__in=some).order_by("pk").select_for_update(), reach)
        breathe()


def _empty(held: models.QuerySet[Any], reach: Reach) -> None:
    """Without a before-image: it would keep them."""
    texts = _texts(held.model)
    bulk.update(held.model, texts, [_emptied(row, texts, reach) for row in held])
    held.update(updated_at=timezone.now())


def _emptied(row: Any, texts: list[str], reach: Reach) -> Row:
    for name in texts:
        if reach.names(getattr(row, name)):
            setattr(row, name, "" if row._meta.get_field(name).blank else PLACEHOLDER)
    row.derive_keys()
    return row.pk, *(getattr(row, name) for name in texts)


def _redact_changes(held: models.QuerySet[Any], reach: Reach) -> None:
    emptied = []
    for pk, before, redacted in held.values_list("pk", "before", "redacted"):
        if names := [name for name, value in before.items() if reach.names(value)]:
            gone = [*names, *(name for name in before if name.endswith("_key"))]
            left = {name: value for name, value in before.items() if name not in gone}
            emptied.append((pk, left, [*redacted, *gone]))
    bulk.update(Change, ("before", "redacted"), bulk.ready(Change, ("before", "redacted"), emptied))
