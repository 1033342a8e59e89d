"""Where reports stand on the site: their list with who has handed in, the feeds, search, the map, regions and campaigns."""

import datetime
import html
import re

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.reports.models import ReportVersion
from events.reports.paper import data_of
from portal.core.pages import cache
from portal.core.typesetting import qr_code
from portal.core.workflow import versions
from tests.events.activities.make import publish_activity
from tests.make import make_campaign_page, make_division, make_region, make_user

from .world import FUJIAN, NOW, ZHEJIANG, begin, day, published, sign_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _regions(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        make_campaign_page()
        make_region(FUJIAN, "福建省", approval_batch=1, approval_year=2022)
        make_region(ZHEJIANG, "浙江省", approval_batch=2, approval_year=2024)
        make_region("430000", "湖南省", summary="不是试点。")
        publish_activity(division=make_division(), on=day("2026-06-06"))
        yield


def test_the_list_says_who_has_handed_in(client):
    assert "还没有公布年度报告" in text(client, "/reports/")
    published(client)
    published(client, "430000")
    page = text(client, "/reports/")
    assert "应有 3 份，还有 2 份尚未公布" in page  # of the campaign and of 浙江
    for title in ("福建省2026年绿色建材下乡活动年度报告", "湖南省2026年绿色建材下乡活动年度报告"):
        assert title in page
    cache.clear()
    assert "应有 2 份，还有 2 份尚未公布" in text(client, "/reports/?year=2023")
    only = text(client, "/reports/?region=430000")
    assert only.count("/reports/2026/350000/") == 1  # in the table of the year alone
    assert text(client, "/reports/?region=x", 400)
    assert text(client, "/reports/?province=350000", 400)


def test_a_report_is_found_from_everywhere(client):
    edition = published(client).from_edition_id
    published(client, "")
    for address in (
        "/reports/feed.atom",
        "/regions/350000/feed.atom",
        "/sitemap.xml",
        "/search/?q=年度报告 福建",
        "/regions/350000/",
    ):
        assert "/reports/2026/350000/" in text(client, address), address
    assert "/reports/2026/national/" in text(client, "/campaigns/2026/")
    assert "/reports/" in text(client, "/figures/")
    assert "/reports/2026/national/" in text(client, "/reports/2026/350000/")
    assert "福建省2026年绿色建材下乡活动年度报告" in text(
        client, "/enquiries/new/correction/?about=/reports/2026/350000/"
    )
    assert "当时尚未公布" in text(client, f"/reports/2026/350000/?edition={edition - 1}")


@pytest.mark.parametrize(
    "address",
    ["/reports/2026/330000/", "/reports/2026/x/", "/reports/2025/350000/", f"/reports/{'9' * 15}/national/"],
)
def test_what_was_never_published_is_told(client, address):
    assert "没有公布过" in text(client, address, 404)


@pytest.mark.parametrize("address", ["/reports/2026/350000/", "/reports/2026/350000.csv"])
def test_a_draft_is_nothing_to_a_visitor(client, address):
    before = text(client, address, 404)
    sign_in(client, "editor")
    begin(client)
    client.logout()
    cache.clear()
    assert text(client, address, 404) == before


def test_what_waited_for_its_day_is_reached_by_every_address_of_it(client, monkeypatch):
    led: list[str] = []
    monkeypatch.setattr(
        "events.reports.paper.qr_code", lambda address: led.append(address) or qr_code(address)
    )
    version = published(client, publish_on=day("2026-11-26"))
    assert version.read_from == day("2026-11-26")
    with time_machine.travel(NOW + datetime.timedelta(days=3), tick=False):
        versions.withdraw(ReportVersion, version.report, by=make_user("reviewer"), reason="数字报错了")
        now = text(client, "/reports/2026/350000/")
        then = text(client, f"/reports/2026/350000/?edition={version.from_edition_id}&as_of=2026-11-26")
        data_of(version, is_demonstration=False)
        led += re.findall(r'href="(/reports/2026/350000[^"]+edition=[^"]+)"', now + then)
        assert (
            len({address.split("?")[0] for address in led}) == 5
        )  # the page twice: on paper a whole address
        for address in led:
            response = client.get(html.unescape(address).removeprefix(settings.SITE_URL))
            assert response.status_code == 200, address
            assert "当时尚未公布" not in response.content.decode(errors="ignore"), address


def test_pages_cost_the_same_for_one_report_and_for_many(client):
    published(client)

    def costs() -> list[int]:
        found = []
        for address in ("/reports/", "/reports/2026/350000/", "/regions/350000/"):
            client.get(address)  # what a process remembers of an edition
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    few = costs()
    for scope in ("", "430000", ZHEJIANG):
        published(client, scope)
    published(client, FUJIAN, 2025)
    cache.clear()
    assert costs() == few
