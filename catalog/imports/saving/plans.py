"""Phase two: what phase one planned goes into the working rows and the draft batch, in the caller's transactions."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils import timezone

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, Product
from catalog.publication.compiling.compile import enter_enterprises, enter_products
from catalog.publication.models import Batch
from portal.core.accounts.models import User
from portal.core.audit.changes import WorkingRow, change_of, record_changes

from ..checking.planning import Planned, read_day
from ..models import ImportRun

_DAYS = ("issued_on", "valid_until", "status_on")


class Saver:
    """Writes the plans of one register."""

    def __init__(self, batch: Batch, source: str, by: User):
        self.batch, self.source, self.by = batch, source, by
        self.entered = 0

    def save(self, chunk: list[Planned]) -> None:
        """Some rows, whole: the working rows, what they held before, and their entries."""
        raise NotImplementedError

    def _create(self, rows: list[Any]) -> None:
        """Insert new working rows, their keys derived, each with the record that it is new."""
        if not rows:
            return
        type(rows[0]).objects.bulk_create(rows)
        record_changes(change_of(row, None, by=self.by, source=self.source) for row in rows)

    def _update(self, model: type[WorkingRow], values_of: dict[int, dict[str, Any]]) -> None:
        """Set the given columns of known working rows and keep what they held before."""
        wanted = {pk: values for pk, values in values_of.items() if values}
        if not wanted:
            return
        rows = list(model._base_manager.select_for_update().filter(pk__in=wanted))
        changes, columns = [], {"updated_at"}
        for row in rows:
            before = row.image()
            for column, value in wanted[row.pk].items():
                setattr(row, column, value)
                columns.add(column.removesuffix("_id"))
            row.derive_keys()  # type: ignore[attr-defined]
            row.updated_at = timezone.now()
            changes.append(change_of(row, before, by=self.by, source=self.source))
        upsert(model, rows, columns | _keys_of(model))
        record_changes(changes)


class ProductSaver(Saver):
    def __init__(self, batch: Batch, source: str, by: User):
        super().__init__(batch, source, by)
        self.new_certificates: dict[str, int] = {}

    def save(self, chunk: list[Planned]) -> None:
        self._create_certificates(chunk)
        known = {planned.certificate: planned.certificate_values for planned in chunk if planned.certificate}
        self._update(Certificate, {pk: _with_days(values) for pk, values in known.items() if pk})
        new = [self._product(planned) for planned in chunk if planned.target is None]
        self._create(new)
        self._update(Product, {planned.target: self._changed(planned) for planned in chunk if planned.target})
        products = new + [Product(pk=planned.target) for planned in chunk if planned.target]
        self.entered += enter_products(self.batch, products, by=self.by, source=self.source)

    def _create_certificates(self, chunk: list[Planned]) -> None:
        new: dict[str, Certificate] = {}
        for planned in chunk:
            key = planned.new_certificate
            if key and key not in self.new_certificates and key not in new:
                new[key] = Certificate(
                    **_with_days(planned.certificate_values), number_key=key.partition("/")[2]
                )
        self._create(list(new.values()))
        self.new_certificates |= {key: certificate.pk for key, certificate in new.items()}

    def _certificate_of(self, planned: Planned) -> int | None:
        return (
            self.new_certificates[planned.new_certificate] if planned.new_certificate else planned.certificate
        )

    def _product(self, planned: Planned) -> Product:
        return Product(
            enterprise_id=planned.enterprise,
            certificate_id=self._certificate_of(planned),
            requirement_id=planned.requirement,
            **planned.values,
        )

    def _changed(self, planned: Planned) -> dict[str, Any]:
        return planned.values | {
            "certificate_id": self._certificate_of(planned),
            "requirement_id": planned.requirement,
        }


class EnterpriseSaver(Saver):
    def save(self, chunk: list[Planned]) -> None:
        new = [Enterprise(**planned.values) for planned in chunk if planned.target is None]
        for enterprise in new:
            enterprise.derive_keys()
        self._create(new)
        self._update(Enterprise, {planned.target: planned.values for planned in chunk if planned.target})
        created = iter(new)
        keys = [planned.target or next(created).pk for planned in chunk]
        self._add_former_names(chunk, keys)
        enterprises = [Enterprise(pk=pk) for pk in keys]
        self.entered += enter_enterprises(self.batch, enterprises, by=self.by, source=self.source)

    def _add_former_names(self, chunk: list[Planned], keys: list[int]) -> None:
        rows = [
            FormerName(enterprise_id=pk, name=name, evidence="企业名录导入")
            for planned, pk in zip(chunk, keys, strict=True)
            for name in planned.former_names
        ]
        for row in rows:
            row.derive_keys()
        self._create(rows)


SAVERS: dict[str, type[Saver]] = {"products": ProductSaver, "enterprises": EnterpriseSaver}


def upsert(model: type[WorkingRow], rows: list[Any], columns: set[str]) -> None:
    """Write columns of rows that exist, in few statements; bulk_update() builds a CASE a row and is ten times slower."""
    model._base_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=sorted(columns), batch_size=1000
    )


def _keys_of(model: type[WorkingRow]) -> set[str]:
    """Stored comparison keys: they follow from the columns that were set."""
    return {field.name for field in model._meta.concrete_fields if field.name.endswith("_key")}


def _with_days(values: dict[str, Any]) -> dict[str, Any]:
    return values | {name: read_day(values[name]) for name in _DAYS if name in values}


def chunks(plans: Iterator[Planned], run: ImportRun) -> Iterator[list[Planned]]:
    """As many at a time as a step of the run may have."""
    while chunk := list(islice(plans, run.step_rows)):
        yield chunk
