"""The divisions and pilots that come with the project."""

import datetime

from catalog.regions import facts
from catalog.regions.models import Division, PilotRegion


def divisions() -> dict[str, Division]:
    return {division.code: division for division in facts.divisions()}


def pilots() -> dict[str, PilotRegion]:
    return {pilot.division_id: pilot for pilot in facts.pilot_regions()}


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
    assert len(pilots()) == 12
    assert "230000" not in pilots()
    assert {pilot.approval_batch for pilot in pilots().values()} == {1, 2}


def test_a_launch_is_as_exact_as_its_source():
    jiangxi, fujian, jiangsu = (pilots()[code] for code in ("360000", "350000", "320000"))
    assert (jiangxi.launched_on, jiangxi.launched_precision) == (datetime.date(2023, 9, 1), "month")
    assert (fujian.launched_on, fujian.launched_precision) == (datetime.date(2023, 3, 31), "day")
    assert (jiangsu.launched_on, jiangsu.launched_precision) == (None, "")
