"""What an export promises: the rows of the list, all of them, as they are judged there; or no whole file."""

import datetime
import random

import pytest
from django.db import connection
from django.db.models import TextField, Value
from django.db.models.functions import Cast
from django.db.utils import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.publication.exporting import rows as exporting
from catalog.publication.exporting.columns import Column
from catalog.publication.exporting.rows import LostRowsError, Rows, enterprise_rows, product_rows
from catalog.publication.exporting.writing import as_csv, as_jsonl, as_workbook
from catalog.publication.models import Action, ProductLine
from catalog.publication.publishers import publisher_names
from catalog.publication.publishing.holds import set_hold
from catalog.publication.search import listing
from catalog.publication.showing import tables
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from portal.core.editions import clock
from portal.core.editions.models import Installation
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from portal.core.workbook import Table, as_xlsx
from tests.catalog.publication.exports import about_of, csv_of, jsonl_of, xlsx_of
from tests.catalog.publication.stories import act, change_certificate, newest
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db

TRIALS = 200


def now() -> ReadAt:
    return ReadAt(newest(), clock.today(), newest(), clock.today())


def in_days(days: int) -> datetime.date:
    return clock.today() + datetime.timedelta(days=days)


def a_list_in_every_state() -> None:
    """Two publishers, kinds, stars, grounds, ends and acts of every sort; two products on both lists."""
    make_division("330000", "浙江省")
    kinds = [make_category(), make_category("13", "防水卷材"), make_category("36", "陶瓷", house_part="wall")]
    makers = [
        make_enterprise(),
        make_enterprise(division=make_division("330000", "浙江省"), name="示例=乙厂"),
    ]
    ends = (1, 60, 400, 900)
    products = [
        make_product(
            name=f"示例{('卷材', '瓷砖')[n % 2]}{n}",
            enterprise=makers[n % 2],
            category=kinds[n % 3],
            certificate=make_certificate(
                star=("1", "2", "3", "green")[n % 4], valid_until=in_days(ends[n % 4])
            ),
        )
        for n in range(24)
    ]
    publish_products(*products[:16])
    publish_products(*products[14:], publisher="350000")
    local = make_product(enterprise=makers[0], requirement=make_requirement(), name="=地方产品")
    publish_products(local, publisher="350000")
    act(products[0], Action.REMOVE)
    act(products[1], Action.SUSPEND)
    for product, status in ((products[2], "revoked"), (products[3], "cancelled"), (products[7], "suspended")):
        assert product.certificate is not None
        change_certificate(product.certificate, status=status, status_on=clock.today(), status_reason="示例")
    set_hold(products[6], reason="正在核查", by=make_user("publisher"))


PARAMETERS = {
    "q": ["卷材", "示例", "瓷砖", "三星", "没有这个"],
    "category": ["13", "36", "G3"],
    "star": ["1", "2", "3", "green"],
    "province": ["350000", "330000"],
    "publisher": ["national", "350000"],
    "basis": ["certificate", "local"],
    "sort": ["newest", "name"],
    "validity": [
        "current",
        "ending",
        "expired",
        "suspended",
        "checking",
        "revoked",
        "cancelled",
        "removed",
        "all",
    ],
}


def a_query(chance: random.Random, filters_of: type[ListFilters]) -> Query:
    pairs = []
    for name, values in PARAMETERS.items():
        offered = [value for value in values if name != "validity" or value in filters_of.VALIDITY]
        if chance.random() < (0.6 if name == "validity" else 0.3):
            several = 1 if name in ("q", "sort", "validity") else chance.randint(1, 2)
            pairs += [(name, value) for value in chance.sample(offered, several)]
    return Query(pairs)


