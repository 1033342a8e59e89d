"""What happened to a product or an enterprise, edition by edition."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from catalog.products.models import Certificate, CertificateCheck
from catalog.publication.differences.comparing import Change, differences
from catalog.publication.differences.reasons import circumstances_of, reason_of
from catalog.publication.models import Action, Batch, CertificateLine, Line
from portal.core.editions.models import Edition

VERBS = {
    Action.LIST: "列入",
    Action.RELIST: "重新列入",
    Action.CHANGE: "变更",
    Action.FOLLOW: "随企业或证书更新",
    Action.SUSPEND: "暂停",
    Action.RESUME: "恢复",
    Action.REMOVE: "移出",
    Action.CORRECT: "勘误",
}
BAD = {Action.SUSPEND, Action.REMOVE}


@dataclass(frozen=True)
class Event:
    """One entry of a timeline. `position` is the line's place in its batch."""

    day: date
    edition: int
    title: str
    css: str = ""
    batch: Batch | None = None
    position: int | None = None
    reason: str = ""
    note: str = ""
    changes: list[Change] = field(default_factory=list)
    is_corrected: bool = False


def timeline(
    lines: Iterable[Line], checks: Iterable[CertificateCheck], publishers: dict[str, str]
) -> list[Event]:
    """Newest first. `lines` are of any register; an act without a place of its own in the story is left out."""
    lines = list(lines)
    corrected = {(type(line), line.replaces_id) for line in lines if line.action == Action.CORRECT}
    first = min((line.from_edition_id or 0 for line in lines), default=0)
    events = [
        line_event(
            line,
            publishers,
            is_first=line.from_edition_id == first,
            is_corrected=(type(line), line.pk) in corrected,
        )
        for line in lines
        if not (isinstance(line, CertificateLine) and line.replaces_id is None)
    ]
    events += [check_event(check) for check in checks]
    return sorted(events, key=lambda event: (event.edition, event.day), reverse=True)


def line_event(line: Line, publishers: dict[str, str], *, is_first: bool, is_corrected: bool) -> Event:
    action = Action(line.action)
    changes = differences(line)
    return Event(
        day=published_on(line),
        edition=line.from_edition_id or 0,
        title=title_of(line, changes, publishers, is_first=is_first),
        css="off" if action in BAD else "",
        batch=line.batch,
        position=line.position,
        reason=reason_of(line),
        note=circumstances_of(line),
        changes=[] if action in BAD | {Action.RESUME} else changes,
        is_corrected=is_corrected,
    )


def published_on(line: Line) -> date:
    """The day on which a published line became public."""
    return cast(Edition, line.from_edition).day


def title_of(line: Line, changes: list[Change], publishers: dict[str, str], *, is_first: bool) -> str:
    verb = VERBS[Action(line.action)]
    what = f"：{'、'.join(change.label for change in changes)}" if changes else ""
    if isinstance(line, CertificateLine):
        return f"证书{verb}{what}"
    publisher = publishers.get(line.publisher, line.publisher)
    if line.action == Action.LIST:
        return f"首次列入{publisher}" if is_first else f"{publisher}列入"
    if line.action in (Action.CHANGE, Action.FOLLOW, Action.CORRECT):
        return f"{publisher}{verb}{what}"
    return f"{publisher}{verb}"


def check_event(check: CertificateCheck) -> Event:
    return Event(
        day=check.checked_on,
        edition=check.from_edition_id or 0,
        title=f"核验证书，结果为{Certificate.Status(check.result).label}",
        note=f"来源：{check.source}。不改变清单。",
    )
