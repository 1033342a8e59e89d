"""Reported results: what is added, where each figure comes from."""

import pytest
import time_machine

from .make import make_indicator, publish_activity, publish_result
from .reading import NOON, day, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


# -- results ---------------------------------------------------------------------------------------------------------


def test_figures_are_added_only_within_one_indicator_and_period(client):
    visitors, talks = make_indicator("visitors"), make_indicator("talks", unit="场")
    year, month = (day("2026-01-01"), day("2026-12-31")), (day("2026-06-01"), day("2026-06-30"))
    publish_result(indicator=visitors, value=1200, from_on=year[0], until_on=year[1])
    publish_result(indicator=visitors, value=34, from_on=year[0], until_on=year[1])
    publish_result(indicator=visitors, value=500, from_on=month[0], until_on=month[1])
    publish_result(indicator=talks, value=7, from_on=year[0], until_on=year[1])
    page = text(client, "/activities/results/")
    for words in ("1,234 人次", "500 人次", "7 场", "2026年6月"):
        assert words in page
    assert "1,734" not in page


def test_every_sum_leads_to_its_rows(client):
    visitors = make_indicator("visitors")
    publish_result(indicator=visitors, value=1200, stated_by="甲单位")
    publish_result(indicator=visitors, value=34, stated_by="乙单位")
    publish_result(indicator=make_indicator("talks"), value=7, stated_by="丙单位")
    href = "/activities/results/?indicator=visitors&period=2026-01-01_2026-12-31"
    assert href.replace("&", "&amp;") in text(client, "/activities/results/")
    page = text(client, href)
    assert "甲单位" in page
    assert "乙单位" in page
    assert "丙单位" not in page


def test_a_sum_of_more_than_figures_says_more_than(client):
    publish_result(value=700, is_at_least=True)
    publish_result(value=1)
    assert "701余 人次" in text(client, "/activities/results/")


def test_money_is_kept_in_fen_and_shown_in_its_unit(client):
    sales = make_indicator("sales", unit="万元", decimals=6)
    publish_result(indicator=sales, value=12_345_600)
    publish_result(indicator=sales, value=1_000_000)
    page = text(client, "/activities/results/")
    assert "13.3456 万元" in page
    assert "1 万元" in page


def test_a_figure_says_who_stated_it_and_where(client):
    version = publish_result(
        stated_by="福建省推进组", source="简报第3期", activity=publish_activity().activity
    )
    page = text(client, f"/activities/results/{version.result_id}/")
    for words in ("福建省推进组", "简报第3期", "2026年", "示例公益宣讲"):
        assert words in page
    assert "福建省推进组" in text(client, f"/activities/{version.activity_id}/")


@pytest.mark.parametrize(
    "query", ["indicator=x", "period=2026", "period=2026-12-31_2026-01-01", "region=abc", "kind=talk"]
)
def test_nonsense_about_results_is_told(client, query):
    text(client, f"/activities/results/?{query}", 400)


def test_results_cost_the_same_for_one_row_and_for_many(client, django_assert_num_queries):
    publish_result()
    with django_assert_num_queries(5) as few:
        client.get("/activities/results/")
    for number in range(19):
        publish_result(value=number)
    with django_assert_num_queries(len(few)):
        client.get("/activities/results/")
