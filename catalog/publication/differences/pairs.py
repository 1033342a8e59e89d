"""Each line of the right side beside the line of the same thing on the left, judged by the database.

Whatever is public stays public: a line ends only where another one of its thing takes its place. So every line of the left
has its thing on the right too, and a pair is one line of the right with at most one of the left.
"""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    FilteredRelation,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from catalog.publication.exporting.columns import SAID
from catalog.publication.search.rows import held
from catalog.standing.conditions import Over
from catalog.standing.registers import SHOWN
from portal.core.pages.reading import ReadAt

from .comparing import CERTIFIED, COMPARED
from .groups import ABSENT, BY_ITSELF, DIFFERS, RENAMED, SAME
from .scope import BEFORE, HELD, WAS, Register, Scope, path

OF_CERTIFICATE = ("status", "valid_until")


class Distinct(Func):
    """Two values are not the same; nothing is the same as nothing."""

    arity = 2
    output_field = BooleanField()
    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, arg_joiner=" IS NOT ", **extra)


def pairs(scope: Scope, left: ReadAt, right: ReadAt) -> QuerySet[Any]:
    """Every line of the right, with its `sign` (`groups.Sign`) and, as `before`, what stood on the left."""
    of = scope.of
    lines = _judgeable(of, right).annotate(**{BEFORE: _before(of, left)})
    if of.has_certificates:
        certificate = f"{BEFORE}__certificate__lines"
        lines = lines.annotate(**{WAS + SAID: _certificate(certificate, left)})
    if of.held_by:
        lines = lines.annotate(
            **{WAS + HELD: _truth(held(left.edition, left.day, *of.held_by, of=f"{BEFORE}__"))}
        )
    return lines.annotate(sign=_sign(scope, left, right))


def current(scope: Scope, reading: ReadAt) -> QuerySet[Any]:
    """The lines of one side that are current and within the scope, found without the other side."""
    lines = _judgeable(scope.of, reading).annotate(stands=_standing(scope.of, reading, was=False))
    return lines.filter(scope.fits(was=False), stands__in=SHOWN)


def lines_at(scope: Scope, reading: ReadAt, after: int) -> QuerySet[Any]:
    """The lines within the scope that became public after an edition up to the one read, also those that ended since."""
    lines: QuerySet[Any] = scope.of.model.objects.filter(
        from_edition__gt=after, from_edition__lte=reading.edition
    )
    if scope.of.has_certificates:
        lines = lines.annotate(**{SAID: _certificate("certificate__lines", reading)})
    return lines.filter(scope.fits(was=False))


def _judgeable(of: Register, reading: ReadAt) -> QuerySet[Any]:
    lines: QuerySet[Any] = of.model.objects.public(reading.edition)
    if of.has_certificates:
        lines = lines.annotate(**{SAID: _certificate("certificate__lines", reading)})
    if of.held_by:
        lines = lines.annotate(**{HELD: _truth(held(reading.edition, reading.day, *of.held_by))})
    return lines


def _certificate(lines: str, reading: ReadAt) -> FilteredRelation:
    return FilteredRelation(lines, condition=_public(lines, reading))


def _public(lines: str, reading: ReadAt) -> Q:
    until = Q(**{f"{lines}__until_edition__isnull": True}) | Q(
        **{f"{lines}__until_edition__gt": reading.edition}
    )
    return until & Q(**{f"{lines}__from_edition__lte": reading.edition})


def _before(of: Register, left: ReadAt) -> FilteredRelation:
    lines = f"{of.thing}__lines"
    condition = _public(lines, left)
    if of.is_by_publisher:
        condition &= Q(**{f"{lines}__publisher": F("publisher")})
    return FilteredRelation(lines, condition=condition)


def _sign(scope: Scope, left: ReadAt, right: ReadAt) -> Combinable:
    of, was_absent = scope.of, Q(**{f"{BEFORE}__isnull": True})
    was = Case(
        When(was_absent, then=Value(ABSENT)),
        default=_standing(of, left, was=True),
        output_field=CharField(),
    )
    now = _standing(of, right, was=False)
    fitted, fits = _word(scope.fits(was=True), "1", "0"), _word(scope.fits(was=False), "1", "0")
    parts = [was, now, fitted, fits, _how(of), _word(_by_itself(of, right), BY_ITSELF, "-")]
    spaced = [one for part in parts for one in (part, Value(" "))]
    return Concat(*spaced[:-1], output_field=CharField())


def _standing(of: Register, reading: ReadAt, *, was: bool) -> Case:
    columns = {name: path(name, was) for name in (*of.judged, HELD)}
    if of.has_certificates:
        columns |= {name: path(f"{SAID}__{name}", was) for name in OF_CERTIFICATE}
    return of.judge.case(reading.day, columns)


def _by_itself(of: Register, right: ReadAt) -> Q:
    """Over on the right day by the validity that was said on the left."""
    if not of.has_certificates and of.is_by_publisher:
        return Q()
    column = f"{SAID}__valid_until" if of.has_certificates else "valid_until"
    return Over("valid_until").q(right.day, {"valid_until": path(column, was=True)})


def _how(of: Register) -> Case:
    differs = _differ(COMPARED[of.model])
    if of.has_certificates:
        differs |= _differ([f"{SAID}__{name}" for name in CERTIFIED])
    renamed = [When(_differ(["name"]), then=Value(RENAMED))] if of.is_by_publisher else []
    absent = When(**{f"{BEFORE}__isnull": True}, then=Value(SAME))
    return Case(
        absent, *renamed, When(differs, then=Value(DIFFERS)), default=Value(SAME), output_field=CharField()
    )


def _differ(columns: Any) -> Q:
    found = Q()
    for column in columns:
        found |= Q(Distinct(F(path(column, was=True)), F(column)))
    return found


def _word(when: Q, then: str, otherwise: str) -> Combinable:
    """An empty condition holds."""
    if not when:
        return Value(then)
    return Case(When(when, then=Value(then)), default=Value(otherwise), output_field=CharField())


def _truth(when: Q) -> Case:
    return Case(When(when, then=Value(True)), default=Value(False), output_field=BooleanField())
