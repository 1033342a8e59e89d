"""`/check/`: every state in which a certificate may be found, and what is said of it."""

from copy import copy
from datetime import date, timedelta

import pytest
from django.db import connection

from catalog.products.models import Certificate, CertificateCheck
from catalog.publication.models import Action, CertificateLine
from catalog.publication.publishing import holds
from catalog.publication.showing.nearest import bearing
from portal.core.editions import clock
from portal.core.editions.release import release_record
from tests.catalog.publication.stories import act, announce, change_certificate, cost_of, newest, on, text_of
from tests.make import make_body, make_certificate, make_product, make_user, publish_products
from tests.module_rows import laid_for_all

from .check_page import NUMBER, ask, listed, verdict

pytestmark = pytest.mark.django_db


def _laid():
    return listed()


product, product_of_the_module = laid_for_all("product", _laid)


def test_without_a_number_the_page_says_what_it_does(client):
    page = text_of(client.get("/check/"))
    assert "输入证书上的编号" in page


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


def copied(row, **changes):
    other = copy(row)
    for name, value in {"pk": None, **changes}.items():
        setattr(other, name, value)
    return other


def test_the_statement_takes_the_index(product):
    """Among hundreds of lines: of one line the planner may read any index, at the same cost."""
    line, certificate = CertificateLine.objects.get(), Certificate.objects.get()
    numbers = [f"{NUMBER}-{count}" for count in range(400)]
    others = Certificate.objects.bulk_create(
        copied(certificate, number=number, number_key=number) for number in numbers
    )
    CertificateLine.objects.bulk_create(
        copied(line, certificate=other, key=f"{line.key}-{other.number}", number_key=other.number)
        for other in others
    )
    connection.cursor().execute("ANALYZE")
    assert "certificateline_bare" in bearing({"CABR01022025CGP035"}, newest()).order_by().explain()


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


def test_an_answer_costs_the_same_for_one_product_and_for_many(client, product):
    before = cost_of(client, f"/check/?number={NUMBER}")
    publish_products(
        *(make_product(enterprise=product.enterprise, certificate=product.certificate) for _ in range(15))
    )
    assert cost_of(client, f"/check/?number={NUMBER}") == before <= 20
    assert "现有 16 项" in ask(client, NUMBER)
