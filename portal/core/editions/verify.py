"""Recomputes the chain from the rows as they stand, and names what no longer fits."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from django.apps import apps

from .acts import Known, altered_acts
from .digest import EMPTY_HEAD, chain_head
from .models import Edition, PublicRow
from .release import Contents

ROWS_AT_A_TIME = 2000


@dataclass(frozen=True)
class Fault:
    """Something public that was altered: in which edition, what was published with it, which row, which column."""

    edition: int | None
    subject: str
    key: str
    field: str

    def __str__(self) -> str:
        edition = f"第{self.edition}版" if self.edition else "未公布"
        return f"{self.subject}（{edition}） {self.key} {self.field}"


def public_models() -> list[type[PublicRow]]:
    return [model for model in apps.get_models() if issubclass(model, PublicRow)]


def published_with(edition: int) -> Contents:
    return Contents(model.objects.filter(from_edition=edition) for model in public_models())


def chain_faults() -> Iterator[Fault]:
    """Every fault of editions and of the rows that they published, in edition order."""
    head, expected = EMPTY_HEAD, 1
    for edition in Edition.objects.order_by("number").iterator():
        if edition.number != expected:
            yield Fault(edition.number, edition.subject, f"edition/{expected}", "number")
        head = yield from _edition_faults(edition, head)
        expected = edition.number + 1
    for model in public_models():
        yield from _row_faults(model)


def _edition_faults(edition: Edition, previous_head: str) -> Generator[Fault, None, str]:
    """Yields the faults of one edition; returns the head on which the next one stands."""
    key = f"edition/{edition.number}"
    header = edition.header if isinstance(edition.header, dict) else {}
    said = {
        "edition": edition.number,
        "token": edition.token,
        "at": edition.at.isoformat(),
        "cause": edition.cause,
        "subject": edition.subject,
    }
    for field, value in said.items():
        if header.get(field) != value:
            yield Fault(edition.number, edition.subject, key, field)
    if edition.cause in {Edition.Cause.BATCH, Edition.Cause.RECORD}:
        contents = published_with(edition.number)
        if _recomputed_root(contents) != edition.root:
            yield Fault(edition.number, edition.subject, key, "root")
        if contents.ids != header.get("ids"):
            yield Fault(edition.number, edition.subject, key, "ids")
    if chain_head(previous_head, _hex(edition.root), header) != edition.head:
        yield Fault(edition.number, edition.subject, key, "head")
    return _hex(edition.head)


def _recomputed_root(contents: Contents) -> str:
    """The root of the rows; empty when a digest was mangled so that it is no hash any more."""
    try:
        return contents.root
    except ValueError:
        return ""


def _hex(text: str) -> str:
    """The text when it is 32 bytes of hex; zeros otherwise, so that a mangled hash is a fault and not a crash."""
    try:
        return text if len(bytes.fromhex(text)) == 32 else EMPTY_HEAD
    except ValueError:
        return EMPTY_HEAD


def _row_faults(model: type[PublicRow]) -> Iterator[Fault]:
    successors = _successors(model)
    allowed, known = redactions(), Known.all()
    rows = (
        model.objects.filter(from_edition__isnull=False)
        .select_related("replaces", "from_edition")
        .order_by("pk")
    )
    for row in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        edition = row.from_edition
        broken = row.broken_fields()
        if row.until_edition_id != successors.get(row.pk):
            broken.append("until_edition")
        broken += unlawful_redactions(row, allowed)
        if row.ATTESTED and edition:
            broken += altered_acts(row, row.key, edition.header, known)
        for field in broken:
            yield Fault(row.from_edition_id, edition.subject if edition else "", row.key, field)


def _successors(model: type[PublicRow]) -> dict[int, int]:
    """By id of a replaced row: the edition of the row that replaced it."""
    replacing = model.objects.filter(from_edition__isnull=False, replaces__isnull=False)
    return {
        row["replaces_id"]: row["from_edition_id"]
        for row in replacing.values("replaces_id", "from_edition_id")
    }


def unlawful_redactions(row: PublicRow, allowed: set[tuple[str, str]]) -> list[str]:
    """Fields of the row that say they were redacted while no edition says so."""
    if not isinstance(row.redacted, list):
        return ["redacted"]
    return [field for field in row.redacted if (row.key, field) not in allowed]


def redactions() -> set[tuple[str, str]]:
    """(key, field) pairs that an edition says were lawfully redacted."""
    headers = Edition.objects.filter(cause=Edition.Cause.REDACTION).values_list("header", flat=True)
    return {(key, field) for header in headers for key, field in header.get("redacted", [])}
