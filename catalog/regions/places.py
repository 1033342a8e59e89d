"""One place chosen step by step: province, prefecture, county; the deepest that fits counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.regions.models import Division
from portal.core.accounts.roles import covers
from portal.core.prepared import prepared

LABELS = ("省", "市", "县")
DISTRICTS = "区县"  # of a municipality, and counties directly under a province


@dataclass(frozen=True)
class Choice:
    """One `<select>`: its divisions, and the code of the one that is chosen."""

    label: str
    divisions: Sequence[Division]
    chosen: str = ""


@dataclass(frozen=True)
class Place:
    """`chain` are the chosen divisions from the province down; it is empty where nothing was chosen."""

    chain: tuple[Division, ...]

    @property
    def code(self) -> str:
        return self.chain[-1].code if self.chain else ""

    @property
    def name(self) -> str:
        return self.chain[-1].name if self.chain else ""

    @property
    def full_name(self) -> str:
        return " ".join(division.name for division in self.chain)

    @cached_property
    def choices(self) -> list[Choice]:
        """A select for each level; asked for only where they are drawn: a query each."""
        levels: list[Iterable[Division]] = [
            _provinces(),
            *(Division.objects.filter(parent=division).order_by("code") for division in self.chain),
        ]
        choices = [
            _choice(label, list(divisions), self.chain[depth].code if depth < len(self.chain) else "")
            for depth, (label, divisions) in enumerate(zip(LABELS, levels, strict=False))
        ]
        return [choice for choice in choices if choice.divisions]


class UnknownPlace(ValueError):
    """A code that no division bears; `value` is that code."""

    def __init__(self, value: str):
        super().__init__(value)
        self.value = value


def place_of(codes: Iterable[str]) -> Place:
    """From the values of up to three selects. One query.

    A select that was left at a division outside the newly chosen province is passed over. Raises UnknownPlace.
    """
    codes = list(dict.fromkeys(codes))
    named = {division.code: division for division in _named(codes=codes)} if codes else {}
    for code in codes:
        if code not in named:
            raise UnknownPlace(code)
    return Place(_chain(list(named.values())))


@prepared
def _named(codes):
    return Division.objects.filter(code__in=codes).select_related("parent__parent")


@prepared
def _provinces():
    return Division.objects.filter(level=Division.Level.PROVINCE).order_by("code")


def _choice(label: str, divisions: list[Division], chosen: str) -> Choice:
    is_by_county = all(division.level == Division.Level.COUNTY for division in divisions)
    return Choice(DISTRICTS if is_by_county and label != LABELS[-1] else label, divisions, chosen)


def _chain(named: list[Division]) -> tuple[Division, ...]:
    """The highest of the divisions decides; of the others those that lie in it, the deepest last."""
    if not named:
        return ()
    by_depth = sorted(named, key=lambda division: len(_upwards(division)))
    deepest = by_depth[0]
    for division in by_depth[1:]:
        if covers(deepest.code, division.code):
            deepest = division
    return tuple(reversed(_upwards(deepest)))


def _upwards(division: Division | None) -> list[Division]:
    found = []
    while division is not None:
        found.append(division)
        division = division.parent
    return found
