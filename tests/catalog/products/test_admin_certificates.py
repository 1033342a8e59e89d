"""Certificates in the back end, and the checks of them that are public at once."""

import datetime

import pytest

from catalog.products.models import (
    Certificate,
)
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from tests.make import (
    make_body,
    make_certificate,
    make_product,
    make_user,
)

from .test_admin import CERTIFICATES, PRODUCTS, product_form

pytestmark = pytest.mark.django_db


def certificate_form(**fields):
    usual = {
        "body": make_body().pk,
        "number": "SL-1",
        "star": "3",
        "valid_until": "2030-01-01",
        "status": "valid",
        "_save": "1",
    }
    return usual | fields


def test_certificates_of_two_bodies_with_one_number_are_told_apart(client, editor):
    first = make_certificate(number="SL-9", body=make_body("one"))
    make_certificate(number="SL-9", body=make_body("two"))
    product = make_product(certificate=first)
    change = f"{PRODUCTS}{product.pk}/change/"
    assert 'value="one:SL-9"' in client.get(change).content.decode()
    refused = client.post(change, product_form(product))
    assert "机构代码:编号" in refused.content.decode()
    client.post(change, product_form(product, certificate="two:SL-9"))
    product.refresh_from_db()
    assert product.certificate.body.code == "two"


def test_a_certificate_number_is_compared_folded(client, editor):
    client.post(f"{CERTIFICATES}add/", certificate_form(number="SL-（1）"))
    page = client.post(f"{CERTIFICATES}add/", certificate_form(number="sl-(1)")).content.decode()
    assert "该认证机构已有这一证书编号" in page
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "revoked"}, "须填写状态日期"),
        ({"status": "revoked", "status_on": "2099-01-01"}, "不能在今天之后"),
        ({"issued_on": "2031-01-01"}, "有效期至不能早于发证日期"),
    ],
)
def test_dates_of_a_certificate_must_make_sense(client, editor, fields, sentence):
    page = client.post(f"{CERTIFICATES}add/", certificate_form(**fields)).content.decode()
    assert sentence in page
    assert not Certificate.objects.exists()


def test_a_certificate_that_is_valid_again_loses_the_reason_of_its_suspension(client, editor):
    certificate = make_certificate(status="suspended", status_on=clock.today(), status_reason="抽查")
    form = certificate_form(number=certificate.number, status_on="2026-01-01", status_reason="抽查")
    client.post(f"{CERTIFICATES}{certificate.pk}/change/", form)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.status_on, certificate.status_reason) == ("valid", None, "")


def test_a_list_says_expired_from_the_day_after_the_last(client, editor):
    make_certificate(valid_until=clock.today())
    rows = client.get(CERTIFICATES).content.decode().partition("<tbody")[2]
    assert "过期" not in rows
    make_certificate(valid_until=clock.today() - datetime.timedelta(days=1))
    assert "过期" in client.get(CERTIFICATES).content.decode().partition("<tbody")[2]


def check_form(**changes):
    usual = {"checked_on": clock.today().isoformat(), "result": "valid", "source": "认e云（cx.cnca.cn）"}
    return usual | changes


def test_a_check_is_recorded_and_public_at_once(client):
    reviewer = make_user("reviewer")
    client.force_login(reviewer)
    certificate = make_certificate()
    address = f"{CERTIFICATES}{certificate.pk}/check/"
    assert address in client.get(f"{CERTIFICATES}{certificate.pk}/change/").content.decode()
    assert "随即公开" in client.get(address).content.decode()
    assert not certificate.checks.exists()
    assert client.post(address, check_form(note=" 已　核对 ")).status_code == 302
    check = certificate.checks.get()
    assert (check.checked_by, check.note, check.result) == (reviewer, "已 核对", "valid")
    assert check.from_edition_id
    assert AuditEvent.objects.filter(step="certificate.checked").count() == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"checked_on": (clock.today() + datetime.timedelta(days=1)).isoformat()}, 400),
        ({"checked_on": "2001-01-01"}, 409),
        ({"result": "expired"}, 400),
    ],
)
def test_a_check_that_cannot_be_true_is_refused(client, changes, status):
    client.force_login(make_user("reviewer"))
    certificate = make_certificate()
    answer = client.post(f"{CERTIFICATES}{certificate.pk}/check/", check_form(**changes))
    assert answer.status_code == status
    assert not certificate.checks.exists()


@pytest.mark.parametrize("role", ["auditor", "administrator", "pilot_officer:350000"])
def test_nobody_else_records_a_check(client, role):
    client.force_login(make_user(role))
    certificate = make_certificate()
    address = f"{CERTIFICATES}{certificate.pk}/check/"
    assert client.get(address).status_code == 403
    assert client.post(address, check_form()).status_code == 403
    assert not certificate.checks.exists()
