"""Subsidy rules: when they hold, for what and for whom, and how they are shown."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from catalog.regions.models import SubsidyVersion
from portal.core.editions import clock
from portal.core.editions.verify import chain_faults
from portal.core.pages import cache
from portal.core.workflow import versions
from tests.make import make_division, make_region, make_subsidy, make_user, publish_products

DAY = datetime.date(2026, 6, 15)


def rule(**changes) -> SubsidyVersion:
    values = {
        "division_code": "350500",
        "division_name": "福建省 泉州市",
        "from_on": datetime.date(2026, 6, 1),
        "until_on": datetime.date(2026, 12, 31),
        "amount_text": "每平方米 6 元",
        "amount_fen": 600,
        "amount_unit": "平方米",
        "category_codes": ["302"],
    }
    return SubsidyVersion(**values | changes)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2026-05-31", "未开始"),
        ("2026-06-01", "现行"),
        ("2026-12-01", "现行"),
        ("2026-12-02", "即将到期"),
        ("2026-12-31", "即将到期"),
        ("2027-01-01", "过期"),
    ],
)
def test_the_state_is_of_the_day_and_the_last_day_counts(day, word):
    assert rule().status_on(datetime.date.fromisoformat(day))[1] == word


def test_a_rule_without_an_end_holds_on():
    assert rule(until_on=None).status_on(datetime.date(2036, 1, 1)) == ("listed", "现行")


@pytest.mark.parametrize(
    ("place", "reaches", "is_part"),
    [
        ("350500", True, False),
        ("350583", True, False),
        ("350000", False, True),
        ("350100", False, False),
        ("330000", False, False),
    ],
)
def test_a_rule_is_for_whoever_lives_in_its_division(place, reaches, is_part):
    assert (rule().reaches(place), rule().lies_within(place)) == (reaches, is_part)


def test_a_rule_is_for_its_kinds_and_groups_or_for_all():
    assert rule().is_for({"302", "G3"})
    assert not rule().is_for({"303", "G3"})
    assert rule(category_codes=["G3"]).is_for({"303", "G3"})
    assert rule(category_codes=[]).is_for({"303", "G3"})


@pytest.mark.parametrize(
    ("changes", "words", "note"),
    [
        ({}, "6 元每平方米", ""),
        (
            {"amount_text": "每平方米 6 元，每户最多 1,200 元"},
            "6 元每平方米",
            "每平方米 6 元，每户最多 1,200 元",
        ),
        (
            {"amount_fen": 123450, "amount_text": "每户 1234.5 元", "amount_unit": "户"},
            "1,234.50 元每户",
            "每户 1234.5 元",
        ),
        ({"amount_fen": None, "amount_unit": "", "amount_text": "贷款贴息 1.5%"}, "贷款贴息 1.5%", ""),
    ],
)
def test_an_amount_is_said_in_whole_fen_or_in_the_words_of_its_document(changes, words, note):
    assert (rule(**changes).amount_words, rule(**changes).amount_note) == (words, note)


@pytest.mark.parametrize(
    ("name", "words"),
    [("福建省", "全省"), ("天津市", "全市"), ("广西壮族自治区", "全区"), ("福建省 泉州市", "泉州市")],
)
def test_a_table_of_the_province_names_the_rest_of_the_place(name, words):
    assert rule(division_name=name).place_words == words


# -- the pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def fujian(db, settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()
    make_region()
    make_division("350500", "泉州市", "prefecture", make_division())


def read(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def open_rules(page: str) -> str:
    """The table of what one can claim today."""
    section = page[page.index('<section id="subsidies">') :]
    return section[: section.index("</section>")].partition("<details")[0]


def test_only_what_holds_today_is_offered_and_the_rest_is_folded(client, fujian):
    today = clock.today()
    make_subsidy(title="现行的")
    make_subsidy("350500", title="全市的", category_codes=[], category_names=[])
    make_subsidy(
        title="过期的", from_on=today - datetime.timedelta(9), until_on=today - datetime.timedelta(1)
    )
    make_subsidy(title="未来的", from_on=today + datetime.timedelta(1), until_on=None)
    page = read(client, "/regions/350000/")
    table = open_rules(page)
    assert "现行的" in table
    assert "全市的" in table
    assert "全部品类" in table
    assert "过期的" not in table
    assert "未来的" not in table
    assert "过期的" in page
    assert "<b>2<i>条</i></b><span>今天能领的补贴" in page
    assert "另有 2 条未开始或已过期" in page


def test_another_province_is_another_page(client, fujian):
    make_region("330000", "浙江省")
    make_subsidy("330000", title="浙江的")
    assert "浙江的" not in read(client, "/regions/350000/")
    assert "浙江的" in read(client, "/regions/330000/")


def test_the_state_is_that_of_the_day_asked(client, fujian):
    today = clock.today()
    make_subsidy(title="今天起", from_on=today)
    page = read(client, f"/regions/350000/?edition=2&as_of={today - datetime.timedelta(1)}")
    assert "今天起" not in open_rules(page)
    assert "未开始" in page


def test_a_rule_has_a_page_with_document_and_way_to_claim(client, fujian):
    found = make_subsidy(document_number="闽示〔2026〕1号", how_to_claim="第一步\n\n第二步")
    page = read(client, f"/regions/350000/subsidies/{found.rule_id}/")
    for words in ("防水卷材补贴", "6 元每平方米", "闽示〔2026〕1号", "<p>第一步</p>", "可以申领", "现行"):
        assert words in page
    assert "as_of=" in page


def test_a_rule_is_found_under_its_own_province_alone(client, fujian):
    make_region("330000", "浙江省")
    found = make_subsidy()
    read(client, f"/regions/330000/subsidies/{found.rule_id}/", 404)
    read(client, "/regions/350000/subsidies/999/", 404)
    assert "不是省级区划代码" in read(client, f"/regions/999999/subsidies/{found.rule_id}/", 404)


def test_an_updated_rule_keeps_what_it_said_before(client, fujian):
    first = make_subsidy(title="原来的标题")
    make_subsidy(rule=first.rule, title="后来的标题", change_note="改名")
    address = f"/regions/350000/subsidies/{first.rule_id}/"
    page = read(client, address)
    assert "后来的标题" in page
    assert "改名" in page
    assert "原来的标题" in read(client, f"{address}?edition={first.from_edition_id}")
    assert list(chain_faults()) == []


def test_a_withdrawn_rule_is_offered_to_nobody_and_stays_readable_with_its_reason(client, fujian):
    found = make_subsidy(title="写错的规则")
    versions.withdraw(SubsidyVersion, found.rule, by=make_user("publisher"), reason="文件已废止")
    page = read(client, "/regions/350000/")
    assert "写错的规则" not in open_rules(page).partition("已撤下")[0]
    assert "已撤下：" in page
    own = read(client, f"/regions/350000/subsidies/{found.rule_id}/")
    assert "文件已废止" in own
    assert "可以申领" not in own


def test_a_rule_that_came_later_says_so(client, fujian):
    publish_products()
    found = make_subsidy()
    page = read(client, f"/regions/350000/subsidies/{found.rule_id}/?edition=1")
    assert "当时尚未公布" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"from_on": DAY, "until_on": DAY - datetime.timedelta(1)},
        {"amount_fen": 100, "amount_unit": ""},
    ],
)
def test_the_database_refuses_what_can_never_be_true(fujian, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subsidy(**changes)
