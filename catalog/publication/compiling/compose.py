"""Turns the entries of a draft batch into the lines that it would freeze. Nothing is saved here.

The freezing at submission and whoever looks at a whole draft call `compose`, its page `compose_part`: one composer makes the
lines of both, so that what was looked at is what is frozen.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.enterprises.models import FormerName
from catalog.products.models import Certificate
from catalog.regions.naming import DivisionNames
from portal.core.editions import clock

from ..models import (
    NATIONAL,
    Action,
    Batch,
    BatchEntry,
    CertificateLine,
    EnterpriseLine,
    Line,
    ListingStatus,
    ProductLine,
)
from .judging import unfit_lines
from .line_making import (
    COPYING,
    certificate_line,
    content,
    copied_line,
    enterprise_line,
    face,
    following_enterprise,
    following_product,
    product_line,
)
from .problems import Problem, certificate_problem, requirement_problem
from .restating import problems_of_lines

POSSIBLE_FROM: dict[str, set[str | None]] = {
    Action.LIST: {None},
    Action.RELIST: {ListingStatus.REMOVED},
    Action.CHANGE: {ListingStatus.LISTED, ListingStatus.SUSPENDED},
    Action.FOLLOW: {ListingStatus.LISTED, ListingStatus.SUSPENDED},
    Action.SUSPEND: {ListingStatus.LISTED},
    Action.RESUME: {ListingStatus.SUSPENDED},
    Action.REMOVE: {ListingStatus.LISTED, ListingStatus.SUSPENDED},
    Action.CORRECT: {ListingStatus.LISTED, ListingStatus.SUSPENDED, ListingStatus.REMOVED},
}


@dataclass
class Composition:
    """Unsaved lines by register, each with `replaces` set to the current line; and what stands in the way."""

    enterprises: list[EnterpriseLine] = field(default_factory=list)
    certificates: list[CertificateLine] = field(default_factory=list)
    products: list[ProductLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: set[int] = field(default_factory=set)  # entries that say what is public already
    changed_enterprises: dict[int, EnterpriseLine] = field(default_factory=dict)  # others follow these,
    reissued_certificates: set[int] = field(default_factory=set)  # and these

    @property
    def lines(self) -> list[Line]:
        return [*self.enterprises, *self.certificates, *self.products]


def compose(batch: Batch) -> Composition:
    composer = Composer(batch, batch.entries.order_by("id"))
    composer.compose_entries()
    composer.compose_followers()
    result = composer.judged()
    if not result.lines and not result.problems:
        sentence = "没有任何要公布的变化，请先放入企业、证书或产品。"
        result.problems.append(Problem("batch.empty", batch.slug, sentence))
    return result


class Composer:
    """One pass over entries of a batch; every register is read in a constant number of queries."""

    def __init__(self, batch: Batch, entries: Iterable[BatchEntry]):
        self.batch = batch
        self.result = Composition()
        self.today = clock.today()
        self.division_names = DivisionNames()
        self.enterprise_lines: dict[int, dict[str, EnterpriseLine]] = defaultdict(dict)
        self.certificate_lines: dict[int, CertificateLine] = {}
        self.product_lines: dict[tuple[int, str], ProductLine] = {}
        self.former_names: dict[int, list[dict]] = defaultdict(list)
        self.entries = _with_targets(list(entries))

    def compose_entries(self) -> None:
        self._read_current()
        self._compose_enterprises()
        self._compose_certificates()
        self._compose_products()

    def judged(self) -> Composition:
        self.result.problems += unfit_lines(self.result.lines)
        for register in (self.result.enterprises, self.result.certificates, self.result.products):
            for position, line in enumerate(register, start=1):
                line.batch, line.position = self.batch, position
        self.result.problems += problems_of_lines(self.result.lines)
        return self.result

    def _read_current(self) -> None:
        """What is public now of everything that the entries touch."""
        products = [entry.product for entry in self.entries if entry.product]
        enterprise_ids = {entry.enterprise_id for entry in self.entries if entry.enterprise_id}
        certificate_ids = {entry.certificate_id for entry in self.entries if entry.certificate_id}
        certificate_ids |= {product.certificate_id for product in products if product.certificate_id}
        everyone = enterprise_ids | {product.enterprise_id for product in products}
        for enterprise in in_chunks(EnterpriseLine.objects.current(), "enterprise", everyone):
            self.enterprise_lines[enterprise.enterprise_id][enterprise.publisher] = enterprise
        for certificate in in_chunks(CertificateLine.objects.current(), "certificate", certificate_ids):
            self.certificate_lines[certificate.certificate_id] = certificate
        for product in in_chunks(
            ProductLine.objects.current(), "product", {product.pk for product in products}
        ):
            self.product_lines[product.product_id, product.publisher] = product
        for former in in_chunks(FormerName.objects.order_by("until_on", "id"), "enterprise", enterprise_ids):
            until = former.until_on.isoformat() if former.until_on else ""
            self.former_names[former.enterprise_id].append({"name": former.name, "until": until})

    def _compose_enterprises(self) -> None:
        for entry in self.entries:
            if entry.enterprise is None:
                continue
            current = self.enterprise_lines[entry.enterprise.pk].get(entry.publisher)
            if not self._is_possible(entry, current, entry.enterprise.name):
                continue
            line = self._enterprise_line(entry, current)
            if self._is_unchanged(entry, line, current):
                continue
            self.result.enterprises.append(line)
            self.enterprise_lines[entry.enterprise.pk][entry.publisher] = line
            if current is not None and face(line) != face(current):
                self.result.changed_enterprises[entry.enterprise.pk] = line

    def _enterprise_line(self, entry: BatchEntry, current: EnterpriseLine | None) -> EnterpriseLine:
        if entry.action in COPYING:
            return copied_line(current, entry)
        assert entry.enterprise is not None  # noqa: S101 - the caller looked
        return enterprise_line(
            entry,
            current,
            former_names=self.former_names[entry.enterprise.pk],
            division_name=self.division_names.full(entry.enterprise.division_id),
        )

    def _compose_certificates(self) -> None:
        """Certificates named by an entry, and those of the products whose working data are to be frozen."""
        wanted: dict[int, tuple[Certificate, BatchEntry | None]] = {}
        for entry in self.entries:
            if entry.certificate is not None:
                wanted[entry.certificate.pk] = (entry.certificate, entry)
        for entry in self.entries:
            if entry.product is not None and entry.product.certificate and entry.action not in COPYING:
                wanted.setdefault(entry.product.certificate.pk, (entry.product.certificate, None))
        for certificate, named in wanted.values():
            current = self.certificate_lines.get(certificate.pk)
            line = certificate_line(certificate, current, publisher=self.batch.publisher, entry=named)
            if current is not None and content(line) == content(current):
                self.result.unchanged |= {named.pk} if named else set()
                continue
            self.result.certificates.append(line)
            self.certificate_lines[certificate.pk] = line
            if current is not None and _shown_by_products(line) != _shown_by_products(current):
                self.result.reissued_certificates.add(certificate.pk)

    def _compose_products(self) -> None:
        for entry in self.entries:
            if entry.product is None:
                continue
            current = self.product_lines.get((entry.product.pk, entry.publisher))
            if not self._is_possible(entry, current, entry.product.name):
                continue
            line = self._product_line(entry, current)
            if line is not None and not self._is_unchanged(entry, line, current):
                self.result.products.append(line)

    def _product_line(self, entry: BatchEntry, current: ProductLine | None) -> ProductLine | None:
        if entry.action in COPYING:
            return copied_line(current, entry)
        product = entry.product
        assert product is not None  # noqa: S101 - the caller looked
        enterprise = self._enterprise_of(product.enterprise_id, entry.publisher)
        if enterprise is None:
            sentence = (
                f"的企业「{product.enterprise.name}」不在企业名录中，请把该企业一并放入本批次，或先公布它。"
            )
            self._hinder(entry, Problem("line.enterprise", product.name, sentence))
            return None
        problem = self._basis_problem(entry.publisher, product)
        if problem is not None:
            self._hinder(entry, problem)
            return None
        return product_line(entry, current, enterprise=enterprise)

    def _basis_problem(self, publisher: str, product) -> Problem | None:
        if product.certificate_id:
            return certificate_problem(
                self.certificate_lines[product.certificate_id], product.name, self.today
            )
        return requirement_problem(product.requirement, publisher, product.name, self.today)

    def _enterprise_of(self, enterprise_id: int, publisher: str) -> EnterpriseLine | None:
        """The enterprise's listed line after this batch: the same publisher's first, then the national one, then any."""
        lines = self.enterprise_lines[enterprise_id]
        listed = {owner: line for owner, line in lines.items() if line.listing_status == ListingStatus.LISTED}
        return listed.get(publisher) or listed.get(NATIONAL) or next(iter(listed.values()), None)

    def compose_followers(self) -> None:
        """Lines of every publisher to be issued anew, because an enterprise's name or place, a star or an end date changed."""
        enterprises = (
            EnterpriseLine.objects.current().exclude(listing_status=ListingStatus.REMOVED).order_by("id")
        )
        composed = {(line.enterprise_id, line.publisher) for line in self.result.enterprises}
        for line in in_chunks(enterprises, "enterprise", self.result.changed_enterprises):
            if (line.enterprise_id, line.publisher) not in composed:
                changed = self.result.changed_enterprises[line.enterprise_id]
                self.result.enterprises.append(following_enterprise(line, changed))
        composed = {(line.product_id, line.publisher) for line in self.result.products}
        for product in self._products_to_follow():
            if (product.product_id, product.publisher) not in composed:
                changed_or_none = self.result.changed_enterprises.get(product.enterprise_id)
                self.result.products.append(following_product(product, changed_or_none))

    def _products_to_follow(self) -> Iterable[ProductLine]:
        listed = ProductLine.objects.current().exclude(listing_status=ListingStatus.REMOVED).order_by("id")
        followers = {
            line.pk: line for line in in_chunks(listed, "enterprise", self.result.changed_enterprises)
        }
        followers |= {
            line.pk: line for line in in_chunks(listed, "certificate", self.result.reissued_certificates)
        }
        return followers.values()

    def _is_possible(self, entry: BatchEntry, current, name: str) -> bool:
        now = current.listing_status if current is not None else None
        if now in POSSIBLE_FROM[entry.action]:
            return True
        state = f"的状态是「{ListingStatus(now).label}」" if now else "尚未列入"
        action = entry.get_action_display()
        sentence = f"现在{state}，不能「{action}」，请从本批次移去或改用其他动作。"
        self._hinder(entry, Problem("line.action", name, sentence))
        return False

    def _is_unchanged(self, entry: BatchEntry, line: Line, current: Line | None) -> bool:
        is_so = entry.action == Action.CHANGE and current is not None and content(line) == content(current)
        self.result.unchanged |= {entry.pk} if is_so else set()
        return is_so

    def _hinder(self, entry: BatchEntry, problem: Problem) -> None:
        self.result.problems.append(replace(problem, entry=entry.pk))


