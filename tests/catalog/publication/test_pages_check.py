"""`/check/`: every answer that a certificate number can get."""

from datetime import date, timedelta

import pytest
from django.db import connection

from catalog.products.models import Certificate, CertificateCheck
from catalog.publication.models import Action, ProductLine
from catalog.publication.publishing import holds
from catalog.publication.showing.nearest import difference_in_words, near_numbers, slips, with_bare
from portal.core.editions import clock
from portal.core.editions.release import release_record
from portal.core.pages.reading import ReadAt
from tests.catalog.publication.stories import act, announce, change_certificate, cost_of, newest, on, text_of
from tests.make import make_body, make_certificate, make_product, make_user, publish_products

pytestmark = pytest.mark.django_db
NUMBER = "CABR-01(02)-(2025)-CGP-035"


def ask(client, number: str, more: str = "") -> str:
    response = client.get(f"/check/?number={number}{more}")
    assert response.status_code == 200
    return text_of(response)


def verdict(page: str) -> str:
    """The status over the answer."""
    return page.split('class="st ')[1].split("</svg>")[1].split("<")[0]


@pytest.fixture
def product():
    product = make_product(name="自粘防水卷材", certificate=make_certificate(number=NUMBER))
    publish_products(product)
    return product


def test_without_a_number_the_page_says_what_it_does(client):
    page = text_of(client.get("/check/"))
    assert "输入证书上的编号" in page


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "cabr-01(02)-(2025)-cgp-035",
        "ＣＡＢＲ-01（02）-（2025）-CGP-035",
        "CABR-01[02]-[2025] -CGP-035",
        "CABR01022025CGP035",
        "cabr 01 02 2025 cgp 035",
        "CABR_01.02/2025·CGP:035",
        "「证书编号：CABR-01(02)-(2025)-CGP-035」",
        "《CABR-01（02）-（2025）-CGP-035》",
        "证书编号%0aCABR-01(02)-(2025)-CGP-035%0d%0a",
        "https://example.cn/check/?number=CABR-01%252802%2529-%25282025%2529-CGP-035",
    ],
)
def test_a_number_is_found_however_it_is_typed(client, product, typed):
    page = ask(client, typed)
    assert verdict(page) == "有效"
    assert NUMBER in page
    assert "自粘防水卷材" in page
    assert "现有 1 项产品列在清单上" in page


def test_two_bodies_with_one_number_are_two_answers(client, product):
    other = make_certificate(number=NUMBER, body=make_body("other"), applicant_name="另一家企业")
    publish_products(make_product(certificate=other))
    page = ask(client, NUMBER)
    assert "示例认证中心demo" in page
    assert "示例认证中心other" in page


def test_expired_counts_from_the_day_after_the_last(client):
    last = clock.today() + timedelta(days=2)
    publish_products(make_product(certificate=make_certificate(number="E-1", valid_until=last)))
    with on(2):
        assert verdict(ask(client, "E-1")) == "即将到期"
    with on(3):
        page = ask(client, "E-1")
        assert verdict(page) == "过期"
        assert "到期" in page


@pytest.mark.parametrize(
    ("status", "word"), [("suspended", "暂停"), ("revoked", "撤销"), ("cancelled", "注销")]
)
def test_what_the_body_decided_comes_first(client, product, status, word):
    change_certificate(
        product.certificate, status=status, status_on=date(2023, 9, 1), status_reason="年度监督未通过"
    )
    page = ask(client, NUMBER)
    assert verdict(page) == word
    assert "2023年9月1日" in page
    assert "年度监督未通过" in page


def test_a_removal_says_since_when_and_why(client, product):
    with on(5):
        act(product)
    with on(9):
        page = ask(client, NUMBER)
        day = clock.today() - timedelta(days=4)
        assert verdict(page) == "已移出"
        assert "监督检验不合格" in page
        assert f"{day.year}年{day.month}月{day.day}日" in page


