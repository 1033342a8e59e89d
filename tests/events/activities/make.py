"""Makers of activities and results, drafted or public."""

import datetime
from typing import Any

from events.activities.models import Activity, ActivityVersion, Indicator, Result, ResultVersion
from portal.core.editions.release import release_record

DAY = datetime.date(2026, 11, 20)


def make_activity(activity: Activity | None = None, *, scope: str = "", **changes: Any) -> ActivityVersion:
    """An unsaved version; `on` and `until` are days, months or years as (day, precision)."""
    on, precision = _stated(changes.pop("on", DAY))
    until, until_precision = _stated(changes.pop("until", (on, precision)))
    activity = activity or Activity.objects.create(scope=scope)
    values = {
        "kind": "talk",
        "title": "示例公益宣讲",
        "source": "示例来源",
        "first_on": on,
        "first_precision": precision,
        "last_on": last_day(until, until_precision),
        "last_precision": until_precision,
    }
    return ActivityVersion(activity=activity, key=activity.key, **values | changes)


def _stated(value: Any) -> tuple[datetime.date, str]:
    return value if isinstance(value, tuple) else (value, "day")


def last_day(day: datetime.date, precision: str) -> datetime.date:
    if precision == "year":
        return day.replace(month=12, day=31)
    if precision == "month":
        return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)
    return day


def publish_activity(activity: Activity | None = None, **changes: Any) -> ActivityVersion:
    version = make_activity(activity, state="published", **changes)
    release_record(version)
    return version


def make_indicator(code: str = "visitors", **changes: Any) -> Indicator:
    values = {"name": f"示例指标{code}", "unit": "人次"}
    return Indicator.objects.get_or_create(code=code, defaults=values | changes)[0]


def publish_result(result: Result | None = None, **changes: Any) -> ResultVersion:
    result = result or Result.objects.create()
    values = {
        "indicator": changes.pop("indicator", None) or make_indicator(),
        "value": 100,
        "from_on": datetime.date(2026, 1, 1),
        "until_on": datetime.date(2026, 12, 31),
        "stated_by": "示例单位",
        "source": "示例来源",
    }
    version = ResultVersion(result=result, key=result.key, state="published", **values | changes)
    release_record(version)
    return version
