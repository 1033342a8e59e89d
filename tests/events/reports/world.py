"""Two years of a campaign in two provinces, and how a person sends what the desk of reports asks."""

import datetime

import time_machine

from catalog.publication.compiling import compile
from catalog.publication.models import Action
from events.commitments.models import Adoption, AdoptionVersion
from events.reports.models import ReportVersion
from portal.core.editions import clock
from portal.core.pages import cache
from tests.events.activities.make import make_indicator, publish_activity, publish_result
from tests.events.enquiries.letters import make_enquiry
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_region,
    make_requirement,
    make_user,
    publish,
    publish_products,
    publish_version,
)

DESK = "/admin/reports/reportversion/"
FUJIAN, ZHEJIANG = "350000", "330000"
LAST_YEAR = datetime.datetime(2025, 9, 1, 4, tzinfo=datetime.UTC)
NOW = datetime.datetime(2026, 11, 24, 4, tzinfo=datetime.UTC)
TEXTS = {"unit": "示例省推进组办公室", "summary": "全年组织宣讲进村。\n补贴按期兑付。", "_save": "1"}


def on(moment: datetime.datetime):
    return time_machine.travel(moment, tick=False)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def two_years() -> None:
    """What was public at the end of 2025, and what came in 2026; some of it removed, cancelled, local or nobody's."""
    with on(LAST_YEAR):
        make_region(FUJIAN, "福建省", approval_batch=1, approval_year=2022)
        make_region(ZHEJIANG, "浙江省", approval_batch=2, approval_year=2026)
        zhejiang = make_enterprise(division=make_division(ZHEJIANG, "浙江省"))
        until = day("2030-01-01")
        papers = [make_certificate(star=star, valid_until=until) for star in ("3", "2", "green", "1")]
        goods = [make_product(certificate=paper) for paper in papers]
        goods.append(make_product(enterprise=zhejiang, certificate=papers[0]))
        publish_products(*goods)
        publish_activity(division=make_division(), on=day("2025-06-06"))
        publish_result(
            value=40, division=make_division(), from_on=day("2025-01-01"), until_on=day("2025-12-31")
        )
    with on(NOW):
        own = make_product(enterprise=goods[0].enterprise, requirement=make_requirement())
        publish(enter(make_batch(publisher=FUJIAN), goods[1], own))
        leaving = make_batch(kind="adjustment")
        reason = compile.Reason("quality", "抽查不合格", clock.today())
        compile.act_on(leaving, goods[2], Action.REMOVE, by=leaving.created_by, reason=reason)
        publish(leaving)
        fujian = make_division()
        for place in (fujian, fujian, make_division(ZHEJIANG, "浙江省"), None):
            publish_activity(division=place, on=day("2026-06-06"), place="示例镇")
        publish_activity(division=fujian, on=day("2026-12-20"))  # not held yet
        publish_activity(division=fujian, on=day("2026-05-05"), is_cancelled=True, cancelled_reason="台风")
        for value in (100, 23):
            publish_result(value=value, division=fujian)
        publish_result(value=7, division=make_division(ZHEJIANG, "浙江省"))
        publish_result(
            indicator=make_indicator("sales", unit="万元", decimals=6), value=12_345_600, is_at_least=True
        )
        adoption = Adoption.objects.create(scope=FUJIAN)
        publish_version(
            AdoptionVersion(
                adoption=adoption,
                key=adoption.key,
                recognised_by="示例中心",
                recognised="二星级",
                purpose="加分",
                division=fujian,
                document_title="示例文件",
                from_on=day("2026-01-01"),
                source="示例",
            )
        )
    with on(datetime.datetime(2026, 3, 3, 4, tzinfo=datetime.UTC)):
        make_enquiry(place=FUJIAN)


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def begin(client, scope: str = FUJIAN, year: int = 2026, status: int = 302) -> str:
    response = client.post(f"{DESK}years/begin/", {"year": year, "scope": scope})
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def write(client, version: ReportVersion, status: int = 302, **texts) -> str:
    response = client.post(f"{DESK}{version.pk}/change/", TEXTS | texts)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def act(client, version: ReportVersion, code: str, status: int = 302, **values) -> str:
    response = client.post(f"{DESK}{version.pk}/{code}/", values)
    assert response.status_code == status, response.content.decode()
    if code != "discard":
        version.refresh_from_db()
        version.__dict__.pop("figures", None)
    return response.content.decode()


def published(client, scope: str = FUJIAN, year: int = 2026, **texts) -> ReportVersion:
    """Through the door: written by an editor, published by a reviewer. The client is a visitor afterwards."""
    sign_in(client, "editor")
    begin(client, scope, year)
    version = ReportVersion.objects.latest("pk")
    write(client, version, **texts)
    act(client, version, "submit")
    sign_in(client, "reviewer")
    act(client, version, "publish")
    client.logout()
    cache.clear()
    return version


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def listed(client, href: str):
    """What the list at an address was drawn from."""
    cache.clear()
    response = client.get(href)
    assert response.status_code == 200, href
    return response.context