def test_a_listing_that_is_suspended_is_told(client, product):
    act(product, Action.SUSPEND)
    assert verdict(ask(client, NUMBER)) == "暂停"


def test_a_renewed_certificate_names_the_new_one(client, product):
    new = make_certificate(number="SL-CGP-2026-0900", renews=product.certificate)
    publish_products(make_product(enterprise=product.enterprise, certificate=new))
    page = ask(client, NUMBER)
    assert verdict(page) == "已换证"
    assert "SL-CGP-2026-0900" in page
    assert verdict(ask(client, "SL-CGP-2026-0900")) == "有效"


def test_a_hold_is_told(client, product):
    holds.set_hold(product, by=make_user("publisher"), reason="收到举报")
    page = ask(client, NUMBER)
    assert verdict(page) == "核查中"
    assert "收到举报" in page


def test_a_number_in_notice_is_announced_and_not_published(client):
    batch = announce(make_product(name="公示中的卷材", certificate=make_certificate(number="N-2026-1")))
    page = ask(client, "N-2026-1")
    assert verdict(page) == "公示中，尚未公布"
    assert batch.slug in page
    assert f"{batch.notice_until.month}月{batch.notice_until.day}日" in page
    assert "公示中的卷材" not in page


def test_a_listed_certificate_with_more_products_in_notice_says_both(client, product):
    announce(make_product(name="又一个", enterprise=product.enterprise, certificate=product.certificate))
    page = ask(client, NUMBER)
    assert verdict(page) == "有效"
    assert "另有 1 项" in page


def test_an_unknown_number_gets_near_ones_and_next_steps(client, product):
    page = ask(client, NUMBER.replace("035", "036"))
    assert verdict(page) == "未查到"
    assert NUMBER in page
    assert "您输入 6" in page
    assert "cx.cnca.cn" in page
    assert "12315" in page
    assert "不等于证书是假的" in page


def test_a_product_number_or_a_code_leads_to_its_page(client, product):
    number = ProductLine.objects.get().number
    assert f"/products/{number}/" in ask(client, number.replace("-", ""))
    assert f"/enterprises/{product.enterprise.uscc}/" in ask(client, product.enterprise.uscc.lower())


def test_a_product_number_or_a_code_is_told_in_the_headline(client, product):
    number = ProductLine.objects.get().number
    for typed in (
        number,
        number.replace("-", ""),
        f"清单编号：{number}",
        f"https://x.example/products/{number}/",
    ):
        page = ask(client, typed)
        assert verdict(page) == "是清单编号"
        assert "未查到" not in page
    assert verdict(ask(client, product.enterprise.uscc.lower())) == "是统一社会信用代码"


def test_a_wrong_check_digit_is_told_and_the_right_one_offered(client, product):
    number = ProductLine.objects.get().number
    page = ask(client, f"{number[:-1]}{(int(number[-1]) + 1) % 10}")
    assert verdict(page) == "清单编号的校验位不对"
    assert f"/products/{number}/" in page


def test_a_company_name_is_told_as_such(client, product):
    page = ask(client, product.enterprise.name)
    assert verdict(page) == "按企业名称查到"
    assert f"/enterprises/{product.enterprise.uscc}/" in page


@pytest.mark.parametrize("part", ["01(02)-(2025)-CGP-035", "CABR-01(02)-(2025)-CGP", "2025CGP035", "cgp035"])
def test_a_part_of_a_number_offers_the_whole(client, product, part):
    page = ask(client, part)
    assert verdict(page) == "编号不完整"
    assert NUMBER in page


@pytest.mark.parametrize(
    "typed",
    [
        "CABR-01(02)-(2025)-CGP-046",
        "CARB-01(02)-(2025)-CGP-053",
        "CABR01022O25CGP35",
        "CAR-01(02)-(2025)-CGP-0355",
    ],
)
def test_two_slips_are_offered(client, product, typed):
    page = ask(client, typed)
    assert verdict(page) == "未查到"
    assert f">{NUMBER}</a>" in page
    assert "有两处不同" in page


