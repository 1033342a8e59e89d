"""The whole inspection: what is measured anew each time, with the newest reading of the pages; and its table."""

import csv
import datetime
import io

from django.utils import timezone

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt

from .checks import Check
from .enquiries import answers
from .freshness import freshness
from .models import Reading
from .probing import reachable
from .quarters import Quarter

READING_KEEPS = datetime.timedelta(days=7)  # an older reading tells nothing of the present
HEADINGS = ("季度", "检查日期", "检查项", "要求", "实测", "结论", "问题数", "问题", "将到期")


def present() -> ReadAt:
    newest, today = Edition.objects.current_number(), clock.today()
    return ReadAt(newest, today, newest, today)


def quick_checks(reading: ReadAt | None = None) -> list[Check]:
    """Cheap enough for every look at the desk."""
    reading = reading or present()
    return [reachable(reading), *freshness(reading), answers(reading)]


def all_checks(reading: ReadAt | None = None) -> list[Check]:
    return [*quick_checks(reading), *reading_checks()]


def reading_checks() -> list[Check]:
    """Those of the newest reading of the pages; where it is missing or old, that is said and nothing counts as passed."""
    newest = Reading.objects.first()
    if newest is None or timezone.now() - newest.at > READING_KEEPS:
        since = f"上次通读在 {clock.day_of(newest.at)}，已经过时" if newest else "还没有通读过"
        return [Check("链接、附件、空白栏目、文章日期", "每周通读一次", since, is_done=False)]
    return [Check.read(value) for value in newest.checks]


def csv_table(checks: list[Check], day: datetime.date) -> str:
    """The quarter's table with a heading line, as spreadsheets open it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for check in checks:
        told = [
            "\n".join(str(finding) for finding in findings) for findings in (check.faults, check.warnings)
        ]
        row = (check.item, check.requirement, check.measured, check.verdict, len(check.faults), *told)
        writer.writerow([Quarter.of(day), day, *(_safe(cell) for cell in row)])
    return stream.getvalue()


def _safe(cell: object) -> object:
    """No cell is taken for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
