"""What is kept too long: found by the rooms' own rules, told first, then taken away."""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from portal.core.audit.record import record
from portal.core.busy import fault_of
from portal.core.editions import clock
from portal.core.processing import ProcessingRecord, all_records
from portal.core.schedule.acts import Report

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Overdue:
    """Rows of one line whose time is over; `oldest` is the day from which the time of the first was counted."""

    record_kind: ProcessingRecord
    count: int
    oldest: datetime.date | None


def overdue(today: datetime.date | None = None) -> Iterator[Overdue]:
    """Every line that has a limit, also those where nothing is due."""
    for record_kind in all_records():
        rows = record_kind.due(today or clock.today())
        if rows is not None:
            first = rows.first()
            yield Overdue(record_kind, rows.count(), record_kind.since(first) if first is not None else None)


def expire(due: Overdue, today: datetime.date | None = None) -> int:
    """Take the rows of one line away, each in a transaction of its own; how many. One audit event says what was done."""
    done = 0
    rows = due.record_kind.due(today or clock.today())
    try:
        for row in list(rows) if rows is not None else ():
            with transaction.atomic():
                due.record_kind.expire(row)
            done += 1
    finally:
        if done:
            record("retention.applied", holding=due.record_kind.code, count=done, oldest=due.oldest)
    return done


def by_itself() -> Report:
    """By line of the inventory: one line in trouble is told, and the others are done."""
    done: dict[str, int] = {}
    troubled: list[str] = []
    for due in [one for one in overdue() if one.count]:
        try:
            done[due.record_kind.label] = expire(due)
        except Exception as error:
            if fault_of(error) is not None:
                raise  # the database is busy or away: all of it is tried again
            logger.exception("Retention of %s broke off", due.record_kind.code)
            troubled.append(due.record_kind.label)
    told = "，".join(f"{label} {count} 条" for label, count in done.items())
    sentence = f"已清除：{told}。" if told else "没有清除任何内容。" if troubled else "没有到期的内容。"
    if troubled:
        return Report(f"{sentence}没有办完：{'、'.join(troubled)}，原因在日志里。", is_good=False)
    return Report(sentence)
