"""Facts of this room: the policy documents on which the campaigns rest, and the news of their beginnings."""

from pathlib import Path

from django.db import transaction

from portal.editions.models import Edition
from portal.editions.release import release
from portal.facts import Tally, read_table
from portal.text.dates import read_partial

from .models import Notice, NoticeVersion

DATA = Path(__file__).parent / "data"


def seed() -> list[Tally]:
    """Publish what no notice has had as its title yet, all in one edition."""
    table = read_table(DATA / "notices.csv")
    present = set(NoticeVersion.objects.values_list("title", flat=True))
    missing = [row for row in table if row["title"] not in present]
    if missing:
        publish(missing)
    return [Tally("通知公告", len(missing), len(table) - len(missing))]


@transaction.atomic
def publish(rows: list[dict[str, str]]) -> Edition:
    versions = [_version(row) for row in rows]
    NoticeVersion.objects.bulk_create(versions)
    keys = [version.key for version in versions]
    return release(
        [NoticeVersion.objects.unpublished().filter(key__in=keys)],
        cause=Edition.Cause.RECORD,
        subject="notices",
        header={"records": keys},
    )


def _version(row: dict[str, str]) -> NoticeVersion:
    row = dict(row)
    dated = read_partial(row.pop("dated"))
    precision = NoticeVersion.Precision
    notice = Notice.objects.create()
    version = NoticeVersion(
        notice=notice,
        key=notice.key,
        state=NoticeVersion.State.PUBLISHED,
        dated_on=dated.first_day,
        dated_precision=precision.DAY if dated.day else precision.MONTH,
        **row,
    )
    version.seal()
    return version
