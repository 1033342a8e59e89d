"""The figures of a report: each is the number, or the sum, of the rows to which it leads, and stays what it was."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from events.reports.counted import Counted
from events.reports.models import ReportVersion
from portal.core.pages import cache
from portal.core.workflow import versions
from tests.catalog.publication.exports import about_of
from tests.events.activities.make import publish_activity, publish_result
from tests.make import make_division, make_user, publish_products

from .world import FUJIAN, NOW, ZHEJIANG, day, listed, on, published, text, two_years

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()
    two_years()
    with on(NOW):
        yield


def of(version: ReportVersion, code: str) -> tuple[str, ...]:
    """Both years and the change, as they are read."""
    line = next(line for line in version.figures if line.code == code)
    return tuple(side.words if side else "-" for side in (line.now, line.before)) + (line.change,)


def check(client, side: Counted | None) -> None:
    if side is None or not side.address:
        return
    found = listed(client, side.href)
    if side.address == "activities:results":
        assert sum(row.value for row in found["rows"]) == side.value, side.href
    else:
        assert found["page"].total == side.value, side.href


def test_each_figure_is_that_of_its_rows_also_after_later_publications(client, world):
    versions = [
        published(client, scope, year)
        for scope, year in (("", 2026), (FUJIAN, 2026), (ZHEJIANG, 2026), (FUJIAN, 2025))
    ]
    before = text(client, "/reports/2026/350000/")
    publish_products()
    publish_activity(division=make_division(), on=day("2026-07-07"))
    publish_result(value=1000, division=make_division())
    cache.clear()
    for version in versions:
        assert len(version.figures) > 8
        for line in version.figures:
            check(client, line.now)
            check(client, line.before)
        for column in version.columns:
            for code, count in column.cells:
                number, href = column.cell(code)
                assert number == count == listed(client, href)["page"].total
        version.refresh_from_db()
        assert version.broken_fields() == []
        assert bool(version.columns) is not bool(version.report.scope)
    figures = [
        page[page.index('id="figures"') : page.index("<aside")]
        for page in (before, text(client, "/reports/2026/350000/"))
    ]
    assert figures[0] == figures[1]


def test_a_year_is_counted_beside_the_year_before(client, world):
    version = published(client)
    assert of(version, "products") == ("4", "4", "±0")  # one left, one of its own list came
    assert of(version, "own") == ("2", "0", "＋2")
    assert of(version, "removed") == ("1", "0", "＋1")
    assert of(version, "basis-local") == ("1", "0", "＋1")
    assert of(version, "held") == ("2", "1", "＋1")
    assert of(version, "cancelled") == ("1", "0", "＋1")
    assert of(version, "result-visitors-0101-1231") == ("123", "40", "＋83")
    assert of(version, "adoptions") == ("1", "0", "＋1")
    assert of(version, "accepted")[0] == "1"
    codes = {line.code for line in version.figures}
    assert not codes & {"letters", "result-sales-0101-1231"}  # the campaign's, and nobody's region

    whole = published(client, "")
    assert of(whole, "held")[0] == "4"  # one belongs to no region
    assert of(whole, "result-visitors-0101-1231") == ("130", "40", "＋90")
    assert of(whole, "result-sales-0101-1231") == ("12.3456余", "-", "")
    assert {code for column in whole.columns for code, _count in column.cells} == {FUJIAN, ZHEJIANG}
    assert "未报" in text(client, "/reports/2026/national/")

    over = published(client, year=2025)  # counted in 2026: what stood at its end, what was done in it
    assert of(over, "products") == ("4", "-", "")
    assert of(over, "removed")[0] == "0"
    assert over.is_whole_year
    (line,) = (line for line in over.figures if line.code == "products")
    assert line.now is not None
    assert (line.now.as_of, line.now.edition < over.counted_edition) == ("2025-12-31", True)


def test_of_a_year_before_the_first_edition_nothing_is_said_but_what_is_known(client, world):
    publish_activity(division=make_division(), on=day("2024-06-06"))  # told since
    over = published(client, year=2025)
    assert of(over, "held") == ("1", "1", "")
    assert of(over, "batches")[1:] == ("-", "")
    assert of(over, "accepted") == ("0", "-", "")
    early = published(client, "", year=2024)
    known = {(line.code, line.now and line.now.value) for line in early.figures if line.now or line.before}
    assert known == {("held", 1), ("held-talk", 1)}
    assert [column.label for column in early.columns] == ["举办的活动"]
    assert "未报" in text(client, "/reports/2024/national/")


def test_its_files_say_until_when_it_was_counted_and_that_it_is_withdrawn(client, world):
    version = published(client, year=2025)
    said = about_of(client.get("/reports/2025/350000.xlsx").content)
    assert (said["截至日期"], said["统计于"]) == ("2025-12-31", "2026-11-24")
    assert "本报告已撤下" not in said
    assert "已撤下" not in client.get("/reports/2025/350000.csv").content.decode()
    versions.withdraw(ReportVersion, version.report, by=make_user("reviewer"), reason="=数字报错了")
    cache.clear()
    book = client.get("/reports/2025/350000.xlsx").content
    assert about_of(book)["本报告已撤下"] == "=数字报错了"
    assert b"<f>" not in ZipFile(BytesIO(book)).read("xl/worksheets/sheet2.xml")  # nothing is computed
    lines = client.get("/reports/2025/350000.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1] == "本报告已撤下,'=数字报错了,,,,,"
    assert {line.count(",") for line in lines[:2]} == {6}


def test_its_files_say_the_same_with_the_address_of_the_rows(client, world):
    version = published(client)
    content = client.get("/reports/2026/350000.csv").content.decode("utf-8-sig")
    assert "举办的活动,场,2,1,http" in content
    for sign in "=+-@":
        assert f"\n{sign}" not in content
        assert f",{sign}" not in content
    assert client.get("/reports/2026/350000.xlsx").content[:2] == b"PK"
    assert client.get("/reports/2026/350000.docx").status_code == 404
    assert client.get("/reports/2026/350000.csv?page=2").status_code == 400
    assert client.get("/reports/2025/350000.csv").status_code == 404
    paper = client.get(f"/reports/2026/350000.pdf?edition={version.from_edition_id}")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content[:5] == b"%PDF-"
    earlier = text(client, f"/reports/2026/350000.pdf?edition={version.counted_edition}")
    assert "当时尚未公布" in earlier
