"""The fictitious makers and products: plainly invented, and yet what the registers really hold."""

import datetime
from collections import Counter
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from catalog.imports.understanding.headings import find_heading
from catalog.products import facts
from catalog.products.models import Category
from catalog.regions.facts import divisions, region_versions
from portal.core.text.uscc import verdict
from portal.site.demonstration import workbooks, world

TODAY = datetime.date(2024, 2, 29)


@pytest.fixture
def items(db) -> list[world.Item]:
    facts.seed()
    return world.certified(world.makers(), TODAY)


def test_every_maker_is_plainly_invented():
    makers = world.makers()
    assert len(makers) == 60
    for maker in makers:
        assert maker.name.startswith("示例")
        assert maker.brand.startswith("示例")
        assert maker.phone.startswith("0000-")
        assert "DEM" in maker.uscc
        assert verdict(maker.uscc).is_valid
    assert len({maker.uscc for maker in makers}) == len({maker.name for maker in makers}) == 60


def test_makers_live_in_all_pilots_and_elsewhere():
    known = {division.code for division in divisions()}
    provinces = {f"{maker.division[:2]}0000" for maker in world.makers()}
    assert {maker.division for maker in world.makers()} <= known
    assert {version.page_id for version in region_versions() if version.is_pilot} < provinces


def test_products_cover_the_catalogue_and_every_part_of_the_house(items):
    assert 280 <= len(items) <= 330
    kinds = {item.category.code for item in items if item.category.scheme == "green_material"}
    assert len(kinds) == 51
    assert {item.category.house_part for item in items} == set(Category.HousePart.values)
    assert {item.paper.star for item in items} == {"1", "2", "3", "green"}


def test_no_product_stands_twice_on_one_certificate(items):
    listed = Counter((item.paper.number, item.name, item.models) for item in items)
    assert set(listed.values()) == {1}


def test_certificates_are_in_force_and_some_end_within_ninety_days(items):
    papers = {item.paper for item in items}
    assert all(paper.issued_on < TODAY < paper.valid_until for paper in papers)
    soon = [paper for paper in papers if (paper.valid_until - TODAY).days <= 90]
    assert 5 <= len(soon) < len(papers) / 4


def test_products_without_certificate_rest_on_a_local_requirement(db):
    facts.seed()
    items = world.uncertified(world.makers())
    assert items
    assert all(item.paper is None and item.requirement for item in items)


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        (
            workbooks.BY_CERTIFICATION,
            {
                "enterprise",
                "name",
                "category",
                "certificate_number",
                "star",
                "valid_until",
                "issued_on",
                "standard",
            },
        ),
        (workbooks.BY_NUMBER, {"enterprise", "uscc", "name", "models_text", "brand", "body", "valid_until"}),
        (workbooks.BY_MAKER, {"enterprise", "name", "models_text", "star", "valid_until", "issued_on"}),
        (workbooks.LOCAL, {"requirement", "enterprise", "name"}),
    ],
)
def test_the_importer_understands_every_heading_of_a_layout(items, layout, wanted):
    content = workbooks.written("清单", layout, items[:3])
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    heading = find_heading(rows, "products")
    assert heading.first == layout.rows_above + 1
    assert wanted <= set(heading.places())
    assert [column.written for column in heading.columns if column.field is None] == ["序号"]
    assert len(rows) == layout.rows_above + 1 + 3


def test_the_importer_understands_every_heading_of_the_directory():
    content = workbooks.written("名录", workbooks.DIRECTORY, world.makers()[:3])
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    places = find_heading(rows, "enterprises").places()
    assert set(places) == {"name", "uscc", "division", "phone", "sells_in"}


def test_five_years_before_a_leap_day_is_a_day_that_exists():
    assert world.years_before(TODAY, 5) == datetime.date(2019, 2, 28)
    assert world.years_before(TODAY, 4) == datetime.date(2020, 2, 29)
