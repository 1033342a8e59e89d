"""Before-images of working rows: written whenever a working row is saved with different values, and only then."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from .actors import kept_name
from .models import Change
from .record import record


class Tracked:
    """What a model needs for its rows to leave before-images. `PERSONAL` names its personal fields."""

    PERSONAL: tuple[str, ...] = ()

    @classmethod
    def tracked_fields(cls) -> list[str]:
        """Attribute names of the columns whose before-images are kept."""
        untracked = {"id", "created_at", "updated_at"}
        fields = cls._meta.concrete_fields  # type: ignore[attr-defined]
        return [field.attname for field in fields if field.attname not in untracked]

    def image(self) -> dict:
        return {name: getattr(self, name) for name in self.tracked_fields()}


class WorkingRow(Tracked, models.Model):
    """A row that staff and imports edit and the public never sees."""

    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        abstract = True


TrackedRow = Any  # a model that is Tracked: Python has no way to say both


def change_of(row: TrackedRow, before: dict | None, *, by=None, source: str = "") -> Change | None:
    """The unsaved Change that turns `before` (an `image()`, None for a new row) into `row`; None when nothing changed."""
    if before is None:
        different: dict = {}
    else:
        different = {name: value for name, value in before.items() if getattr(row, name) != value}
        if not different:
            return None
    personal = {name: different.pop(name) for name in row.PERSONAL if name in different}
    return Change(
        actor_id=getattr(by, "pk", None),
        actor_name=kept_name(by)[:150],
        target=row._meta.label_lower,
        target_id=str(row.pk),
        source=source,
        is_created=before is None,
        before=different,
        personal=personal or None,
    )


def save_working(row: TrackedRow, *, by=None, source: str = "") -> bool:
    """Save one working row with its before-image. False, and nothing written, when no tracked value differs."""
    with transaction.atomic():
        before = None
        if not row._state.adding:
            before = type(row)._base_manager.select_for_update().get(pk=row.pk).image()
            if change_of(row, before) is None:
                return False
        row.save()
        change = change_of(row, before, by=by, source=source)
        assert change is not None  # noqa: S101 - a new row or a different one
        change.save()
    return True


def remove_working(row: TrackedRow, *, by=None, source: str = "") -> None:
    """Delete one row that nothing rests on; its whole image stays behind, and an act without its words."""
    with transaction.atomic():
        personal = {name: value for name, value in row.image().items() if name in row.PERSONAL}
        Change.objects.create(
            actor_id=getattr(by, "pk", None),
            actor_name=kept_name(by)[:150],
            target=row._meta.label_lower,
            target_id=str(row.pk),
            source=source,
            before={name: value for name, value in row.image().items() if name not in personal},
            personal=personal or None,
        )
        record(f"{row._meta.model_name}.removed", row, by=by)
        row.delete()


def record_changes(changes: Iterable[Change | None]) -> None:
    """Insert many before-images at once, leaving out rows that did not change."""
    Change.objects.bulk_create([change for change in changes if change is not None], batch_size=2000)
