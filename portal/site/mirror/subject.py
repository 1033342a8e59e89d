"""What a copy is of: one edition, judged on one day, and which products and enterprises of it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.search.listing import FoundLines, Question, list_enterprises, list_products
from catalog.regions.models import Division
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt, newest_edition
from portal.core.pages.templatetags.pages import day_words
from portal.core.workflow import NotAllowed


@dataclass(frozen=True)
class Subject:
    edition: Edition
    day: datetime.date
    token: str  # of the newest edition, as of every reading
    regions: tuple[str, ...] = ()  # codes of provinces; empty: everything

    @classmethod
    def asked(cls, number: int | None, regions: Sequence[str]) -> "Subject":
        """The newest edition as it is today, or an earlier one as on the day of its publication. Raises NotAllowed."""
        editions = Edition.objects.order_by("-number")
        edition = (editions if number is None else editions.filter(number=number)).first()
        if edition is None:
            raise NotAllowed(
                "mirror.edition",
                f"没有第{number}版。" if number is not None else "还没有公布过内容，没有可以复制的。",
            )
        newest, token = newest_edition()
        day = clock.today() if edition.number == newest else edition.day
        return cls(edition, day, token, _known(regions))

    @property
    def reading(self) -> ReadAt:
        number = self.edition.number
        return ReadAt(number, self.day, number, self.day, self.token, is_copy=True)

    @property
    def words(self) -> str:
        """Which edition and day, and what of it."""
        names = "、".join(self.region_names)
        return f"第{self.edition.number}版·截至{day_words(self.day)}" + (
            f"·只含{names}的企业和产品" if names else ""
        )

    @cached_property
    def region_names(self) -> list[str]:
        names = dict(Division.objects.filter(code__in=self.regions).values_list("code", "name"))
        return [names[code] for code in self.regions]

    def found_products(self) -> FoundLines:
        return list_products(self._question())

    def found_enterprises(self) -> FoundLines:
        return list_enterprises(self._question())

    @cached_property
    def products(self) -> dict[int, str]:
        """By line: the number of each product that was ever listed, whatever its state."""
        lines = ProductLine.objects.public(self.edition.number).values_list("pk", "number")
        return _these(dict(lines), self.found_products(), bool(self.regions))

    @cached_property
    def enterprises(self) -> dict[int, str]:
        lines = EnterpriseLine.objects.public(self.edition.number).values_list("pk", "uscc")
        return _these(dict(lines), self.found_enterprises(), bool(self.regions))

    def _question(self) -> Question:
        chosen = {"province": self.regions} if self.regions else {}
        return Question(self.edition.number, self.day, chosen=chosen, validity="all")


def _these(lines: dict[int, str], found: FoundLines, is_part: bool) -> dict[int, str]:
    """A part is chosen by the index, as the list chooses it; the whole is what is public, whatever the index has."""
    chosen = found.every_line
    return {pk: number for pk, number in lines.items() if not is_part or pk in chosen}


def _known(regions: Sequence[str]) -> tuple[str, ...]:
    codes = tuple(sorted(set(regions)))
    known = set(Division.objects.filter(code__in=codes, code__endswith="0000").values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise NotAllowed(
            "mirror.region", f"没有代码为{'、'.join(unknown)}的省级地区。请写六位的省级代码，如 350000。"
        )
    return codes
