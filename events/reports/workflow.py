"""How a report begins and has its figures counted anew; the other steps are those of every version."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from catalog.regions.filters import PROVINCES
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.workflow import NotAllowed, Step, take, versions

from .counted import Column, Line
from .counting import Counting
from .models import FIRST_YEAR, NATIONWIDE, Report, ReportVersion

DRAFT = ReportVersion.State.DRAFT
RECOUNT = Step("reportversion.counted", "重新统计", ReportVersion.EDIT, (DRAFT,), DRAFT)


def years() -> list[int]:
    """Of which there can be a report, the newest first."""
    return list(range(clock.today().year, FIRST_YEAR - 1, -1))


def begin(year: int, scope: str, *, by: User) -> ReportVersion:
    """A saved draft with its figures. Raises NotAllowed; two who begin at once are told apart."""
    if year not in years():
        raise NotAllowed("report.year", f"{year}年没有年度报告：从{FIRST_YEAR}年到今年，一年一份。")
    name = {"": NATIONWIDE, **dict(PROVINCES)}.get(scope)
    if name is None:
        raise NotAllowed("report.region", f"「{scope[:20]}」不是省级地区，请从表里选。")
    counting = Counting.of(year, scope)

    def prepare(draft: ReportVersion) -> None:
        draft.place_name = name
        _put(draft, counting)

    with transaction.atomic():
        report, _is_new = Report.objects.get_or_create(year=year, scope=scope)
        draft = versions.begin(ReportVersion, report, by=by, prepare=prepare)
        record("reportversion.begun", draft, by=by, edition=counting.now.edition)
    return draft


def recount(version: ReportVersion, *, by: User) -> ReportVersion:
    """The draft with figures as they are counted now. Whoever counts has written, and does not publish. Raises NotAllowed."""
    counting = Counting.of(version.year, version.report.scope)

    def put(locked: ReportVersion) -> dict:
        _put(locked, counting)
        locked.created_by = by
        return {"edition": counting.now.edition}

    return take(RECOUNT, version, by=by, effect=put)


def _put(draft: ReportVersion, counting: Counting) -> None:
    draft.lines = [line.kept() for line in counting.lines]
    draft.regions = [column.kept() for column in counting.columns]
    draft.counted_edition, draft.counted_on = counting.now.edition, counting.now.day


def differing(version: ReportVersion) -> list[str]:
    """Labels of the figures that are counted otherwise now, in the order of the report: of either year, or of a region."""
    counting = Counting.of(version.year, version.report.scope)
    was, now = _told(version.figures, version.columns), _told(counting.lines, counting.columns)
    return [label for code, (label, _said) in (was | now).items() if now.get(code) != was.get(code)]


def _told(lines: Iterable[Line], columns: Iterable[Column]) -> dict[str, tuple[str, Any]]:
    """By what is the same when it is counted again: the label, and the numbers as they are read."""
    figures = {
        line.code: (line.label, [side and side.words for side in (line.now, line.before)]) for line in lines
    }
    by_region = {
        f"by region: {column.label}": (f"各地的{column.label}", dict(column.cells)) for column in columns
    }
    return {**figures, **by_region}


def lacks_days(version: ReportVersion) -> bool:
    """Whether the year went on when it was counted, and has ended since."""
    ended = datetime.date(version.year, 12, 31) < clock.today()
    return ended and not version.is_whole_year
