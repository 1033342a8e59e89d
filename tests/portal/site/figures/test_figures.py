"""Figures: each is the number of rows of the list to which it leads, at any edition, at the same cost for any length."""

import csv
import datetime
import io
import json
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.publication.compiling import compile
from catalog.publication.models import Action, ProductLine
from catalog.publication.showing.filters import ListFilters, ProductFilters
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages import cache
from portal.core.pages.memory import forget_everything
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from portal.site.figures.asking import DIMENSIONS, THINGS, Asked
from portal.site.figures.charts import Charts
from portal.site.figures.crossed import CrossTable
from tests.events.activities.make import publish_activity
from tests.make import (
    enter,
    make_batch,
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    publish,
    publish_products,
)
from tests.module_rows import laid_once

pytestmark = pytest.mark.django_db
TODAY = clock.today()
OF_LISTS = {
    "star": ["3", "2", "1", "green"],
    "province": ["350000", "330000"],
    "category": ["G3", "G9", "13", "14", "30"],
    "publisher": ["national", "350000"],
    "basis": ["certificate", "local"],
}


def lay_world():
    """Two provinces, three kinds in two groups, four grounds, two publishers with goods in common, some removed or at an end."""
    makers = [
        make_enterprise(),
        make_enterprise(),
        make_enterprise(division=make_division("330000", "浙江省")),
        make_enterprise(),
    ]
    kinds = [
        make_category(),
        make_category("14", "防水涂料"),
        make_category("30", "建筑门窗", group_code="G9", group_name="门窗类"),
    ]
    days = [3, 40, 40, 400, 1000, 200]
    papers = [
        make_certificate(star=star, valid_until=TODAY + datetime.timedelta(days=left))
        for star, left in zip(["3", "2", "1", "green", "3", "2"], days, strict=True)
    ]
    goods = [
        make_product(enterprise=makers[n % 4], category=kinds[n % 3], certificate=papers[n % 6])
        for n in range(14)
    ]
    own = make_product(enterprise=makers[0], category=kinds[0], requirement=make_requirement())
    with time_machine.travel(datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=40), tick=False):
        publish_products(*goods[:9])
    publish_products(*goods[9:])
    publish(enter(make_batch(publisher="350000"), *goods[2:6], own))
    leaving = make_batch(kind="adjustment")
    for product, code in zip(goods[6:9], ("quality", "withdrawn", "quality"), strict=True):
        reason = compile.Reason(code, "说明", TODAY)
        compile.act_on(leaving, product, Action.REMOVE, by=leaving.created_by, reason=reason)
    publish(leaving)
    return leaving


laid = laid_once(lay_world)


@pytest.fixture
def world(laid):
    return laid()


def asked(rf, **parameters) -> Asked:
    return Asked(rf.get(f"/figures/?{Query([]).put(**parameters).encode()}"))


def of_list(href: str, filters: type[ListFilters] = ProductFilters):
    """What the list finds to which a number leads."""
    query = Query.typed(href.partition("?")[2])
    number = Edition.objects.current_number()
    return filters.read(query).find(ReadAt(number, TODAY, number, TODAY))


def certificates(found) -> int:
    lines = ProductLine.objects.filter(pk__in=found.page(1, 1000), certificate__isnull=False)
    return lines.values("certificate").distinct().count()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    chosen=st.fixed_dictionaries(
        {},
        optional={
            name: st.lists(st.sampled_from(values), max_size=3, unique=True)
            for name, values in OF_LISTS.items()
        },
    ),
    batches=st.lists(st.integers(0, 2), max_size=2, unique=True),
    validity=st.sampled_from(["", "", "all", "removed"]),
    sides=st.permutations(list(DIMENSIONS)),
    count=st.sampled_from(list(THINGS)),
)
def test_each_number_is_that_of_the_rows_of_its_list(rf, world, chosen, batches, validity, sides, count):
    slugs = ProductLine.objects.order_by("pk").values_list("listed_in", flat=True).distinct()
    slugs = list(dict.fromkeys(slugs))
    chosen = {**chosen, "batch": [slugs[at] for at in batches]}
    if count != "enterprises" or validity != "":
        chosen |= {"validity": validity} if validity else {}
    one = asked(rf, count=count, rows=sides[0], columns=sides[1], **chosen)
    table = CrossTable(one, Charts(one).found)
    filters = one.thing.filters

    def rows_of(href: str) -> int:
        found = of_list(href, filters)
        return certificates(found) if count == "certificates" else found.total

    for row in table.rows:
        assert rows_of(row.href) == row.total.count
        for number in row.numbers:
            assert not number.href or rows_of(number.href) == number.count
    for column in table.columns:
        assert not column.total.href or rows_of(column.total.href) == column.total.count
    assert rows_of(table.total.href) == table.total.count
    if count != "certificates":
        offered = one.filters.find(one.reading).counts(sides[0])  # as the facets of the list say
        left = {value: number for value, number in offered.items() if number}
        mine = table.crossing.one_by_one(sides[0])
        assert (
            {value: left[value] for value in mine} == mine
            if not chosen.get(sides[0])
            else mine.items() <= left.items()
        )


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_the_numbers_of_every_chart_lead_to_as_many_rows(client, world):
    publish_activity(title="示例宣讲", division=make_division("330000", "浙江省"))
    page = text(client, "/figures/")
    links = re.findall(r'<tr><th scope="row"><a href="([^"]+)">([^<]+)</a></th>(.*?)</tr>', page, re.DOTALL)
    seen = set()
    for href, _label, cells in links:
        if not href.startswith("/products/"):
            continue
        number = int(re.findall(r">([\d,]+)(?:</b>|</a>)?</td>", cells)[-1])
        rows = of_list(unescape(href)).total
        assert rows == number, (href, cells)
        seen |= {name for name in ("category", "reason", "batch", "ends", "province") if f"{name}=" in href}
    assert seen == {"category", "reason", "batch", "ends", "province"}
    shown = text(client, "/products/?validity=removed&reason=quality")
    assert "2 项产品" in shown
    assert "原因 质量问题" in shown
    assert "1 场" in text(client, "/activities/?region=330000")
    assert '<a href="/activities/?region=330000">1</a>' in page


