"""What the page of a product and that of an enterprise have in common: one thing, on the lists of several publishers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from catalog.publication.models import NATIONAL, Action, EnterpriseLine, Hold, ListingStatus, ProductLine
from catalog.publication.showing.choices import Known
from catalog.publication.standing import Standings
from catalog.standing.judging import Standing
from portal.core.pages.reading import ReadAt

LineT = TypeVar("LineT", ProductLine, EnterpriseLine)


@dataclass(frozen=True)
class PublisherListing(Generic[LineT]):
    """What one publisher says. `origin` is the line that brought this about: it was listed then, or taken off then."""

    line: LineT
    publisher: str
    standing: Standing
    origin: LineT


class Dossier(Generic[LineT]):
    """`lines` are all lines of the thing that were public up to the edition, oldest first; there is at least one."""

    def __init__(self, lines: list[LineT], reading: ReadAt):
        self.lines: list[LineT] = lines
        self.reading = reading
        self.publishers = Known.at(reading).publishers
        self.standings = Standings(reading, self.current)

    @cached_property
    def current(self) -> list[LineT]:
        """The line of each publisher, tombstones included."""
        edition = self.reading.edition
        return [
            line for line in self.lines if line.until_edition_id is None or line.until_edition_id > edition
        ]

    @cached_property
    def main(self) -> LineT:
        """The line that speaks for the thing: one that is listed, the national one, the newest."""
        return max(self.current or self.lines, key=speaks_louder)

    @property
    def hold(self) -> Hold | None:
        return self.standings.hold(self.main)

    @cached_property
    def listings(self) -> list[PublisherListing[LineT]]:
        """The national list first."""
        listings = [
            PublisherListing(
                line,
                self.publishers.get(line.publisher, line.publisher),
                self.standings.listing(line),
                self.origin(line),
            )
            for line in self.current
        ]
        return sorted(
            listings, key=lambda listing: (listing.line.publisher != NATIONAL, listing.line.publisher)
        )

    def origin(self, line: LineT) -> LineT:
        """Changes do not move the day of listing; a suspension or removal has a day of its own."""
        if line.listing_status != ListingStatus.LISTED:
            return line
        same = [one for one in self.lines if one.publisher == line.publisher and one.pk <= line.pk]
        return next((one for one in reversed(same) if one.action in (Action.LIST, Action.RELIST)), line)

    @property
    def listed_count(self) -> int:
        return sum(listing.standing.is_current for listing in self.listings)


def speaks_louder(line: ProductLine | EnterpriseLine) -> tuple:
    return (line.listing_status == ListingStatus.LISTED, line.publisher == NATIONAL, line.pk)
