"""What cases keep of a redacted value: the form as it stands, product lines, everything that was handed in, workbooks.

The digest of a submission stays as it was: it names what was decided on, and nobody computes it again. Scanned papers are
evidence that offices alone may open; they stay.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from catalog.enterprises.models import Enterprise
from catalog.imports.redaction import contains
from catalog.publication.publishing.reach import Reach
from portal.core.files.store import erase

from .forms import FIELDS, ITEM_FIELDS
from .models import Act, Application, Item, Submission, UnsavedForm, Workbook

CHOSEN = {"division", "body", "star", "scope", "campaign", "template_version", "category", "sells_in"}
WRITTEN = {field.name for fields in (*FIELDS.values(), ITEM_FIELDS) for field in fields} - CHOSEN
AT_ONCE = 1_000
FAULT_TEXTS = {"value", "message"}


def redact_matters(reach: Reach) -> None:
    """Every case of the enterprises, whoever began it, and what a machine found in others; locked by number."""
    own = set(_cases(reach).values_list("pk", flat=True))
    _redact_cases(reach, own, own.union(_found_elsewhere(reach)))


@transaction.atomic
def _redact_cases(reach: Reach, own: set[int], all_of_them: set[int]) -> None:
    cases = []
    for case in Application.objects.filter(pk__in=all_of_them).select_for_update().order_by("pk"):
        _write(case, findings=_unsaid(reach, case.findings))
        if case.pk in own:
            cases.append(case)
            personal = _without_all(reach, case.personal)
            _write(case, values=reach.without(case.values, within=WRITTEN), personal=personal)
    of_them = Q(application__in=[case.pk for case in cases])
    for item in Item.objects.filter(of_them):
        _write(
            item, **{name: reach.without(getattr(item, name)) for name in ("name", "models_text", "brand")}
        )
    for handed_in in Submission.objects.filter(of_them):
        _write(
            handed_in,
            values=reach.without(handed_in.values, within=WRITTEN),
            personal=_without_all(reach, handed_in.personal),
            items=reach.without(handed_in.items, within=WRITTEN),
        )
    for form in UnsavedForm.objects.filter(of_them):
        _write(form, fields=_without_all(reach, form.fields))
    for act in Act.objects.filter(of_them).exclude(text="", reasons=[]):
        _write(act, text=reach.without(act.text), reasons=reach.without(act.reasons, within={"text"}))
    for book in Workbook.objects.filter(of_them):
        _write(
            book,
            sound=reach.without(book.sound, within=WRITTEN),
            faults=reach.without(book.faults, within=FAULT_TEXTS),
        )


def redact_files(reach: Reach) -> int:
    """Workbooks of products that were handed in for one of the cases."""
    books = Workbook.objects.filter(application__in=_cases(reach)).select_related("file")
    saying = [book.file for book in books if contains(book.file, reach.values)]
    for file in saying:
        erase(file)
    return len(saying)


def _cases(reach: Reach) -> QuerySet[Application]:
    codes = Enterprise.objects.filter(pk__in=reach.enterprises).values("uscc")
    return Application.objects.filter(Q(enterprise__in=reach.enterprises) | Q(uscc__in=codes))


def _found_elsewhere(reach: Reach) -> Iterator[int]:
    """Cases of others in which a machine found the value, as a name that is alike."""
    kept = Application.objects.exclude(findings=None).values_list("pk", "findings")
    for pk, findings in kept.iterator(chunk_size=AT_ONCE):
        if _unsaid(reach, findings) != findings:
            yield pk


def _unsaid(reach: Reach, findings: list[dict[str, str]] | None) -> Any:
    return reach.without(findings, within={"sentence"}) if findings else findings


def _without_all(reach: Reach, fields: dict[str, Any] | None) -> Any:
    return reach.without(fields, within=fields.keys() - CHOSEN) if fields else fields


def _write(row: models.Model, **columns: object) -> None:
    """Only where something is different, and only these columns."""
    if any(getattr(row, name) != value for name, value in columns.items()):
        type(row)._base_manager.filter(pk=row.pk).update(**columns)