def _with_targets(entries: list[BatchEntry]) -> list[BatchEntry]:
    """Read apart and not joined: thousands of products share an enterprise, a kind and a certification body."""
    _attach(entries, "enterprise")
    products = _attach(entries, "product")
    for name in ("enterprise", "category", "requirement"):
        _attach(products, name)
    certificates = [*_attach(entries, "certificate"), *_attach(products, "certificate")]
    _attach(certificates, "body")
    _attach(certificates, "renews")
    return entries


def _attach(rows: Sequence[Any], name: str) -> list[Any]:
    """Give each row what its foreign key names; returns these, each once."""
    if not rows:
        return []
    target = rows[0]._meta.get_field(name)
    ids = {getattr(row, target.attname) for row in rows} - {None}
    found = {one.pk: one for one in in_chunks(target.related_model._base_manager, "pk", ids)}
    for row in rows:
        if (pk := getattr(row, target.attname)) is not None:
            setattr(row, name, found[pk])
    return list(found.values())


def _shown_by_products(line: CertificateLine) -> tuple:
    """What lists filter and sort products by: when it changes, their lines are issued anew."""
    return line.star, line.valid_until


def in_chunks(queryset, field_name: str, ids: Iterable[Any], size: int = 10_000) -> Iterator:
    """Rows of `queryset` whose `field_name` is among `ids`, without passing a database's limit of parameters."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), size):
        yield from queryset.filter(**{f"{field_name}__in": ordered[start : start + size]})
