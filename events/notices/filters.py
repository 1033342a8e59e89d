"""The parameters of the notice list: cleaned, refused by name, and drawn as facets and chips."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from catalog.publication.models import Batch
from catalog.regions.models import Division
from portal.core.pages.listing import Chip, Facet, Listing, Option
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.text.uscc import normalise

from .board import FACETS, Board, Question
from .models import NoticeVersion

YEAR = re.compile(r"(?:19|20)[0-9]{2}")
USCC = re.compile(r"[0-9A-Z]{18}")
LABELS = {"kind": "栏目", "year": "年份", "region": "地区"}
OPEN = {"kind": 8, "year": 6, "region": 6}


@dataclass(frozen=True)
class Filters:
    """What a visitor asked of the list."""

    query: Query

    @classmethod
    def read(cls, query: Query) -> "Filters":
        """Raises BadParameter that names what is not understood."""
        query.refuse_unknown(single=("q", "batch", "enterprise", "page", *PARAMETERS), several=FACETS)
        filters = cls(query)
        filters._refuse_bad_values()
        return filters

    @property
    def words(self) -> str:
        return self.query.first("q")

    @cached_property
    def provinces(self) -> dict[str, str]:
        rows = Division.objects.filter(level=Division.Level.PROVINCE).order_by("code")
        return dict(rows.values_list("code", "name"))

    def board(self, reading: ReadAt) -> Board:
        names = (*FACETS, "batch", "enterprise")
        chosen = {name: self.query.all(name) for name in names}
        chosen["enterprise"] = tuple(normalise(code) for code in chosen["enterprise"])
        return Board(Question(reading.edition, reading.day, self.words, chosen, tuple(self.provinces)))

    def listing(self, path: str, board: Board) -> Listing:
        return Listing(
            self.query,
            path,
            facets=tuple(self._facet(name, board) for name in FACETS),
            extra_chips=tuple(self._chips(path)),
        )

    def _refuse_bad_values(self) -> None:
        known: dict[str, Callable[[str], object]] = {
            "kind": lambda value: value in NoticeVersion.Kind.values,
            "year": YEAR.fullmatch,
            "region": lambda value: value in self.provinces,
            "batch": lambda value: Batch.objects.filter(slug=value).exists(),
            "enterprise": lambda value: USCC.fullmatch(normalise(value)),
        }
        for name, is_known in known.items():
            for value in self.query.all(name):
                if not is_known(value):
                    raise BadParameter.one(self.query, name, value)

    def _labels(self, name: str, board: Board) -> dict[str, str]:
        if name == "kind":
            return {str(value): str(label) for value, label in NoticeVersion.Kind.choices}
        if name == "year":
            asked = [year for year in self.query.all("year") if year not in board.years]
            return {year: f"{year}年" for year in [*board.years, *asked]}
        return self.provinces

    def _facet(self, name: str, board: Board) -> Facet:
        """Values that have a notice, and those that are chosen: an empty column is not offered."""
        counts, chosen = board.counts(name), self.query.all(name)
        options = tuple(
            Option(value, label, counts.get(value, 0), value in chosen)
            for value, label in self._labels(name, board).items()
            if counts.get(value) or value in chosen
        )
        return Facet(name, LABELS[name], options, OPEN[name])

    def _chips(self, path: str) -> list[Chip]:
        chips = []
        if self.words:
            chips.append(Chip(f"搜索「{self.words}」", self.query.drop("q", "page").link(path)))
        for name, word in (("batch", "批次"), ("enterprise", "企业")):
            value = self.query.first(name)
            if value:
                chips.append(Chip(f"{word} {value}", self.query.drop(name, "page").link(path)))
        return chips
