"""Facts of this room: the meeting of 6 June 2022, the launches of the pilots that are known, and the indicators."""

from pathlib import Path

from catalog.campaigns.models import Campaign
from portal.core.facts import Tally, add_missing, read_table, read_words
from portal.core.text.dates import read_stated
from portal.core.workflow.facts import Prepared, publish_facts

from .models import Activity, ActivityVersion, Indicator

DATA = Path(__file__).parent / "data"
MEETING = "绿色建材下乡信息发布及线上平台启动会"


def seed() -> list[Tally]:
    return publish_facts([prepare])


def prepare() -> Prepared:
    """The activities whose title no activity has borne yet."""
    table = read_table(DATA / "activities.csv")
    present = set(ActivityVersion.objects.values_list("title", flat=True))
    missing = [_version(row) for row in table if row["title"] not in present]
    ActivityVersion.objects.bulk_create(missing)
    tallies = [
        add_missing(indicators(), identity=["code"]),
        Tally("活动", len(missing), len(table) - len(missing)),
    ]
    return Prepared(tallies, missing)


def indicators() -> list[Indicator]:
    table = read_table(DATA / "indicators.csv")
    return [
        Indicator(**row | {"decimals": int(row["decimals"])}, position=place)  # type: ignore[arg-type]
        for place, row in enumerate(table, 1)
    ]


def _version(row: dict[str, str]) -> ActivityVersion:
    row = dict(row)
    held = read_stated(row.pop("date"))
    activity = Activity.objects.create(scope=row.pop("scope"))
    version = ActivityVersion(
        activity=activity,
        key=activity.key,
        state=ActivityVersion.State.PUBLISHED,
        division_id=row.pop("division") or None,
        enterprises=[{"name": name, "uscc": ""} for name in read_words(row.pop("enterprises"))],
        campaign=Campaign.objects.filter(from_on__lte=held.last_day, until_on__gte=held.first_day).first(),
        first_on=held.first_day,
        first_precision=held.precision,
        last_on=held.last_day,
        last_precision=held.precision,
        **row,
    )
    version.seal()
    return version
