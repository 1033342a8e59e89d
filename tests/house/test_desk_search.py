"""The search of the desk: every kind by what people know it by, only what the role may see, in a bounded number of queries."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.desk import finding
from portal.core.audit.changes import save_working
from portal.core.desk import search as search_module
from portal.core.text.numbers import format_number
from tests.events.enquiries.letters import make_enquiry
from tests.make import (
    make_batch,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_user,
    publish_products,
)
from tests.module_rows import laid_once
from tests.portal.applications.review.cast import submitted

pytestmark = pytest.mark.django_db
SEARCH = "/admin/search/"


def search(client, typed: str) -> str:
    """What is found: the results, or the address that is led to."""
    answer = client.get(SEARCH, {"q": typed})
    if answer.status_code == 302:
        return answer["Location"]
    page = answer.content.decode()
    return page.partition("<main")[2]


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def lay():
    enterprise = make_enterprise(name="示例厦门防水材料有限公司")
    certificate = make_certificate(number="SL-CGP-2026-0417")
    product = make_product(enterprise=enterprise, certificate=certificate, name="自粘沥青卷材")
    publish_products(product)
    product.refresh_from_db()
    return product


laid = laid_once(lay)


@pytest.fixture
def public(laid, editor):
    return laid()


@pytest.mark.parametrize(
    "typed", ["示例厦门防水", "厦门", "xiamen", "fangshui", "xmfs", "示例廈門防水材料（有限公司）"[:8]]
)
def test_a_public_enterprise_is_found_by_name_pinyin_and_initials(client, public, typed):
    assert "示例厦门防水材料有限公司" in search(client, typed)


def test_a_number_alone_leads_to_its_record(client, public):
    enterprise, certificate = make_enterprise(), make_certificate(number="SL-CGP-2027-0001")
    batch = public.lines.get().batch
    assert (
        search(client, certificate.number.lower()) == f"/admin/products/certificate/{certificate.pk}/change/"
    )
    assert search(client, format_number(public.serial)) == f"/admin/products/product/{public.pk}/change/"
    assert (
        search(client, f" {enterprise.uscc.lower()} ")
        == f"/admin/enterprises/enterprise/{enterprise.pk}/change/"
    )
    assert search(client, batch.slug) == f"/admin/publication/batch/{batch.pk}/change/"


def test_a_certificate_brings_its_products_along(client, public):
    found = search(client, "2026-0417")
    assert f"/admin/products/certificate/{public.certificate_id}/change/" in found
    assert f"/admin/products/product/{public.pk}/change/" in found


@pytest.mark.parametrize("typed", ["未曾公布", "weicenggongbu", "wcgb"])
def test_what_was_never_public_is_found_among_the_newest_changes(client, editor, typed):
    enterprise = make_enterprise(name="示例其他有限公司")
    enterprise.name = "示例未曾公布有限公司"
    assert "没有找到" in search(client, typed)
    save_working(enterprise, by=editor)
    assert search(client, typed).startswith("/admin/enterprises/enterprise/")


def test_an_old_row_is_found_by_how_its_name_begins(client, editor):
    enterprise = make_enterprise(name="示例乙陈年有限公司")  # leaves no change
    assert search(client, "示例乙陈年") == f"/admin/enterprises/enterprise/{enterprise.pk}/change/"


def test_a_case_and_an_enquiry_are_found_by_their_numbers(client, editor):
    case, enquiry = submitted(), make_enquiry()
    assert search(client, case.number) == f"/admin/desk/application/{case.pk}/change/"
    assert search(client, enquiry.number.lower()) == f"/admin/enquiries/enquiry/{enquiry.pk}/change/"


def test_an_enterprise_brings_its_cases_along(client, editor):
    case = submitted()
    found = search(client, case.uscc)
    assert case.number in found
    assert f"/admin/enterprises/enterprise/{case.enterprise_id}/change/" in found


def test_an_account_is_found_by_its_address_by_those_who_may(client):
    account = make_user(email="li@example.com", username="li-1")
    EmailAddress.objects.create(user=account, email="li@example.com", primary=True)
    client.force_login(make_user("administrator"))
    assert search(client, "LI@example.com") == f"/admin/accounts/user/{account.pk}/change/"
    client.force_login(make_user("editor"))
    assert "没有找到" in search(client, "li@example.com")


def test_an_officer_finds_what_lies_in_the_division(client):
    there = make_division("370000", "山东省")
    make_enterprise(name="示例同名甲有限公司", division=make_division())
    own = make_enterprise(name="示例同名乙有限公司", division=there)
    client.force_login(make_user("pilot_officer:370000"))
    assert search(client, "示例同名") == f"/admin/enterprises/enterprise/{own.pk}/change/"


def test_an_officer_finds_what_lies_behind_many_of_other_divisions(client, monkeypatch):
    """The best of the whole country are cut off at some number: those of the division must not fall behind it."""
    for module in (search_module, finding):
        monkeypatch.setattr(module, "MOST", 2)
    zhejiang = make_division("330000")
    own = make_enterprise(name="防水材料经营部丁", division=zhejiang)
    elsewhere = [make_enterprise(name=f"防水材料经营部{sign}") for sign in "甲乙丙戊"]
    makers = (*elsewhere[:2], own, *elsewhere[2:])
    publish_products(*(make_product(name="防水卷材", enterprise=one) for one in makers))
    monkeypatch.setattr(finding, "NEWEST", 0)  # and nothing is found among the newest changes
    client.force_login(make_user("pilot_officer:330000"))
    page = search(client, "防水")
    assert "防水材料经营部丁" in page
    assert "防水卷材" in page
    assert "防水材料经营部甲" not in page


def test_whoever_reads_no_registers_finds_none(client, public):
    client.force_login(make_user("administrator"))
    assert "没有找到" in search(client, public.enterprise.uscc)


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "🧱", "   ", "x" * 200, "(", "2026-1 OR 1=1"])
def test_whatever_is_typed_is_answered(client, public, typed):
    assert client.get(SEARCH, {"q": typed}).status_code == 200


def test_other_parameters_are_refused(client, editor):
    for fault in ({"q": "a", "x": "1"}, {"q": "\x00"}, {"q": "x" * 201}):
        assert client.get(SEARCH, fault).status_code == 400
    assert client.post(SEARCH, {"q": "a"}).status_code == 405


def test_many_rows_ask_as_much_as_few(client, editor):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(SEARCH, {"q": "示例防水"})
        return len(queries)

    for number in range(2):
        publish_products(
            make_product(name=f"示例防水{number}", enterprise=make_enterprise(name=f"示例防水{number}号厂"))
        )
    make_batch(ordinal=49, publisher="100000", title="示例防水")
    asked()
    few = asked()
    rows = [make_product(name=f"示例防水丙{number}") for number in range(20)]
    for number in range(20):
        make_enterprise(name=f"示例防水丁{number}")
        make_batch(ordinal=50 + number, publisher=f"{11 + number}0000", title=f"示例防水{number}")
    publish_products(*rows)
    asked()
    assert asked() == few <= 55


def test_a_search_writes_nothing_and_looks_through_no_register(client, public):
    client.get(SEARCH, {"q": "示例防水"})
    with CaptureQueriesContext(connection) as queries:
        client.get(SEARCH, {"q": "示例防水"})
    said = [
        query["sql"]
        for query in queries
        if "enterprises_enterprise" in query["sql"] or "products_product" in query["sql"]
    ]
    assert said
    for sql in said:
        assert "LIMIT" in sql or " IN (" in sql, sql


@pytest.mark.parametrize("typed", ["--", " - - ", "—", "·"])
def test_what_says_nothing_finds_nothing(client, public, typed):
    make_enterprise()
    assert "没有找到" in search(client, typed)


def test_an_address_is_not_read_out_letter_by_letter(client):
    account = make_user(email="secret@example.com", username="nobody-1")
    EmailAddress.objects.create(user=account, email="secret@example.com", primary=True)
    client.force_login(make_user("auditor"))
    assert "没有找到" in search(client, "secret@")
    assert search(client, "Secret@Example.com") == f"/admin/accounts/user/{account.pk}/change/"
