"""What a file says of certificates: joined over its rows, compared with the register, never contradicting itself."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from catalog.products.models import Certificate
from catalog.publication.compiling.compose import in_chunks
from catalog.standing.days import is_over
from portal.core.text.normalise import fold_number

from ..reading.cells import row_words
from ..understanding.cleaning import LABELS
from ..understanding.days import Term
from ..understanding.heading_words import PRODUCTS
from ..understanding.rows import Place, SheetRow

LABEL = LABELS[PRODUCTS]
COLUMNS = (
    "star",
    "issued_on",
    "valid_until",
    "standard",
    "applicant_name",
    "maker_name",
    "factory_name",
    "status",
    "status_on",
    "status_reason",
)  # of a certificate, and so are the fields of a row called
_PLACE_OF = {column: place for place, column in enumerate(COLUMNS)}
_NOWHERE: dict[str, Place] = {}
Stored = dict[str, Any]


class SaidCertificate:
    """A certificate as the register holds it and as the file tells of it. Lean: a file may name a hundred thousand."""

    __slots__ = ("_first_at", "_later_at", "_said", "key", "pk", "stored")

    def __init__(self, key: str, pk: int | None, stored: Stored):
        self.key, self.pk, self.stored = key, pk, stored  # key: body and folded number
        self._said: tuple[Any, ...] = (None,) * len(_PLACE_OF)
        self._first_at: Place | None = None  # where it was named first, and most was said of it
        self._later_at: dict[str, Place] = _NOWHERE  # columns that a later row filled

    @property
    def said(self) -> dict[str, Any]:
        return {
            column: value for column, value in zip(_PLACE_OF, self._said, strict=True) if value is not None
        }

    def value(self, column: str) -> Any:
        said = self._said[_PLACE_OF[column]]
        return self.stored.get(column) if said is None else said

    @property
    def basis(self) -> str:
        return f"c{self.pk}" if self.pk else f"n{self.key}"

    @property
    def status(self) -> str:
        return self.value("status") or Certificate.Status.VALID

    def changes(self) -> dict[str, Any]:
        return {column: value for column, value in self.said.items() if self.stored.get(column) != value}

    def values_for(self, number: str) -> dict[str, Any]:
        """Columns to write: the changed ones of a known certificate, all of a new one."""
        if self.pk:
            return self.changes()
        return {"body_id": int(self.key.partition("/")[0]), "number": number} | self.said

    def difference(self) -> list[tuple[str, str, str]]:
        changes = self.changes().items() if self.pk else ()
        return [
            (LABEL[column], shown(column, self.stored.get(column)), shown(column, new))
            for column, new in changes
        ]

    def hear(self, row: SheetRow) -> None:
        """Take what a row says; a fault where an earlier row of the file said something else."""
        here = (row.sheet, row.number)
        said, is_first = list(self._said), self._first_at is None
        self._first_at = self._first_at or here
        for column in COLUMNS:
            if (value := row.values.get(column)) is None:
                continue
            known = said[_PLACE_OF[column]]
            if known is None:
                said[_PLACE_OF[column]] = value
                if not is_first:
                    self._later_at = self._later_at | {column: here}
            elif known != value:
                where = row_words(*self._later_at.get(column, self._first_at))
                row.add_error(
                    column,
                    "certificate-conflict",
                    where=where,
                    label=LABEL[column],
                    other=shown(column, known),
                )
        self._said = tuple(said)

    def check(self, row: SheetRow) -> None:
        """Rules that hold for every certificate, also for one that no product may rest on."""
        issued, until = self.value("issued_on"), self.value("valid_until")
        if issued and until and until < issued:
            row.add_error("valid_until", "dates-reversed", issued=issued)
        if self.status != Certificate.Status.VALID and not self.value("status_on"):
            at = "status_on" if "status_on" in row.places else "status"
            row.add_error(at, "status-undated", state=Certificate.Status(self.status).label)

    def check_in_force(self, row: SheetRow, today: datetime.date) -> None:
        until = self.value("valid_until")
        if self.status != Certificate.Status.VALID:
            row.add_error("status", "certificate-not-valid", state=Certificate.Status(self.status).label)
        elif is_over(until, today):
            row.add_error("valid_until", "certificate-expired", until=until)


class SaidCertificates:
    """All certificates that a file has named so far."""

    def __init__(self) -> None:
        self.known: dict[str, SaidCertificate] = {}

    def stored(self, keys: Iterable[str]) -> dict[str, dict[int, Stored]]:
        """Folded number -> body -> columns, for the numbers of one chunk of rows."""
        found: dict[str, dict[int, Stored]] = defaultdict(dict)
        for certificate in in_chunks(_columns(), "number_key", keys, size=900):  # type: ignore[arg-type]
            found[certificate["number_key"]][certificate["body_id"]] = certificate
        return found

    def named(self, body: int, key: str, stored: Stored | None) -> SaidCertificate:
        full = f"{body}/{key}"
        if full not in self.known:
            self.known[full] = SaidCertificate(full, stored["pk"] if stored else None, stored or {})
        return self.known[full]

    def of_product(self, pk: int) -> SaidCertificate:
        """The certificate of a product whose row names none: rows of this kind are few, a query each is bearable."""
        stored = _columns().get(pk=pk)
        return self.named(stored["body_id"], stored["number_key"], stored)


def unfold_validity(row: SheetRow) -> None:
    """A range in the cell for the end gives the day of issue too, where no other cell gives it; a time gives the end."""
    said = row.values.get("valid_until")
    if isinstance(said, Term):
        _count_from_issue(row, said)
    elif said:
        first, row.values["valid_until"] = said
        if first:
            row.values.setdefault("issued_on", first)


def _count_from_issue(row: SheetRow, term: Term) -> None:
    issued = row.values.get("issued_on")
    if not issued:
        del row.values["valid_until"]
        row.add_error("valid_until", "years-without-issue")
        return
    until = row.values["valid_until"] = term.end_from(issued)
    row.tell("valid_until", "mended-years", issued=issued, term=term, until=until)


def key_of(number: str) -> str:
    return fold_number(number)[:80]


def _columns() -> Any:
    return Certificate.objects.values("pk", "body_id", "number_key", *COLUMNS)


def shown(column: str, value: Any) -> str:
    """A value of a certificate as people read it."""
    if value is None:
        return ""
    if column == "star":
        return Certificate.Star(value).label
    if column == "status":
        return Certificate.Status(value).label
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
