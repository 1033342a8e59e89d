"""What changes in a part of a register, for whoever subscribes to it: one entry an act, the newest first."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from catalog.publication.differences.comparing import UNTOLD, compared
from catalog.publication.differences.pairs import lines_at
from catalog.publication.differences.reasons import circumstances_of, reason_of
from catalog.publication.differences.sides import LEFT, RIGHT
from catalog.publication.showing.difference_page import Asked, address_of, name_of
from portal.core.editions import clock
from portal.core.pages.feeds import MOST, absolute, namespace, urn
from portal.core.pages.parameters import Query
from portal.core.text.clauses import in_one


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    href: str
    updated: datetime.datetime
    edition: int
    action: str
    word: str
    publisher: str
    summary: str


class DifferenceFeed:
    """The acts of a register up to the right side, and after the left one where it is given."""

    def __init__(self, asked: Asked):
        self.asked = asked
        self.space = namespace()

    @property
    def query(self) -> Query:
        return self.asked.query

    @property
    def id(self) -> str:
        return urn(self.space, f"differences/{self.query.drop(LEFT, RIGHT).encode()}")

    @property
    def title(self) -> str:
        return "，".join(
            [f"{self.asked.scope.of.label}的变化", *(words for words, _href in self.asked.chips)]
        )

    @property
    def self_href(self) -> str:
        return absolute(self.query.link(reverse("differences-feed")))

    @property
    def page_href(self) -> str:
        return absolute(self.query.link(reverse("differences")))

    @property
    def updated(self) -> datetime.datetime:
        return max((entry.updated for entry in self.entries), default=clock.end_of(self.asked.right.day))

    @cached_property
    def entries(self) -> list[Entry]:
        asked = self.asked
        lines = lines_at(asked.scope, asked.right.reading, after=asked.left.edition if asked.left else 0)
        lines = lines.select_related("from_edition", "replaces").defer(
            *UNTOLD, *(f"replaces__{name}" for name in UNTOLD)
        )
        return [self._entry(line) for line in lines.order_by("-from_edition_id", "-pk")[:MOST]]

    def _entry(self, line: Any) -> Entry:
        register, cited = self.asked.scope.register, Query().put(edition=line.from_edition_id)
        changes = compared(line.replaces, line) if line.replaces else []
        said = [f"{change.label}：{change.before} → {change.after}" for change in changes]
        return Entry(
            urn(self.space, f"{line.key}/{line.from_edition_id}"),
            f"{line.get_action_display()}：{name_of(line, register)}",
            absolute(address_of(line, register, cited)),
            line.from_edition.at,
            line.from_edition_id,
            line.action,
            line.get_action_display(),
            self.asked.known.publishers.get(line.publisher, line.publisher),
            in_one(reason_of(line), circumstances_of(line), *said),
        )