def test_two_numbers_in_one_paste_are_both_answered(client, product):
    publish_products(make_product(certificate=make_certificate(number="SL-CGP-2026-0900")))
    page = ask(client, f"{NUMBER} SL-CGP-2026-0900")
    assert page.count('<section class="cert') == 2
    assert "未查到" not in page.split("<main")[1]
    assert "未查到" in ask(client, f"{NUMBER}，XX-2020-00001")


def test_whoever_writes_the_marks_gets_the_number_that_he_wrote(client):
    for number in ("A-11-2000", "A-1-12000"):
        publish_products(make_product(certificate=make_certificate(number=number)))
    assert ask(client, "A-11-2000").count('<section class="cert') == 1
    assert ask(client, "A112000").count('<section class="cert') == 2


@pytest.mark.parametrize(
    "typed", [NUMBER, "CABR01022025CGP035", "CABR-01(02)-(2025)-CGP-046", "CGP-035", "00001274"]
)
def test_an_answer_costs_the_same_in_a_longer_list(client, product, typed):
    before = cost_of(client, f"/check/?number={typed}")
    publish_products(
        *(make_product(certificate=make_certificate(number=f"ZZ-{place}")) for place in range(12))
    )
    assert cost_of(client, f"/check/?number={typed}") <= before <= 20


def test_the_statement_takes_the_index(product):
    reading = ReadAt(newest(), clock.today(), newest(), clock.today())
    if connection.vendor == "postgresql":  # a table of one row is read through at less cost
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    assert "certificateline_bare" in with_bare({"CABR01022025CGP035"}, reading).order_by().explain()


def test_the_past_answers_as_it_would_have(client, product):
    before = newest()
    act(product)
    assert verdict(ask(client, NUMBER, f"&edition={before}")) == "有效"
    late = make_certificate(number="LATE-1")
    publish_products(make_product(certificate=late))
    assert verdict(ask(client, "LATE-1", f"&edition={before}")) == "未查到"


def test_the_newest_check_is_shown_with_its_age(client, product):
    for days in (30, 14):
        row = CertificateCheck(
            certificate=product.certificate,
            key=f"check/{days}",
            body_code="demo",
            certificate_number=NUMBER,
            checked_on=clock.today() - timedelta(days=days),
            checked_by=make_user("editor", username=f"李某某{days}"),
            result=Certificate.Status.VALID,
        )
        release_record(row)
    page = ask(client, NUMBER)
    assert "14 天前" in page
    assert "30 天前" not in page
    assert "李某某" not in page


def test_markup_in_a_number_is_only_text(client):
    page = ask(client, "%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


def test_too_long_a_number_is_told(client):
    assert client.get(f"/check/?number={'9' * 500}").status_code == 400


def test_an_answer_costs_the_same_for_one_product_and_for_many(client, product):
    before = cost_of(client, f"/check/?number={NUMBER}")
    publish_products(
        *(make_product(enterprise=product.enterprise, certificate=product.certificate) for _ in range(15))
    )
    assert cost_of(client, f"/check/?number={NUMBER}") == before <= 20
    assert "现有 16 项" in ask(client, NUMBER)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("A117", "A171"),
        ("AI17", "A117"),
        ("A11", "A117"),
        ("A1177", "A117"),
        ("B117", "A117"),
        ("AO17", "A017"),
    ],
)
def test_every_single_slip_is_found(asked, found):
    assert found in slips(asked)
    assert difference_in_words(asked, found)


def test_signs_that_look_alike_come_first(product):
    for number in ("X-2022-0011", "X-2022-0091", "X-2022-0001"):
        publish_products(make_product(certificate=make_certificate(number=number)))
    reading = ReadAt(newest(), clock.today(), newest(), clock.today())
    near = near_numbers("X-2022-00O1", reading)
    assert near[0].line.number == "X-2022-0001"
    assert len(near) == 3
