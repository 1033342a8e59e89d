"""The files of a shelf as a page offers them: with rows, size and digest where they were made already."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from catalog.publication.exporting.keeping import Made, known
from catalog.publication.exporting.shelves import TITLES, Export, Shelf
from catalog.publication.exporting.writing import WORDS


@dataclass(frozen=True)
class Offered:
    """`made` is None for a file that is made when it is asked for."""

    export: Export
    made: Made | None

    @property
    def word(self) -> str:
        return WORDS[self.export.extension]


@dataclass(frozen=True)
class Offer:
    shelf: Shelf
    registers: list[tuple[str, list[Offered]]]

    @classmethod
    def of(cls, shelf: Shelf) -> "Offer":
        return cls(shelf, list(_by_register(shelf.files)))

    @property
    def is_made(self) -> bool:
        return all(one.made for _title, offered in self.registers for one in offered)


def _by_register(exports: Iterable[Export]) -> Iterable[tuple[str, list[Offered]]]:
    for register, these in groupby(exports, attrgetter("register")):
        yield TITLES[register], [Offered(export, known(export)) for export in these]
