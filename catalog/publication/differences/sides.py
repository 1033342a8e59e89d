"""The two ends of a comparison, each named by a batch, an edition or a day."""

import re
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from catalog.publication.models import Batch
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import ReadAt, day_asked, edition_asked, last_edition_of, read_at

LEFT, RIGHT = "from", "until"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Side:
    """`given` is how the address names it; empty for the newest edition today. `batch` is its title, where it is one."""

    reading: ReadAt
    given: str = ""
    batch: str = ""

    @property
    def edition(self) -> int:
        return self.reading.edition

    @property
    def day(self) -> date:
        return self.reading.day

    @property
    def is_empty(self) -> bool:
        """Before anything was published."""
        return not self.edition

    def is_before(self, other: "Side") -> bool:
        return (self.edition, self.day) <= (other.edition, other.day) and self.day <= other.day


def sides_asked(query: Query, request: HttpRequest) -> tuple[Side | None, Side]:
    """Left and right; no left where none is asked for. Raises BadParameter for what was never published, and for a left
    that is later than the right, with the address that has them the other way round."""
    now = read_at(request)
    left = _side(query, LEFT, now) if query.first(LEFT) else None
    right = _side(query, RIGHT, now) if query.first(RIGHT) else Side(now)
    if left and not left.is_before(right):
        _refuse_reversed(query, left, right)
    return left, right


def _side(query: Query, name: str, now: ReadAt) -> Side:
    given = query.first(name)
    if given.isdigit():
        return Side(_moment(*edition_asked(query, name), now), given)
    if DAY.fullmatch(given):
        day = day_asked(query, now.today, name) or now.today
        return Side(_moment(last_edition_of(day) if day < now.today else now.newest, day, now), given)
    return _of_batch(query, name, given, now)


def _of_batch(query: Query, name: str, slug: str, now: ReadAt) -> Side:
    batch = Batch.objects.public(now.newest).select_related("edition").filter(slug=slug).first()
    if batch is None:
        sentence = f"没有公布过编号为「{slug}」的批次。请写批次编号、版号或日期，如 2022-1、31、{now.today.isoformat()}。"
        raise BadParameter.one(query, name, slug, sentence)
    if batch.edition is None or batch.edition.number > now.newest:
        sentence = f"批次「{slug}」还没有公布，清单没有因它改变，无从比较。"
        raise BadParameter.one(query, name, slug, sentence)
    return Side(_moment(batch.edition.number, batch.edition.day, now), slug, batch.title)


def _moment(edition: int, day: date, now: ReadAt) -> ReadAt:
    return ReadAt(edition, day, now.newest, now.today, now.token)


def _refuse_reversed(query: Query, left: Side, right: Side) -> None:
    sentence = "左边比右边晚。比较从较早的一边开始，请把两边对调。"
    mended = query.put(**{LEFT: right.given or right.day.isoformat(), RIGHT: left.given})
    raise BadParameter.one(query, LEFT, left.given, sentence, mended)
