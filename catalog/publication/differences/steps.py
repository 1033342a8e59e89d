"""What happened to the lines of a register, edition by edition."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from catalog.publication.exporting.rows import LINES
from catalog.publication.models import Line

from .comparing import Change, compared

LINES_AT_A_TIME = 1_000
# Read by whoever proves a line, and large.
UNTOLD = ("salts", "hashes")


@dataclass(frozen=True)
class Step:
    """A line that became public, and the one that it ended. Neither has more behind it to be read."""

    line: Line
    before: Line | None

    @property
    def edition(self) -> int:
        return self.line.from_edition_id or 0

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the order of all steps of its register: whoever was cut off goes on behind it."""
        return self.edition, self.line.pk

    @property
    def changes(self) -> list[Change]:
        return compared(self.before, self.line) if self.before else []


def steps(register: str, after: int, until: int, *, behind: tuple[int, int] | None = None) -> Iterator[Step]:
    """Every step of `products`, `enterprises` or `certificates` in the editions after `after` up to `until`, in order;
    `behind` the place of one, those that follow it.

    A line ends only where another of the same thing takes its place, so that whoever follows all steps, keeping the last
    line of each (thing, publisher), has the public lines of the edition `until`. What only the day ends is no step.
    """
    place = max(behind or (0, 0), (after + 1, 0))
    while found := _behind(register, place, until):
        yield from found
        place = found[-1].place


def _behind(register: str, place: tuple[int, int], until: int) -> list[Step]:
    """A cursor of the database would stay open as long as a slow reader reads, so each part is asked for by itself."""
    edition, number = place
    follow = Q(from_edition__gt=edition) | Q(from_edition=edition, pk__gt=number)
    hidden = (*UNTOLD, *(f"replaces__{name}" for name in UNTOLD))
    lines = LINES[register].objects.filter(follow, from_edition__lte=until).select_related("replaces")
    # By the column: the relation would bring the order of editions along, newest first.
    lines = lines.defer(*hidden).order_by("from_edition_id", "pk")[:LINES_AT_A_TIME]
    return [Step(line, line.replaces) for line in lines]
