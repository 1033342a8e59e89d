"""What was never public says a redacted value no more: working rows and their before-images."""

from typing import Any

from django.db import models
from django.utils import timezone

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, Product
from portal.core import bulk
from portal.core.audit.models import Change
from portal.core.index.documents import in_lists

from ..compiling.redactable import PLACEHOLDER
from .reach import Reach

PKS_A_QUERY = 10_000


def redact_working_rows(reach: Reach) -> None:
    """Enterprises, certificates, products, in this order and each by number: see the order of locks."""
    working: tuple[models.QuerySet[Any], ...] = (
        Enterprise.objects.filter(pk__in=reach.enterprises),
        Certificate.objects.filter(pk__in=reach.certificates),
        Product.objects.filter(enterprise__in=reach.enterprises),
    )
    held = [(rows.model, _redact_rows(rows, reach)) for rows in working]
    former = FormerName.objects.filter(enterprise__in=reach.enterprises).values_list("pk", "name")
    FormerName.objects.filter(pk__in=[pk for pk, name in former if reach.names(name)]).delete()
    for model, pks in held:
        changes = Change.objects.filter(target=model._meta.label_lower)
        for some in in_lists(map(str, pks), PKS_A_QUERY):
            _redact_changes(changes.filter(target_id__in=some), reach)
    # Rows of former names may be gone while their before-images stand; their words are looked for in all of these.
    _redact_changes(Change.objects.filter(target=FormerName._meta.label_lower), reach)


def _redact_rows(rows: models.QuerySet[Any], reach: Reach) -> list[int]:
    """Lock them, take the values out, without a before-image: it would keep them. The ids of all that are locked."""
    texts = _texts(rows.model)
    locked = list(rows.select_for_update().order_by("pk").values_list("pk", *texts))
    saying = [pk for pk, *said in locked if any(map(reach.names, said))]
    for some in in_lists(saying, PKS_A_QUERY):
        emptied = [
            _emptied(row, texts, reach) for row in rows.model.objects.filter(pk__in=some).order_by("pk")
        ]
        bulk.update(rows.model, texts, emptied)
        rows.model.objects.filter(pk__in=some).update(updated_at=timezone.now())
    return [pk for pk, *_said in locked]


def _texts(model: Any) -> list[str]:
    text = (models.CharField, models.TextField)
    return [name for name in model.tracked_fields() if isinstance(model._meta.get_field(name), text)]


def _emptied(row: Any, texts: list[str], reach: Reach) -> tuple[Any, ...]:
    for name in texts:
        if reach.names(getattr(row, name)):
            setattr(row, name, "" if row._meta.get_field(name).blank else PLACEHOLDER)
    row.derive_keys()
    return row.pk, *(getattr(row, name) for name in texts)


def _redact_changes(changes: models.QuerySet[Change], reach: Reach) -> None:
    held = changes.exclude(before={}).select_for_update().order_by("pk")
    emptied = []
    for pk, before, redacted in held.values_list("pk", "before", "redacted"):
        if names := [name for name, value in before.items() if reach.names(value)]:
            gone = [*names, *(name for name in before if name.endswith("_key"))]
            left = {name: value for name, value in before.items() if name not in gone}
            emptied.append((pk, left, [*redacted, *gone]))
    bulk.update(Change, ("before", "redacted"), bulk.ready(Change, ("before", "redacted"), emptied))