@pytest.mark.parametrize(
    ("filters_of", "shown_of", "exported_of", "key"),
    [
        (ProductFilters, tables.product_rows, product_rows, "number"),
        (EnterpriseFilters, tables.enterprise_rows, enterprise_rows, "uscc"),
    ],
)
def test_the_number_shown_the_rows_paged_and_the_rows_exported_are_the_same(
    filters_of, shown_of, exported_of, key, monkeypatch
):
    a_list_in_every_state()
    monkeypatch.setattr(listing, "ROWS_AT_A_TIME", 7)
    chance, publishers = random.Random(20), publisher_names()
    reading = ReadAt(newest(), in_days(2), newest(), in_days(2))  # some have ended by then
    seen = set()
    for _trial in range(TRIALS):
        found = filters_of.read(a_query(chance, filters_of)).find(reading)
        paged = [
            (getattr(row.line, key), row.publisher, row.standing.code, row.standing.word)
            for page in range(1, -(-found.total // 5) + 1)
            for row in shown_of(found.page(page, 5), reading, publishers)
        ]
        told = jsonl_of(b"".join(as_jsonl(exported_of(found, reading))))
        in_csv = csv_of(b"".join(as_csv(exported_of(found, reading))))
        names = (key, "publisher_word", "status", "status_word")
        assert [tuple(row[name] for name in names) for row in told] == paged
        assert [row["状态"] for row in in_csv] == [standing for *_rest, standing in paged]
        assert found.total == len(paged) == len(in_csv)
        seen |= {code for *_rest, code, _word in paged}
    if key == "number":
        assert seen == {
            "valid",
            "local",
            "ending",
            "expired",
            "suspended",
            "checking",
            "revoked",
            "cancelled",
            "removed",
        }


def everything(rows_of=product_rows):
    reading = now()
    found = ProductFilters.read(Query([("validity", "all")])).find(reading)
    return rows_of(found, reading), reading


def test_lines_of_json_have_codes_and_words_under_the_names_of_the_fields():
    maker = make_enterprise()
    publish_products(make_product(enterprise=maker, certificate=make_certificate(star="2")))
    rows, reading = everything()
    row = jsonl_of(b"".join(as_jsonl(rows)))[0]
    pairs = {name: (row[name], row[f"{name}_word"]) for name in ("publisher", "basis", "star", "status")}
    assert pairs == {
        "publisher": ("national", "国家清单"),
        "basis": ("certificate", "认证证书"),
        "star": ("2", "二星级"),
        "status": ("valid", "有效"),
    }
    assert (row["uscc"], row["edition"], row["as_of"]) == (
        maker.uscc,
        reading.edition,
        reading.day.isoformat(),
    )


def test_what_rests_on_no_certificate_says_nothing_of_one():
    publish_products(make_product(requirement=make_requirement()), publisher="350000")
    rows, _reading = everything()
    row = jsonl_of(b"".join(as_jsonl(rows)))[0]
    assert (row["body"], row["star"], row["valid_until"], row["star_word"]) == (None, None, None, "")
    rows, _reading = everything()
    assert csv_of(b"".join(as_csv(rows)))[0]["认证机构"] == ""


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], include_characters="\"',;=+-@\t\n"),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_text_comes_back_as_it_was_from_every_format(published, text):
    column = Column("said", "所说", Cast(Value(text), TextField()), is_free=True)

    def rows() -> Rows:
        return Rows(ProductLine.objects.all(), [column, column], [[published]], 1)

    assert jsonl_of(b"".join(as_jsonl(rows())))[0]["said"] == text
    cell = csv_of(b"".join(as_csv(rows())))[0]["所说"]
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠"))
    with as_workbook(rows(), "清单", now()) as file:
        assert xlsx_of(file.read())[0]["所说"] == text


@pytest.fixture
def published() -> int:
    publish_products()
    return ProductLine.objects.get().pk


def test_a_workbook_says_what_it_is_and_that_a_demonstration_proves_nothing():
    publish_products()
    Installation.objects.update(kind="demonstration")
    rows, reading = everything()
    with as_workbook(rows, "产品清单", reading) as file:
        raw = file.read()
    about, row = about_of(raw), xlsx_of(raw)[0]
    assert (about["内容"], about["版号"]) == ("产品清单", reading.edition)
    assert "截至日期" in about["声明"]
    assert about["说明"] == row["说明"] == "演示数据，不能作为凭据"
    assert isinstance(row["有效期至"], datetime.datetime)
    rows, reading = everything()
    assert csv_of(b"".join(as_csv(rows)))[0]["说明"] == "演示数据，不能作为凭据"


def test_the_same_rows_make_the_same_workbook_byte_for_byte():
    publish_products()
    files = []
    for _time in range(2):
        rows, reading = everything()
        with as_workbook(rows, "清单", reading) as file:
            files.append(file.read())
    assert files[0] == files[1]


def test_a_cell_that_no_workbook_can_hold_is_escaped_or_cut_and_seen_to_be():
    table = Table(["甲"], [False], [], clock.today())
    with as_xlsx(table, [("a\x0bb",), ("_x0041_",), ("长" * 40_000,)]) as file:
        cells = [row["甲"] for row in xlsx_of(file.read())]
    assert cells[:2] == ["a_x000B_b", "_x005F_x0041_"]  # as they are written: Excel reads the texts
    assert len(cells[2]) == 32_767
    assert cells[2].endswith("长…")


def test_an_export_that_loses_its_database_breaks_off(client, monkeypatch):
    monkeypatch.setattr(listing, "ROWS_AT_A_TIME", 2)
    publish_products(*(make_product() for _ in range(6)))
    for extension in ("csv", "jsonl"):
        response = client.get(f"/products/export.{extension}")
        parts = iter(response)
        next(parts)
        with connection.execute_wrapper(broken), pytest.raises(OperationalError):
            list(parts)


def test_an_export_whose_database_is_away_from_the_start_says_so(client):
    publish_products()
    with connection.execute_wrapper(broken_lines):
        for extension in ("csv", "jsonl", "xlsx"):
            assert client.get(f"/products/export.{extension}").status_code == 503


def test_a_row_that_is_gone_breaks_an_export_off(monkeypatch):
    publish_products(make_product(), make_product())
    rows, _reading = everything()
    monkeypatch.setattr(exporting, "_these", lambda numbers: numbers[1:])
    with pytest.raises(LostRowsError):
        list(rows.csv())


def broken(execute, sql, params, many, context):
    raise OperationalError("server closed the connection unexpectedly")


def broken_lines(execute, sql, params, many, context):
    if "printf" in sql or "json_object" in sql or " || " in sql or "json_build" in sql or "said" in sql:
        broken(execute, sql, params, many, context)
    return execute(sql, params, many, context)