def test_each_plot_says_what_it_shows_and_has_its_table(client, world):
    page = text(client, "/figures/")
    plots = re.findall(
        r'<svg class="plot" [^>]*role="[^>]*aria-labelledby="(\S+) (\S+)">(.*?)</svg>', page, re.DOTALL
    )
    assert len(plots) >= 5
    for title, told, inside in plots:
        assert re.search(rf'<title id="{title}">[^<]+</title><desc id="{told}">[^<]+</desc>', inside)
    assert page.count("看成表格") >= 5
    assert 'class="step"' in page
    assert "style=" not in page
    assert 'href=""' not in page
    stars = page.split("<tfoot>")[1].split("</tfoot>")[0]
    assert [int(number) for number in re.findall(r">(\d+)(?:</a>)?</td>", stars)] == [4, 4, 1, 2, 1, 12]
    assert len(re.findall(r' id="([^"]+)"', page)) == len(set(re.findall(r' id="([^"]+)"', page)))


def test_a_past_edition_says_its_own_numbers_and_the_first_list_is_one_link(client, world):
    first = Edition.objects.order_by("number").first().number
    page = text(client, "/figures/")
    assert f'<a href="/figures/?edition={first}">当时的图表</a>' in page
    assert f'<a href="/products/?edition={first}">当时的清单</a>' in page
    now = total_of(page)
    then = text(client, f"/figures/?edition={first}")
    assert total_of(then) == of_edition(first) != now
    assert f'href="/products/?edition={first}"' in then
    compared = text(client, f"/figures/?versus={first}")
    assert f"比第{first}版" in compared
    assert 'class="was"' in compared
    rows = re.findall(r'href="(/differences/[^"]+)">与第', compared)
    assert client.get(unescape(rows[0])).status_code == 200
    cited = re.findall(r'<a href="(/figures/\?as_of=[^"]+)">引用本页', page)
    assert total_of(text(client, unescape(cited[0]))) == now


def of_edition(number: int) -> int:
    return ProductFilters.read(Query()).find(ReadAt(number, TODAY, number, TODAY)).total


def total_of(page: str) -> int:
    return int(re.findall(r"<b>(\d+)<i>项</i></b><span>现行有效产品", page)[0])


def test_files_say_the_same_numbers_and_where_they_were_read(client, world):
    response = client.get("/figures/cross.csv?columns=publisher&star=3")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["图表", "省份", "国家清单"]
    assert rows[0][-3:] == ["版号", "截至日期", "链头"]
    assert rows[-1][1] == "合计"
    assert int(rows[-1][-4]) == of_list("?star=3").total
    assert rows[1][-1] == Edition.objects.latest("number").head
    told = json.loads(client.get("/figures/all.json").content)
    assert {table["name"] for table in told["tables"]} >= {
        "cross",
        "kinds",
        "removals",
        "months",
        "batches",
        "ends",
    }
    assert told["head"] == rows[1][-1]
    assert client.get("/figures/all.csv").status_code == 200
    assert client.get("/figures/nothing.csv").status_code == 404


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ("rows=colour", "没有「colour」这个值"),
        ("rows=star&columns=star", "选不同的两项"),
        ("count=money", "没有「money」这个值"),
        ("versus=999", "没有第「999」版"),
        ("versus=ab", "没有第「ab」版"),
        ("ends=2027-13", "没有「2027-13」这个值"),
        ("page=2", "本页没有"),
        ("count=enterprises&reason=quality", "本页没有"),
    ],
)
def test_what_is_not_understood_is_told(client, parameters, sentence):
    assert sentence in text(client, f"/figures/?{parameters}", 400)


@pytest.mark.parametrize("path", ["/figures/", "/figures/all.csv", "/figures/all.json"])
def test_an_edition_may_be_judged_on_a_day_before_it(client, world, path):
    first = Edition.objects.order_by("number").first().number
    assert client.get(f"{path}?edition={first}&as_of=2022-06-06").status_code == 200


@pytest.mark.parametrize(
    "address", ["/figures/", "/figures/?rows=batch&columns=category&count=certificates&star=3"]
)
def test_it_is_kept_and_asks_as_much_for_a_long_list_as_for_a_short_one(client, address, settings):
    settings.PAGE_TOKEN_SECONDS = 3600
    costs = []
    for size in (1, 45):
        publish_products(*[make_product(certificate=make_certificate()) for _number in range(size)])
        cache.clear()
        forget_everything()
        with CaptureQueriesContext(connection) as queries:
            text(client, address)
        costs.append(len(queries))
    with CaptureQueriesContext(connection) as again:
        text(client, address)
    assert len(again) == 0
    assert costs[1] <= costs[0] <= 30
