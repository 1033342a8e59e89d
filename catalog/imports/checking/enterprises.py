"""Checks rows of an enterprise directory against the register, some thousand at a time."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.enterprises.models import Enterprise
from catalog.fields.invalid import InvalidValue
from catalog.fields.phones import is_mobile
from catalog.publication.compiling.compose import in_chunks
from catalog.publication.models import Batch, BatchEntry, EnterpriseLine, ListingStatus
from portal.core.text.normalise import fold
from portal.core.text.uscc import province_of as uscc_province

from ..reading.cells import row_words
from ..sources import is_import
from ..understanding.cleaning import LABELS, former_names_in
from ..understanding.firm_names import as_printed
from ..understanding.heading_words import ENTERPRISES
from ..understanding.places import Places
from ..understanding.rows import SheetRow
from .elsewhere import Elsewhere
from .planning import MISSING_SHOWN, Kind, Pairs, Planned, Preview
from .registers import Makers
from .source_names import SourceNames

LABEL = LABELS[ENTERPRISES]
_PLAIN = ("name", "address", "website", "contact_person")  # columns that take a cell as it is
_COLUMNS = {
    "name": "name",
    "division_id": "division",
    "address": "address",
    "phone": "phone",
    "website": "website",
    "sells_in": "sells_in",
    "contact_person": "contact_person",
    "contact_phone": "contact_phone",
}
_PUBLIC = ("name", "phone", "website", "sells_in")
_PLACE_FIELDS = ("province", "city", "county", "division")
_LIST = re.compile(r"[、,，;；/\s]+")
SIZE = 900
Stored = dict[str, Any]


@dataclass
class _Chunk:
    stored: dict[int, Stored]
    lines: dict[int, Stored]
    pending: dict[int, tuple[int, str]]


class EnterpriseCheck:
    """Keeps across chunks which codes and names a file has had so far."""

    def __init__(self, publisher: str, batch: Batch | None):
        self.publisher, self.batch = publisher, batch
        self.makers, self.divisions, self.source_names = Makers(), Places(), SourceNames()
        self.codes: dict[str, str] = {}  # code -> where it stood first
        self.names: dict[int, tuple[str, str]] = {}  # hash of a printed name -> where, code
        self.elsewhere = Elsewhere(publisher)
        self.seen: set[int] = set()
        self.relied_on: dict[str, int] = defaultdict(int)
        self.renames: list[tuple[str, str, str]] = []

    @staticmethod
    def section(_text: str) -> str:
        return ""

    def check(self, rows: Sequence[SheetRow]) -> list[Planned]:
        named = [(row, self._find(row)) for row in rows]
        chunk = self._read_chunk({pk for _row, (pk, _code) in named if pk})
        return [planned for row, (pk, code) in named if (planned := self._finish(row, pk, code, chunk))]

    def finish(self, preview: Preview, *, is_complete: bool) -> None:
        for where, before, after in self.renames:
            preview.rename(where, before, after)
        preview.elsewhere = self.elsewhere.told()
        if is_complete:
            _find_missing(self.publisher, self.seen, preview)

    # -- which enterprise -----------------------------------------------------------------------------------------

    def _find(self, row: SheetRow) -> tuple[int | None, str]:
        """Working row and code; by name only where the row gives no code."""
        verdict, name = row.values.get("uscc"), row.values.get("name", "")
        if verdict:
            try:
                self.makers.check_code(verdict)
            except InvalidValue as bad:
                row.blame_bad("uscc", bad)
                return None, ""
            return self.makers.by_code.get(verdict.code), verdict.code
        if row.is_faulty("uscc"):
            return None, ""
        found = self.makers.called(name) if name else []
        if len(found) == 1:
            return found[0], self.makers.codes[found[0]]
        if len(found) > 1:
            row.add_error("name", "enterprise-ambiguous", count=len(found))
        else:
            row.require("uscc")
        return None, ""

    def _read_chunk(self, known: Collection[int]) -> _Chunk:
        stored = Enterprise.objects.values("pk", "uscc", *_COLUMNS)
        lines = EnterpriseLine.objects.current().filter(publisher=self.publisher)
        shown = lines.values("enterprise_id", "listing_status", "reason", "division_code", *_PUBLIC)
        entries = BatchEntry.objects.filter(publisher=self.publisher, batch__in=Batch.objects.open())
        pending = entries.values_list("enterprise_id", "batch_id", "source")
        return _Chunk(
            {row["pk"]: row for row in in_chunks(stored, "pk", known, size=SIZE)},
            {line["enterprise_id"]: line for line in in_chunks(shown, "enterprise", known, size=SIZE)},
            {pk: (batch, source) for pk, batch, source in in_chunks(pending, "enterprise", known, size=SIZE)},
        )

    def _province(self, pk: int | None, code: str) -> str:
        return self.makers.province_of(pk) if pk else (uscc_province(code) or "")[:2]

    # -- rules ----------------------------------------------------------------------------------------------------

    def _finish(self, row: SheetRow, pk: int | None, code: str, chunk: _Chunk) -> Planned | None:
        name = row.values.get("name", "")
        if not name and not pk:
            row.require("name")
        if pk:
            self.seen.add(pk)
        if code:
            self._check_twice(row, pk, code, name)
        wanted = self._wanted(row)
        if not row.is_sound:
            return None
        stored = chunk.stored[pk] if pk else None
        planned = Planned(Kind.NEW, row_words(row.sheet, row.number), name or (stored or {}).get("name", ""))
        planned.former_names = _former_names(row, planned.name)
        self.elsewhere.count(wanted.get("division_id", "")[:2] or self._province(pk, code), planned.name)
        if stored is None:
            planned.values = wanted | {"uscc": code}
            return planned
        self._plan_known(row, planned, stored, wanted, chunk)
        return planned if row.is_sound else None

    def _check_twice(self, row: SheetRow, pk: int | None, code: str, name: str) -> None:
        where = row_words(row.sheet, row.number)
        if (first := self.codes.setdefault(code, where)) != where:
            row.add_error("uscc" if "uscc" in row.values else "name", "duplicate-in-file", where=first)
            return
        if not name:
            return
        printed = as_printed(name)
        first, other_code = self.names.setdefault(hash(printed), (where, code))
        if other_code != code:
            row.add_error("name", "name-twice", where=first)
        for other in self.makers.by_name.get(fold(name)[:120], ()):
            if other != pk and as_printed(self.makers.names[other]) == printed:
                row.add_error("name", "name-of-another", code=self.makers.codes[other])
                break

    def _wanted(self, row: SheetRow) -> dict[str, Any]:
        """Columns that the row gives, as they are stored."""
        wanted = {name: row.values[name] for name in _PLAIN if name in row.values}
        if division := self._division(row):
            wanted["division_id"] = division
        if sells_in := self._sells_in(row):
            wanted["sells_in"] = sells_in
        phones = {name: row.values[name] for name in ("phone", "contact_phone") if name in row.values}
        return wanted | _sorted_numbers(row.values.get("any_phone", "")) | phones

    def _division(self, row: SheetRow) -> str:
        """As far as the parts name a place: what may stay empty stops no row."""
        parts = tuple(row.values.get(name, "") for name in _PLACE_FIELDS)
        code, unfit = self.divisions.nearest(*parts)
        if unfit:
            wrong = unfit.values.get("value", "")
            named = [name for name, part in zip(_PLACE_FIELDS, parts, strict=True) if part]
            at = next((name for name in named if row.values[name] == wrong), named[-1])
            row.tell(at, unfit.rule, **unfit.values)
        elif rest := self.divisions.rest_of(*parts):
            at = next(name for name in reversed(_PLACE_FIELDS) if row.values.get(name))
            row.tell(at, "mended-place", place=self.divisions.path(code), rest=rest)
        return code

    def _sells_in(self, row: SheetRow) -> str:
        text = row.values.get("sells_in", "")
        if not text or fold(text) in ("全国", "全国各地", "全国范围", "国内"):
            return "全国" if text else ""
        codes = []
        for part in _LIST.split(text):
            code, unfit = self.divisions.nearest(part)
            codes.append(code)
            if unfit:
                row.tell("sells_in", unfit.rule, **unfit.values)
            elif rest := self.divisions.rest_of(part):
                row.tell("sells_in", "mended-place", place=self.divisions.path(code), rest=rest)
        return "、".join(dict.fromkeys(filter(None, codes)))

    # -- the plan -------------------------------------------------------------------------------------------------

    def _plan_known(
        self, row: SheetRow, planned: Planned, stored: Stored, wanted: dict[str, Any], chunk: _Chunk
    ) -> None:
        pk = stored["pk"]
        planned.target = pk
        planned.values = {column: value for column, value in wanted.items() if stored[column] != value}
        planned.former_names = [name for name in planned.former_names if not self.makers.is_called(pk, name)]
        self._plan_name(planned, stored)
        planned.difference = [
            (LABEL[_COLUMNS[column]], self._told(column, stored[column]), self._told(column, value))
            for column, value in planned.values.items()
        ] + [(LABEL["former_names"], "", name) for name in planned.former_names]
        self._place(row, planned, stored, chunk)

    def _plan_name(self, planned: Planned, stored: Stored) -> None:
        """A new name makes the old one a former name; an old list may still print a former one."""
        name = planned.values.get("name")
        if not name or fold(name) == fold(stored["name"]):
            return
        if self.makers.is_called(stored["pk"], name):
            del planned.values["name"]
            planned.note = f"本行用的是曾用名，现名「{stored['name']}」不变"
            return
        planned.former_names.append(stored["name"])
        self.makers.former[stored["pk"]].discard(fold(stored["name"]))
        self.renames.append((planned.where, stored["name"], name))

    def shown(self, planned: Planned) -> Pairs:
        """What a new row will hold, for people; of a person only that something is known."""
        told = [(LABEL["uscc"], planned.values.get("uscc", ""))]
        told += [
            (LABEL[_COLUMNS[column]], self._told(column, planned.values.get(column))) for column in _COLUMNS
        ]
        return [(label, text) for label, text in told if text and label != LABEL["name"]]

    def _told(self, column: str, value: Any) -> str:
        if column in Enterprise.PERSONAL:
            return "（内部信息）" if value else ""
        return self.divisions.path(value) if column == "division_id" and value else str(value or "")

    def _place(self, row: SheetRow, planned: Planned, stored: Stored, chunk: _Chunk) -> None:
        line, pending = chunk.lines.get(stored["pk"]), chunk.pending.get(stored["pk"])
        has_changed = bool(planned.difference)
        if pending:
            planned.kind = Kind.CHANGED if has_changed else Kind.UNCHANGED
            batch, source = pending
            if self.batch is not None and batch == self.batch.pk and is_import(source):
                self._meet_other_file(row, source, planned)
        elif line is None or line["listing_status"] == ListingStatus.REMOVED:
            planned.note = f"重新列入（曾移出：{line['reason']}）" if line else "已登记，首次列入本名录"
        else:
            behind = any(line[column] != stored[column] for column in _PUBLIC)
            behind = behind or line["division_code"] != (stored["division_id"] or "")
            planned.kind = Kind.CHANGED if has_changed or behind else Kind.UNCHANGED

    def _meet_other_file(self, row: SheetRow, source: str, planned: Planned) -> None:
        if planned.kind is Kind.UNCHANGED:
            self.relied_on[source] += 1
            return
        told = "；".join(
            f"{label}：{before or '空'} → {after or '空'}" for label, before, after in planned.difference
        )
        row.add_error("name", "duplicate-in-draft", file=self.source_names.of(source), difference=told)


def _sorted_numbers(numbers: str) -> dict[str, str]:
    """Of a column that does not say whose: mobile numbers are a person's, the others the unit's."""
    by_kind: dict[str, list[str]] = {}
    for number in filter(None, numbers.split("、")):
        by_kind.setdefault("contact_phone" if is_mobile(number) else "phone", []).append(number)
    return {kind: "、".join(found) for kind, found in by_kind.items()}


def _former_names(row: SheetRow, name: str) -> list[str]:
    """Each former name once; the present name is none."""
    found = {fold(part): part for part in former_names_in(row.values.get("former_names", ""))}
    return [part for key, part in found.items() if key != fold(name)]


def _find_missing(publisher: str, seen: Collection[int], preview: Preview) -> None:
    """Who is in the publisher's directory and not in the file."""
    lines = (
        EnterpriseLine.objects.current()
        .filter(publisher=publisher)
        .exclude(listing_status=ListingStatus.REMOVED)
    )
    for pk, code, name in (
        lines.order_by("pk").values_list("enterprise_id", "uscc", "name").iterator(chunk_size=5000)
    ):
        preview.listed += 1
        if pk not in seen:
            preview.missing_ids.append(pk)
            if len(preview.missing) < MISSING_SHOWN:
                preview.missing.append({"id": pk, "number": code, "name": name, "enterprise": name})
