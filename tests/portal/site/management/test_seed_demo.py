"""seed_demo: a demonstration that shows every state, made by the very functions that the desk uses."""

import datetime
from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction

from catalog.enterprises.models import Enterprise, Membership, OutletVersion
from catalog.imports.models import ImportRun
from catalog.products.models import Certificate, CertificateCheck, Product
from catalog.publication.models import Batch, CertificateLine, EnterpriseLine, Hold, ProductLine
from catalog.publication.publishing.verify import all_faults
from catalog.regions.models import SubsidyVersion
from events.commitments.models import LetterVersion
from events.notices.models import NoticeVersion
from portal.applications.cases.models import Application
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition, Installation
from tests.catalog.publication.stories import index_faults

# The mark of the database also makes pytest-django create it. On PostgreSQL a demonstration is laid, and removed again, by
# test_remove_demo.py; what is read here was made by acts that are tried there one by one.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def run(command: str) -> str:
    printed = StringIO()
    call_command(command, stdout=printed)
    return printed.getvalue()


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """What seed_demo printed; its rows stay for the tests of this file, and are taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        run("seed_facts")
        yield run("seed_demo")
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _laid(printed) -> None:
    pass


@pytest.fixture
def year() -> int:
    return min(clock.today().year, 2026)


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_batches_of_every_kind_and_state_are_there(year):
    states = dict(Batch.objects.values_list("slug", "state"))
    assert states == {
        f"{year}-1": "published",
        f"{year}-2": "published",
        f"350000-{year}-1": "published",
        f"{year}-t1": "published",
        f"{year}-k1": "published",
        f"{year}-3": "in_notice",
        f"330000-{year}-1": "draft",
    }


def test_about_three_hundred_products_of_sixty_makers_all_named_as_examples():
    assert Enterprise.objects.count() == 60
    assert not Enterprise.objects.exclude(name__startswith="示例").exists()
    assert 280 <= Product.objects.count() <= 330
    assert ProductLine.objects.current().values("category_code").distinct().count() > 50
    assert {line.body_name for line in CertificateLine.objects.all()} == {"示例认证中心（虚构）"}


def test_certificates_stand_in_every_state():
    today = clock.today()
    lines = CertificateLine.objects.current()
    assert set(lines.values_list("status", flat=True)) == set(Certificate.Status.values)
    valid = lines.filter(status="valid")
    assert valid.filter(valid_until__lt=today).count() == 2
    assert valid.filter(valid_until__gte=today, valid_until__lte=today + datetime.timedelta(days=90)).exists()
    renewed = lines.exclude(renews_number="").get()
    assert lines.filter(number=renewed.renews_number).exists()


def test_lists_show_every_act_with_its_reason():
    acts = Counter(ProductLine.objects.filter(from_edition__isnull=False).values_list("action", flat=True))
    assert set(acts) == {"list", "change", "follow", "suspend", "remove", "correct"}
    gone = ProductLine.objects.current().exclude(listing_status="listed")
    assert gone.exists()
    assert not gone.filter(reason="").exists()


def test_a_rename_reaches_the_lines_of_both_publishers():
    lines = ProductLine.objects.current().filter(enterprise_name="示例白鹭绿色墙材有限公司")
    assert set(lines.values_list("publisher", flat=True)) == {"national", "350000"}
    assert not ProductLine.objects.current().filter(enterprise_name="示例白鹭新型墙材有限公司").exists()


def test_the_local_list_has_products_without_certificate_and_the_national_one_has_none():
    local = ProductLine.objects.current().filter(basis=ProductLine.Basis.LOCAL)
    assert local.count() == 5
    assert set(local.values_list("publisher", flat=True)) == {"350000"}
    assert not local.filter(requirement_title="").exists()


def test_everything_went_through_the_import_and_four_eyes():
    assert ImportRun.objects.filter(state="saved").count() == 12
    assert not ImportRun.objects.exclude(state="saved").exists()
    for batch in Batch.objects.filter(state="published"):
        assert len({batch.submitted_by_id, batch.approved_by_id, batch.published_by_id}) == 3
    assert AuditEvent.objects.filter(step="batch.published").count() == 5


def test_checks_and_a_hold_are_public():
    assert CertificateCheck.objects.current().count() > 10
    assert {check.result for check in CertificateCheck.objects.current()} == set(Certificate.Status.values)
    assert Hold.objects.current().get().is_in_effect()


def test_a_region_has_subsidies_in_every_state_and_shops_all_marked_as_invented(client):
    region = page(client, "/regions/350000/")
    for word in ("现行", "即将到期", "过期", "（示例）"):
        assert word in region
    assert not SubsidyVersion.objects.exclude(source__contains="虚构").exists()
    assert OutletVersion.objects.current().count() >= 3
    assert not OutletVersion.objects.exclude(address__contains="虚构").exists()


def test_the_batch_in_notice_is_not_on_the_lists(year, client):
    noticed = ProductLine.objects.filter(batch__slug=f"{year}-3")
    assert noticed.exists()
    assert not noticed.filter(from_edition__isnull=False).exists()
    assert "公示中" in page(client, f"/batches/{year}-3/")


def test_chain_and_index_are_sound():
    assert list(all_faults()) == []
    assert index_faults() == []


def test_the_database_is_a_demonstration_and_every_page_says_so(year, client):
    assert Installation.current_kind() == Installation.Kind.DEMONSTRATION
    line = ProductLine.objects.current().filter(listing_status="listed").first()
    maker = EnterpriseLine.objects.current().first()
    for address in (
        "/",
        "/products/",
        "/enterprises/",
        "/batches/",
        f"/batches/{year}-t1/",
        f"/products/{line.number}/",
        f"/enterprises/{maker.uscc}/",
        "/notices/",
    ):
        assert "演示数据" in page(client, address)
    notice = NoticeVersion.objects.current().earliest("notice_id")
    for address in (
        f"/products/{line.number}/",
        "/products/",
        "/commitments/",
        f"/notices/{notice.notice_id}/",
    ):
        assert '<div class="only-p"><p><b>演示数据，不能作为凭据。</b>' in page(client, address), address


def test_each_state_answers_a_check_of_its_number(client):
    lines = CertificateLine.objects.current()
    ended = lines.filter(status="valid", valid_until__lt=clock.today()).first()
    replaced = lines.exclude(renews_number="").get().renews_number
    assert "过期" in page(client, f"/check/?number={ended.number}")
    assert "已换证" in page(client, f"/check/?number={replaced}")
    for status, word in (("suspended", "暂停"), ("revoked", "撤销"), ("cancelled", "注销")):
        assert word in page(client, f"/check/?number={lines.get(status=status).number}")


def test_passwords_are_printed_once_and_open_accounts_with_their_role(printed):
    words = [line.split() for line in printed.splitlines()]
    passwords = {line[0]: line[1] for line in words if len(line) == 2}
    assert set(passwords) == {"editor", "reviewer", "publisher", "maker"}
    del passwords["maker"]  # of an enterprise: no role
    for username, password in passwords.items():
        user = get_user_model().objects.get(username=username)
        assert user.check_password(password)
        assert user.is_staff
        assert [grant.role for grant in user.grants.all()] == [username]


def test_a_second_run_changes_nothing_and_says_so():
    before = (Edition.objects.current_number(), AuditEvent.objects.count(), ImportRun.objects.count())
    assert run("seed_demo") == "没有改动：演示数据已在库中。\n"
    assert before == (
        Edition.objects.current_number(),
        AuditEvent.objects.count(),
        ImportRun.objects.count(),
    )


def test_the_national_drafting_table_is_left_free():
    assert not Batch.objects.filter(publisher="national", state="draft").exists()


def test_what_is_sold_online_is_sold_nowhere_real(client):
    shown = page(client, "/online/")
    assert "示例商城" in shown
    rows = client.get("/online/demo.json").json()["rows"]
    assert len(rows) > 20
    assert {row["shop"]["url"].split("/")[2] for row in rows} == {"mall.example.com"}
    assert client.get("/online/jd.json").json()["rows"] == []


def test_activities_stand_round_today_and_one_is_reported(client):
    page = client.get("/activities/?region=350000").content.decode()
    for words in ("尚未开始", "正在进行", "已取消", "乡村工匠培训（示例）"):
        assert words in page
    assert "126 人次" in client.get("/activities/results/").content.decode()


def test_a_broken_letter_is_read_with_the_answer_of_its_enterprise(client):
    page = client.get("/commitments/?state=broken").content.decode()
    assert "示例" in page
    assert "企业有回应" in page
    letter = LetterVersion.objects.current().get(standing="broken")
    assert "逐户更换" in client.get(f"/commitments/{letter.letter_id}/").content.decode()
    assert "违约撤销" in client.get(f"/enterprises/{letter.uscc}/").content.decode()


def test_cases_wait_for_an_office_and_for_an_enterprise(printed):
    kinds = {(case.kind, case.state) for case in Application.objects.all()}
    assert kinds == {("product", "submitted"), ("change", "returned"), ("register", "submitted")}
    maker = get_user_model().objects.get(username="maker")
    password = next(line.split()[1] for line in printed.splitlines() if line.startswith("maker "))
    assert maker.check_password(password)
    assert not maker.is_staff
    assert Membership.objects.of(maker).get().enterprise.name.startswith("示例")
