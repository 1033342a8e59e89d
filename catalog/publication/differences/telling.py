"""Pairs in words: what changed, by which act, why and when. A constant number of queries for as many as are given."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from catalog.publication.models import Action, CertificateLine, Hold, Line, ListingStatus
from catalog.publication.search.rows import hold_on, holds_at
from portal.core.text.clauses import in_one

from .comparing import UNTOLD, Change, compared, of_certificate, words
from .groups import GROUPS, Group, Sign
from .reasons import circumstances_of, reason_of
from .scope import Scope
from .sides import Side

# The acts that lead there; of others the last one that was no mere consequence.
LEADING: dict[str, tuple[str, ...]] = {
    "added": (Action.LIST, Action.RELIST),
    "resumed": (Action.RESUME, Action.RELIST),
    "removed": (Action.REMOVE,),
    "suspended": (Action.SUSPEND,),
}


class Found(NamedTuple):
    """A pair as the database counted it: the line on the right, the one on the left, and how both stand."""

    line: int
    before: int | None
    sign: str


@dataclass(frozen=True)
class Told:
    """`act` is the line that says why: the thing's own or its certificate's, none where no act was done. `day` is that of
    the act, or the last one of a validity that ran out."""

    group: Group
    sign: Sign
    line: Any
    before: Any
    certificate: CertificateLine | None
    changes: list[Change]
    act: Line | None
    day: date | None
    reason: str
    basis: str


class Telling:
    """Everything that is read for some pairs."""

    def __init__(self, scope: Scope, left: Side, right: Side, found: Sequence[Found]):
        self.scope, self.left, self.right, self.found = scope, left, right, found

    def told(self) -> list[Told]:
        return [self._one(one) for one in self.found]

    @cached_property
    def lines(self) -> dict[int, Any]:
        numbers = {number for one in self.found for number in one[:2] if number}
        return _read(self.scope.of.model.objects.all()).in_bulk(numbers)

    @cached_property
    def acts(self) -> dict[tuple[Any, str], list[Line]]:
        """What became public of these things between the two sides, by thing and publisher, in order."""
        of = self.scope.of
        things = {getattr(self.lines[one.line], f"{of.thing}_id") for one in self.found}
        lines = of.model.objects.filter(**{f"{of.thing}__in": things})
        lines = lines.filter(from_edition__gt=self.left.edition, from_edition__lte=self.right.edition)
        by_thing: defaultdict[tuple[Any, str], list[Line]] = defaultdict(list)
        for line in _read(lines).order_by("pk"):
            by_thing[self._thing(line)].append(line)
        return by_thing

    @cached_property
    def certificates(self) -> dict[int, list[CertificateLine]]:
        """All lines of the certificates that were public at either side or between, in order."""
        asked = {getattr(line, "certificate_id", None) for line in self.lines.values()} - {None}
        by_certificate: defaultdict[int, list[CertificateLine]] = defaultdict(list)
        if self.scope.of.has_certificates and asked:
            ended = Q(until_edition__isnull=True) | Q(until_edition__gt=self.left.edition)
            lines = CertificateLine.objects.filter(ended, certificate__in=asked)
            for line in _read(lines.filter(from_edition__lte=self.right.edition)).order_by("pk"):
                by_certificate[line.certificate_id].append(line)
        return by_certificate

    @cached_property
    def holds(self) -> dict[tuple[str, int | None], Hold]:
        return holds_at(self.right.edition, self.right.day)

    def _thing(self, line: Any) -> tuple[Any, str]:
        of = self.scope.of
        return getattr(line, f"{of.thing}_id"), line.publisher if of.is_by_publisher else ""

    def _one(self, found: Found) -> Told:
        line, before = self.lines[found.line], self.lines.get(found.before or 0)
        sign = Sign.read(found.sign)
        group = GROUPS[sign.group]
        certificate = self._certificate(line, self.right)
        act = self._act(group.code, line)
        hold = hold_on(line, self.holds) if sign.now == "checking" else None
        return Told(
            group,
            sign,
            line,
            before,
            certificate,
            self._changes(line, before, certificate) if before else [],
            act,
            self._day(group.code, line, certificate, act),
            _why(group.code, act, hold),
            circumstances_of(act) if act else "",
        )

    def _certificate(self, line: Any, side: Side) -> CertificateLine | None:
        lines = self.certificates.get(getattr(line, "certificate_id", None) or 0, [])
        return next((one for one in reversed(lines) if _is_public(one, side.edition)), None)

    def _changes(self, line: Any, before: Any, certificate: CertificateLine | None) -> list[Change]:
        said_before = self._certificate(before, self.left)
        return [*compared(before, line), *of_certificate(said_before, certificate)]

    def _act(self, group: str, line: Any) -> Line | None:
        if group in ("ended", "checking"):
            return None
        own = self.acts.get(self._thing(line), [])
        certified = [
            one
            for one in self.certificates.get(getattr(line, "certificate_id", None) or 0, [])
            if self.left.edition < (one.from_edition_id or 0)
        ]
        is_of_certificate = group == "lost" or (
            group == "suspended" and getattr(line, "listing_status", "") == ListingStatus.LISTED
        )
        return _leading(group, certified or own if is_of_certificate else own or certified)

    def _day(self, group: str, line: Any, certificate: Any, act: Line | None) -> date | None:
        if group == "ended":
            return getattr(certificate or line, "valid_until", None)
        return act.from_edition.day if act and act.from_edition else None


def _read(lines: QuerySet[Any]) -> QuerySet[Any]:
    return lines.select_related("batch", "from_edition").defer(*UNTOLD)


def _is_public(line: Line, edition: int) -> bool:
    return (line.from_edition_id or 0) <= edition and (
        line.until_edition_id is None or line.until_edition_id > edition
    )


def _leading(group: str, acts: Iterable[Line]) -> Line | None:
    last_first = list(reversed(list(acts)))
    wanted = [one for one in last_first if one.action in LEADING.get(group, ())]
    own = [one for one in last_first if one.action != Action.FOLLOW]
    return next(iter([*wanted, *own, *last_first]), None)


def _why(group: str, act: Line | None, hold: Hold | None) -> str:
    if group == "ended":
        return "有效期届满"
    if hold is not None:
        return hold.reason
    if isinstance(act, CertificateLine):
        return in_one(words("status", act.status), act.status_reason, reason_of(act))
    return reason_of(act) if act else ""
