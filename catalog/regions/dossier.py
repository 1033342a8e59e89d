"""Everything that the page of one region says of its own, at one edition and on one day."""

from dataclasses import dataclass
from functools import cached_property

from catalog.regions.models import RegionVersion, SubsidyVersion
from catalog.regions.public import subsidies_at
from catalog.regions.tiles import WORDS
from portal.core.pages.reading import ReadAt


@dataclass(frozen=True)
class RuleRow:
    """A subsidy rule with its state on the day asked."""

    rule: SubsidyVersion
    code: str
    word: str

    @property
    def is_open(self) -> bool:
        return self.code in ("listed", "ending")


class RegionDossier:
    def __init__(self, version: RegionVersion, reading: ReadAt):
        self.version = version
        self.reading = reading

    @property
    def code(self) -> str:
        return self.version.page_id

    @property
    def name(self) -> str:
        return self.version.name

    @property
    def year(self) -> int:
        """The year of which the page gives figures."""
        return self.reading.day.year

    @property
    def batch_words(self) -> str:
        batch = self.version.approval_batch
        return WORDS.get(batch or 0, f"第{batch}批试点") if batch else ""

    @cached_property
    def _subsidies(self) -> list[SubsidyVersion]:
        return subsidies_at(self.reading, self.code)

    @cached_property
    def rules(self) -> list[RuleRow]:
        standing = [rule for rule in self._subsidies if not rule.is_withdrawn]
        return [RuleRow(rule, *rule.status_on(self.reading.day)) for rule in standing]

    @property
    def withdrawn_rules(self) -> list[SubsidyVersion]:
        return [rule for rule in self._subsidies if rule.is_withdrawn]

    @property
    def open_rules(self) -> list[RuleRow]:
        """What one can claim today, before what comes and what is over."""
        return [row for row in self.rules if row.is_open]

    @property
    def other_rules(self) -> list[RuleRow]:
        return [row for row in self.rules if not row.is_open]
