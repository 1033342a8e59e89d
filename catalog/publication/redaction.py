"""Lawful redaction: takes one personal value out of everything that is kept, and leaves the chain whole.

The value and its salt go; the salted hash stays, so the digests of the lines still hold while nobody can guess the value
back. What says the same of the same enterprise elsewhere goes with it: other lines, working rows, before-images, the index.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, Product
from portal.audit.changes import WorkingRow
from portal.audit.models import Change
from portal.audit.record import record
from portal.editions.digest import tree_root
from portal.editions.models import Edition
from portal.editions.release import announce
from portal.pages import cache
from portal.text.normalise import clean
from portal.workflow import NotAllowed

from .models import CertificateLine, EnterpriseLine, Line, ProductLine
from .search.preparation import REGISTERS, discard_documents, index_again

PLACEHOLDER = "（已依法隐去）"
REDACTABLE: dict[type[Line], tuple[str, ...]] = {
    EnterpriseLine: ("name", "former_names", "phone", "website", "reason", "authority", "document"),
    CertificateLine: ("applicant_name", "maker_name", "factory_name", "status_reason", "reason", "authority"),
    ProductLine: ("name", "models_text", "brand", "enterprise_name", "reason", "authority", "document"),
}
LINE_OF_KEY: dict[str, type[Line]] = {
    "enterprise": EnterpriseLine,
    "certificate": CertificateLine,
    "product": ProductLine,
}


@dataclass
class Redaction:
    """What was done: the values that went, the lines that lost them, the edition that says so."""

    values: list[str]
    lines: list[tuple[str, str]] = field(default_factory=list)
    edition: Edition | None = None


def redact(key: str, field_name: str, *, basis: str, by=None) -> Redaction:
    """Take the value of one field of a line, and of all lines of that key, out of the whole record.

    Raises NotAllowed for an unknown key, a field that may not be redacted, an empty value or a missing basis.
    """
    model = _model_of(key, field_name)
    if not clean(basis):
        raise NotAllowed("redaction.basis", "请写明依据：法律条文、当事人申请或文书编号。")
    with transaction.atomic():
        lines = list(model.objects.filter(key=key))
        values = _values(lines, field_name)
        if not values:
            raise NotAllowed("redaction.nothing", f"「{key}」的 {field_name} 没有内容，或早已隐去。")
        enterprises, certificates = _reach(model, lines)
        done = Redaction(values)
        for row, names in _rows_saying(values, enterprises, certificates):
            _redact_line(row, names)
            done.lines += [(row.key, name) for name in names]
        _redact_working_rows(values, enterprises, certificates)
        header = {"redacted": sorted({(key, name) for key, name in done.lines}), "basis": clean(basis)}
        done.edition = announce(cause=Edition.Cause.REDACTION, subject=key, root=tree_root([]), header=header)
        record("line.redacted", by=by, reason=basis, key=key, field=field_name, edition=done.edition.number)
    cache.clear()
    return done


def wipe_freed_space() -> None:
    """Overwrite what a database keeps of deleted values; outside any transaction. PostgreSQL does it by VACUUM FULL."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM FULL")


def _model_of(key: str, field_name: str) -> type[Line]:
    model = LINE_OF_KEY.get(key.split("/", 1)[0])
    if model is None or not model.objects.filter(key=key).exists():
        raise NotAllowed(
            "redaction.key", f"没有「{key}」这个键。键见批次页和导出文件，如 product/0000001-3/national。"
        )
    if field_name not in REDACTABLE[model]:
        allowed = "、".join(REDACTABLE[model])
        raise NotAllowed("redaction.field", f"「{field_name}」不能隐去。可以隐去的字段：{allowed}。")
    return model


def _values(lines: list, field_name: str) -> list[str]:
    """The distinct texts that stand in the field; a list of former names gives each of them."""
    found: dict[str, None] = {}
    for line in lines:
        value = getattr(line, field_name)
        for text in [item["name"] for item in value] if isinstance(value, list) else [value]:
            if text:
                found[text] = None
    return list(found)


def _reach(model: type[Line], lines: list) -> tuple[set[int], set[int]]:
    """Enterprises and certificates that the value belongs to: other people's equal words are left alone."""
    if model is CertificateLine:
        certificates = {line.certificate_id for line in lines}
        products = ProductLine.objects.filter(certificate__in=certificates)
        return set(products.values_list("enterprise_id", flat=True)), certificates
    enterprises = {line.enterprise_id for line in lines}
    products = ProductLine.objects.filter(enterprise__in=enterprises, certificate__isnull=False)
    return enterprises, set(products.values_list("certificate_id", flat=True))


def _rows_saying(
    values: list[str], enterprises: set[int], certificates: set[int]
) -> Iterator[tuple[Any, list[str]]]:
    """Every line within reach, with its fields that hold one of the values."""
    scopes: tuple[tuple[type[Line], models.Q], ...] = (
        (EnterpriseLine, models.Q(enterprise__in=enterprises)),
        (CertificateLine, models.Q(certificate__in=certificates)),
        (ProductLine, models.Q(enterprise__in=enterprises)),
    )
    for model, scope in scopes:
        for row in model.objects.filter(scope):
            names = [name for name in REDACTABLE[model] if set(_values([row], name)) & set(values)]
            if names:
                yield row, names


def _redact_line(row: Any, names: list[str]) -> None:
    """Empty the fields, drop their salts, keep their hashes; the index forgets the old words first."""
    register = next((register for register in REGISTERS if register.lines is type(row)), None)
    this = type(row).objects.filter(pk=row.pk)
    if register is not None:
        discard_documents(register, this)
    changes = {name: [] if isinstance(getattr(row, name), list) else "" for name in names}
    this.stamp(
        **changes,
        salts={name: salt for name, salt in row.salts.items() if name not in names},
        redacted=[*row.redacted, *names],
    )
    if register is not None:
        index_again(register, this)


def _redact_working_rows(values: list[str], enterprises: set[int], certificates: set[int]) -> None:
    FormerName.objects.filter(enterprise__in=enterprises, name__in=values).delete()
    rows: list[WorkingRow] = [
        *Enterprise.objects.filter(pk__in=enterprises),
        *Certificate.objects.filter(pk__in=certificates),
        *Product.objects.filter(enterprise__in=enterprises),
    ]
    for row in rows:
        _redact_working_row(row, values)
        _redact_changes(Change.objects.filter(target=row._meta.label_lower, target_id=str(row.pk)), values)
    # Rows of former names may be gone while their before-images stand; their words are looked for in all of these.
    _redact_changes(Change.objects.filter(target=FormerName._meta.label_lower), values)


def _redact_working_row(row: WorkingRow, values: list[str]) -> None:
    """Without a before-image: it would keep the value."""
    names = [name for name in row.tracked_fields() if getattr(row, name) in values]
    for name in names:
        setattr(row, name, PLACEHOLDER if not row._meta.get_field(name).blank else "")  # type: ignore[union-attr]
    if names:
        row.save()


def _redact_changes(changes: models.QuerySet[Change], values: list[str]) -> None:
    for change in changes:
        names = [name for name, value in change.before.items() if value in values]
        derived = [name for name in change.before if name.endswith("_key")] if names else []
        if names:
            before = {name: value for name, value in change.before.items() if name not in [*names, *derived]}
            Change.objects.filter(pk=change.pk).update(
                before=before, redacted=[*change.redacted, *names, *derived]
            )
