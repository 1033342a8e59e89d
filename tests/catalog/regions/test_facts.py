"""The divisions and the region pages that come with the project."""

import datetime

import pytest

from catalog.regions import facts
from catalog.regions.models import Division, RegionPage, RegionVersion
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults


def divisions() -> dict[str, Division]:
    return {division.code: division for division in facts.divisions()}


def regions() -> dict[str, RegionVersion]:
    return {version.page_id: version for version in facts.region_versions()}


def test_every_division_but_a_province_lies_in_another_that_exists():
    found = divisions()
    assert len(found) == 3217
    provinces = [division for division in found.values() if division.level == Division.Level.PROVINCE]
    assert len(provinces) == 34
    assert all(division.parent_id is None for division in provinces)
    others = [division for division in found.values() if division.level != Division.Level.PROVINCE]
    assert all(division.parent_id in found for division in others)


def test_a_county_lies_in_its_prefecture():
    assert divisions()["350583"].parent_id == "350500"  # 南安市 in 泉州市
    assert divisions()["350500"].parent_id == "350000"


def test_a_county_of_a_municipality_lies_in_the_municipality():
    assert divisions()["110105"].parent_id == "110000"
    assert divisions()["500229"].parent_id == "500000"


def test_a_county_directly_under_a_province_lies_in_the_province():
    assert divisions()["429004"].parent_id == "420000"  # 仙桃市
    assert divisions()["659001"].parent_id == "650000"  # 石河子市


def test_only_approved_provinces_are_pilots():
    found = regions()
    pilots = {code: version.approval_batch for code, version in found.items() if version.is_pilot}
    assert len(found) == 34
    assert sorted(pilots) == sorted(
        ["330000", "370000", "120000", "510000", "350000", "430000", "440000"]
        + ["320000", "410000", "450000", "130000", "360000"]
    )
    assert list(pilots.values()).count(1) == 7
    assert list(pilots.values()).count(2) == 5


def test_a_launch_is_as_exact_as_its_source():
    found = regions()
    jiangxi, fujian, jiangsu = (found[code] for code in ("360000", "350000", "320000"))
    assert (jiangxi.launched_on, str(jiangxi.launched)) == (datetime.date(2023, 9, 1), "2023年9月")
    assert (fujian.launched_on, str(fujian.launched)) == (datetime.date(2023, 3, 31), "2023年3月31日")
    assert (jiangsu.launched_on, jiangsu.launched_precision, jiangsu.launched) == (None, "", None)


def test_every_page_names_its_source_and_no_channel_is_invented():
    assert all(version.source for version in regions().values())
    assert not any(version.has_complaint_channel for version in regions().values())


def test_what_is_not_a_pilot_says_that_the_campaign_is_nationwide_where_the_notice_reaches():
    found = regions()
    assert "不再审批试点" in found["110000"].summary
    assert "不再审批试点" not in found["810000"].summary
    assert found["350000"].summary == ""


@pytest.mark.django_db
def test_all_pages_are_published_in_one_edition_and_only_once():
    facts.seed()
    assert RegionVersion.objects.current().count() == 34
    assert {version.from_edition_id for version in RegionVersion.objects.all()} == {1}
    facts.seed()
    assert (RegionPage.objects.count(), Edition.objects.count()) == (34, 1)
    assert list(chain_faults()) == []
