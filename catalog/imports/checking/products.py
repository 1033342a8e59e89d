"""Checks rows of a product list against the registers, some thousand at a time, without a query for each row."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from catalog.fields.invalid import InvalidValue
from catalog.products.models import models_key
from catalog.publication.models import Batch, ListingStatus
from portal.core.text.normalise import fold
from portal.core.text.numbers import format_number

from ..reading.cells import row_words
from ..sources import is_import
from ..understanding.rows import Place, SheetRow
from .elsewhere import Elsewhere
from .makers_named import find_maker
from .planning import Kind, Pairs, Planned, Preview
from .product_certificates import SaidCertificates, key_of, unfold_validity
from .product_drafts import Draft
from .product_register import Identity, ProductChunk, Stored, find_missing, find_renames, read_chunk
from .product_words import difference, values_shown
from .registers import Bodies, Categories, Makers, Requirements
from .source_names import SourceNames

_COLUMNS = ("name", "models_text", "brand")
UNMATCHED = 500  # new rows for which likely renames are looked for


class ProductCheck:
    """Keeps across chunks what a file has said so far: identities and certificates."""

    def __init__(self, publisher: str, batch: Batch | None, today: datetime.date):
        self.publisher, self.batch, self.today = publisher, batch, today
        self.makers, self.bodies, self.categories = Makers(), Bodies(), Categories()
        self.requirements = Requirements(publisher)
        self.certificates, self.source_names = SaidCertificates(), SourceNames()
        self.places: dict[int, Place] = {}  # hash of an identity -> where it stood first
        self.seen: dict[int, Place] = {}  # product -> where it stood first
        self.relied_on: dict[str, int] = defaultdict(int)
        self.unmatched: list[tuple[str, str, list[int]]] = []
        self.elsewhere = Elsewhere(publisher)

    def check(self, rows: Sequence[SheetRow]) -> list[Planned]:
        """Plans of the sound rows; the others have their faults."""
        drafts = [self._start(row) for row in rows]
        self._attach_certificates(drafts)
        chunk = read_chunk(
            self.publisher,
            serials={draft.row.values["serial"] for draft in drafts if "serial" in draft.row.values},
            certificates={
                draft.certificate.pk for draft in drafts if draft.certificate and draft.certificate.pk
            },
            requirements={draft.requirement for draft in drafts if draft.requirement},
            makers={draft.enterprise for draft in drafts if draft.enterprise},
        )
        return [planned for draft in drafts if (planned := self._finish(draft, chunk))]

    def section(self, text: str) -> str:
        return self.categories.section(text)

    def finish(self, preview: Preview, *, is_complete: bool) -> None:
        """What can only be said at the end of the file."""
        preview.elsewhere = self.elsewhere.told()
        find_renames(self.unmatched, self.seen, preview)
        if is_complete:
            find_missing(self.publisher, self.seen, preview)

    # -- what a row names -----------------------------------------------------------------------------------------

    def _start(self, row: SheetRow) -> Draft:
        draft, values = Draft(row), row.values
        draft.enterprise = find_maker(self.makers, row)
        draft.body = self._looked_up(row, "body", self.bodies.find)
        draft.requirement = self._looked_up(row, "requirement", self.requirements.find)
        if "category" not in values and row.section and not row.is_faulty("category"):
            values["category"] = row.section
            row.tell(
                "category" if "category" in row.places else "name", "mended-category", section=row.section
            )
        if "category" in values:
            star = values.get("star", "")
            draft.category = (
                self._looked_up(row, "category", lambda name: self.categories.find(name, star)) or ""
            )
        elif "category" not in row.places:
            draft.category = self._category_elsewhere(values)
        unfold_validity(row)
        draft.keys = fold(values.get("name", ""))[:120], models_key(values.get("models_text", ""))
        return draft

    def _category_elsewhere(self, values: dict[str, Any]) -> str:
        """In a list without such a column: by the standard of the certificate, or a name that is a category's own."""
        by_standard = self.categories.of_standard(values["standard"]) if "standard" in values else ""
        return by_standard or self.categories.called(values.get("name", ""))

    @staticmethod
    def _looked_up(row: SheetRow, name: str, find: Any) -> Any:
        if name not in row.values:
            return None
        try:
            return find(row.values[name])
        except InvalidValue as bad:
            row.blame_bad(name, bad)
            return None

    def _attach_certificates(self, drafts: list[Draft]) -> None:
        named = [
            (draft, key_of(draft.row.values["certificate_number"]))
            for draft in drafts
            if "certificate_number" in draft.row.values and not draft.row.is_faulty("body")
        ]
        stored = self.certificates.stored({key for _draft, key in named})
        for draft, key in named:
            there = stored.get(key, {})
            if draft.body is None and len(there) == 1:
                draft.body = next(iter(there))
            if draft.body is None and "body" not in draft.row.places:
                draft.body = self.bodies.of_number(draft.row.values["certificate_number"])
            if draft.body is None:
                draft.row.require("body")
                continue
            draft.certificate = self.certificates.named(draft.body, key, there.get(draft.body))
            draft.certificate.hear(draft.row)

    # -- the working row it is about ------------------------------------------------------------------------------

    def _finish(self, draft: Draft, chunk: ProductChunk) -> Planned | None:
        row = draft.row
        if draft.enterprise:
            self.elsewhere.count(
                self.makers.province_of(draft.enterprise), self.makers.names[draft.enterprise]
            )
        self._match(draft, chunk)
        if draft.product:
            self._fill_from(draft, draft.product)
        draft.check_basis()
        draft.check_required()
        if draft.certificate:
            draft.certificate.check(row)
        if identity := draft.identity():
            self._check_identity(draft, identity, chunk)
        if not row.is_sound:
            return None
        planned = self._plan(draft, chunk)
        if draft.certificate and planned.kind is not Kind.UNCHANGED:
            draft.certificate.check_in_force(row, self.today)
        return planned if row.is_sound else None

    def _match(self, draft: Draft, chunk: ProductChunk) -> None:
        """By number first, then by identity; without models by name, where only one product bears it."""
        if "serial" in draft.row.values:
            draft.product = self._by_serial(draft, chunk)
        elif identity := draft.identity():
            draft.product = chunk.by_identity.get(identity)
            if draft.product is None and "models_text" not in draft.row.values:
                same_name = chunk.by_name.get(identity[:3], [])
                draft.product = same_name[0] if len(same_name) == 1 else None

    def _by_serial(self, draft: Draft, chunk: ProductChunk) -> Stored | None:
        row, serial = draft.row, draft.row.values["serial"]
        product = chunk.by_serial.get(serial)
        if product is None:
            row.add_error("serial", "serial-unknown", value=format_number(serial))
        elif draft.enterprise and product["enterprise_id"] != draft.enterprise:
            maker = self.makers.names[product["enterprise_id"]]
            number = format_number(serial)
            row.add_error("serial", "serial-of-another", value=number, name=product["name"], enterprise=maker)
            return None
        return product

    def _fill_from(self, draft: Draft, product: Stored) -> None:
        """What the row leaves out stays as it is."""
        draft.enterprise = draft.enterprise or product["enterprise_id"]
        draft.category = draft.category or product["category_id"]
        if draft.certificate or draft.requirement or "certificate_number" in draft.row.values:
            return
        draft.requirement = product["requirement_id"]
        if product["certificate_id"]:
            draft.certificate = self.certificates.of_product(product["certificate_id"])
            draft.certificate.hear(draft.row)

    # -- rules ----------------------------------------------------------------------------------------------------

    def _check_identity(self, draft: Draft, identity: Identity, chunk: ProductChunk) -> None:
        """Found twice: in this file, or in the register under another number."""
        row, product = draft.row, draft.product
        where = (row.sheet, row.number)
        first = self.places.setdefault(hash(identity), where)
        if product:
            first_of_product = self.seen.setdefault(product["pk"], where)
            first = first_of_product if first == where else first
        if first != where:
            row.add_error("name", "duplicate-in-file", where=row_words(*first))
        other = chunk.by_identity.get(identity)
        if other and product and other["pk"] != product["pk"]:
            row.add_error("name", "identity-taken", number=_number(other))

    # -- the plan -------------------------------------------------------------------------------------------------

    def _plan(self, draft: Draft, chunk: ProductChunk) -> Planned:
        row, product, certificate = draft.row, draft.product, draft.certificate
        stored: Stored = product or {"name": "", "models_text": "", "brand": ""}
        wanted: dict[str, Any] = {name: row.values.get(name, stored.get(name)) for name in _COLUMNS}
        wanted["category_id"] = draft.category
        planned = Planned(
            Kind.NEW, row_words(row.sheet, row.number), wanted["name"], enterprise=draft.enterprise
        )
        planned.requirement = draft.requirement
        if certificate:
            planned.certificate, planned.new_certificate = (
                certificate.pk,
                "" if certificate.pk else certificate.key,
            )
            planned.certificate_values = certificate.values_for(row.values.get("certificate_number", ""))
        if product is None:
            planned.values = wanted | {"name_key": draft.keys[0], "models_key": draft.keys[1]}
            self._note_unmatched(draft, planned, chunk)
            return planned
        planned.target = product["pk"]
        planned.values = {column: value for column, value in wanted.items() if product[column] != value}
        planned.difference = difference(draft, product, planned, self.categories.labels)
        self._place(draft, product, planned, chunk)
        return planned

    def shown(self, planned: Planned) -> Pairs:
        """What a new row will hold, for people."""
        maker = self.makers.names.get(planned.enterprise or 0, "")
        return values_shown(planned, maker, self.categories.labels)

    def _place(self, draft: Draft, product: Stored, planned: Planned, chunk: ProductChunk) -> None:
        """Whether the row is new to the list, changes it, or leaves it as it is."""
        line, pending = chunk.lines.get(product["pk"]), chunk.pending.get(product["pk"])
        has_changed = bool(planned.difference)
        if pending:
            planned.kind = Kind.CHANGED if has_changed else Kind.UNCHANGED
            batch, source = pending
            if self.batch is not None and batch == self.batch.pk and is_import(source):
                self._meet_other_file(draft, source, planned)
        elif line is None or line["listing_status"] == ListingStatus.REMOVED:
            planned.note = f"重新列入（曾移出：{line['reason']}）" if line else "已登记，首次列入本清单"
        else:
            planned.kind = Kind.CHANGED if has_changed or chunk.is_behind(product) else Kind.UNCHANGED

    def _meet_other_file(self, draft: Draft, source: str, planned: Planned) -> None:
        """The draft has the product from another file: well, if both say the same."""
        if planned.kind is Kind.UNCHANGED:
            self.relied_on[source] += 1
            return
        told = "；".join(
            f"{label}：{before or '空'} → {after or '空'}" for label, before, after in planned.difference
        )
        draft.row.add_error("name", "duplicate-in-draft", file=self.source_names.of(source), difference=told)

    def _note_unmatched(self, draft: Draft, planned: Planned, chunk: ProductChunk) -> None:
        if draft.certificate and draft.enterprise and len(self.unmatched) < UNMATCHED:
            near = chunk.by_maker.get((draft.enterprise, draft.certificate.basis), [])
            if near:
                self.unmatched.append((planned.where, planned.name, near[:20]))


def _number(product: Stored) -> str:
    return format_number(product["serial"]) if product["serial"] else "尚无编号"
