"""Facts of this room: the policy documents on which the campaigns rest, and the news of their beginnings."""

from pathlib import Path

from portal.core.facts import Tally, read_table, read_words
from portal.core.text.dates import read_partial
from portal.core.text.prose import from_textarea
from portal.core.workflow.facts import Prepared, publish_facts

from . import indexing
from .models import Notice, NoticeVersion

DATA = Path(__file__).parent / "data"


def seed() -> list[Tally]:
    return publish_facts([prepare])


def prepare() -> Prepared:
    """What no notice has had as its title yet."""
    table = read_table(DATA / "notices.csv")
    present = set(NoticeVersion.objects.values_list("title", flat=True))
    missing = [_version(row) for row in table if row["title"] not in present]
    NoticeVersion.objects.bulk_create(missing)
    indexing.prepare(missing)
    return Prepared([Tally("通知公告", len(missing), len(table) - len(missing))], missing)


def _version(row: dict[str, str]) -> NoticeVersion:
    row = dict(row)
    regions = read_words(row.pop("regions"))
    body = from_textarea(row.pop("body"))
    dated = read_partial(row.pop("dated"))
    precision = NoticeVersion.Precision
    notice = Notice.objects.create()
    version = NoticeVersion(
        notice=notice,
        key=notice.key,
        state=NoticeVersion.State.PUBLISHED,
        body=body,
        regions=regions,
        dated_on=dated.first_day,
        dated_precision=precision.DAY if dated.day else precision.MONTH,
        **row,
    )
    version.seal()
    return version
