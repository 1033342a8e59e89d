"""What is held, promised and reported in the demonstration: activities round today with a result, letters, a rule of
adoption, the report of a year.
"""

import datetime
from typing import Any

from catalog.enterprises.models import Enterprise
from events.activities.models import Activity, ActivityVersion, Indicator, Result, ResultVersion
from events.commitments.models import (
    Adoption,
    AdoptionVersion,
    Letter,
    LetterVersion,
    Standing,
    TemplateVersion,
)
from events.reports import workflow as reports
from portal.core.workflow import versions

from .desk import Desk
from .published import published

FUJIAN, NANAN = "350000", "350583"
SOURCE = "演示数据，虚构"
DAY = ActivityVersion.Precision.DAY


def hold_activities(desk: Desk) -> None:
    """One to come, one going on, one called off, one that is over and reported."""
    _hold(
        desk,
        9,
        kind="talk",
        title="绿色建材公益宣讲进村（示例）",
        village="示例镇示例村",
        place="文化站",
        from_time=datetime.time(9),
        until_time=datetime.time(11, 30),
        programme=["9:00 签到", "9:30 怎样看懂一张认证证书", "10:30 现场答疑"],
        joining="到场即可",
        capacity=80,
        phone="0000-88000000",
    )
    _hold(desk, -4, 26, kind="tour", title="陶瓷与卫浴产品巡展（示例）", village="示例镇", place="集市广场")
    _hold(
        desk,
        3,
        kind="special",
        title="建筑门窗专场（示例）",
        place="示例会展中心",
        is_cancelled=True,
        cancelled_reason="场地检修，改期另行通知（演示）",
    )
    over = _hold(desk, -20, kind="training", title="乡村工匠培训（示例）", village="示例镇", place="农技站")
    for code, value in (("visitors", 126), ("leaflets", 300)):
        _report(desk, over, code, value)


def _hold(desk: Desk, first: int, days: int = 1, **values: Any) -> ActivityVersion:
    begin = desk.today + datetime.timedelta(days=first)
    dates = {
        "first_on": begin,
        "first_precision": DAY,
        "last_on": begin + datetime.timedelta(days=days - 1),
        "last_precision": DAY,
    }
    common = {
        "division_id": NANAN,
        "campaign": desk.campaign,
        "organiser": "示例主办单位（虚构）",
        "source": SOURCE,
    }
    activity = Activity.objects.create(scope=FUJIAN)
    return published(desk.people, ActivityVersion, activity, common | dates | values)


def _report(desk: Desk, held: ActivityVersion, code: str, value: int) -> None:
    values = {
        "indicator": Indicator.objects.get(code=code),
        "value": value,
        "from_on": held.first_on,
        "until_on": held.last_on,
        "activity": held.activity,
        "division_id": NANAN,
        "stated_by": "示例主办单位（虚构）",
        "stated_on": held.last_on + datetime.timedelta(days=5),
        "source": SOURCE,
    }
    published(desk.people, ResultVersion, Result.objects.create(scope=FUJIAN), values)


def make_commitments(desk: Desk, keeps: Enterprise, breaks: Enterprise) -> None:
    """One letter that holds, one that was broken and answered, and who recognises certificates for what."""
    _sign(desk, keeps)
    broken = _sign(desk, breaks)
    changes = {
        "standing": Standing.BROKEN,
        "standing_on": desk.today - datetime.timedelta(days=8),
        "standing_reason": "所售产品与获证型号不一致（演示）",
        "reply": "已停止销售该型号，逐户更换，并配合核查。（演示）",
        "replied_on": desk.today - datetime.timedelta(days=2),
        "change_note": "查实违约，撤销承诺（演示）",
    }
    published(desk.people, LetterVersion, broken.letter, changes)
    adoption = {
        "recognised_by": "示例市公共资源交易中心（虚构）",
        "recognised": "二星级及以上绿色建材产品认证证书",
        "purpose": "政府采购评审加分",
        "division_id": FUJIAN,
        "document_title": "示例文件（虚构）",
        "from_on": datetime.date(desk.year, 1, 1),
        "source": SOURCE,
    }
    published(desk.people, AdoptionVersion, Adoption.objects.create(scope=FUJIAN), adoption)


def _sign(desk: Desk, enterprise: Enterprise) -> LetterVersion:
    values = {
        "party_name": enterprise.name,
        "uscc": enterprise.uscc,
        "campaign": desk.campaign,
        "template_version": TemplateVersion.objects.current().first(),
        "signed_on": desk.today - datetime.timedelta(days=90),
        "signed_precision": DAY,
        "source": SOURCE,
    }
    return published(desk.people, LetterVersion, Letter.objects.create(), values)


def report_the_year(desk: Desk) -> None:
    """福建 has handed in; the report of the whole campaign is still written."""
    editor, reviewer = desk.people.editor, desk.people.reviewer
    report = reports.begin(desk.year, FUJIAN, by=editor)
    report.unit = "示例推进组办公室（虚构）"
    report.summary = "这一年在示例镇办了宣讲、培训和巡展，乡村工匠和建房农户到场听讲、领了资料；第一批地方清单已经公布。（演示）"
    report.work = "一是把宣讲办到村里，讲怎样看懂认证证书。\n二是把补贴标准写清楚，在窗口一次办结。（演示）"
    report.problems = "偏远乡镇买得到的品类少，运费高。（演示）"
    report.plans = "把巡展办到尚未去过的乡镇。（演示）"
    report.save()
    versions.publish(versions.submit(report, by=editor), by=reviewer)
    reports.begin(desk.year, "", by=editor)
