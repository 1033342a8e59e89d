"""Outlets at the desk: written for one enterprise, public only as versions that a second person publishes."""

import pytest

from catalog.enterprises.models import Outlet, OutletVersion
from portal.core.editions import clock
from portal.core.editions.models import Edition
from tests.make import make_division, make_enterprise, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/enterprises/outletversion/"


def form(**fields) -> dict:
    usual = {
        "name": "示例直营店",
        "division": "350000",
        "address": "示例路 1 号",
        "phone": "0000-1234567",
        "checked_on": str(clock.today()),
        "_save": "1",
    }
    return usual | fields


@pytest.fixture
def enterprise():
    return make_enterprise()


def test_an_outlet_is_drafted_and_published_by_a_second_person(client, enterprise):
    client.force_login(make_user("editor"))
    assert client.post(f"{LIST}add/", form(enterprise=enterprise.uscc)).status_code == 302
    version = OutletVersion.objects.get()
    assert (version.outlet.enterprise, version.enterprise, version.division_name) == (
        enterprise,
        enterprise,
        "福建省",
    )
    assert Edition.objects.count() == 0
    client.post(f"{LIST}{version.pk}/submit/")
    client.force_login(make_user("reviewer"))
    assert "示例直营店" in client.get(f"{LIST}{version.pk}/change/").content.decode()
    assert client.post(f"{LIST}{version.pk}/publish/").status_code == 302
    assert OutletVersion.objects.current().count() == 1


def test_the_enterprise_is_found_by_its_full_name_and_stays(client, enterprise):
    other = make_enterprise()
    client.force_login(make_user("editor"))
    client.post(f"{LIST}add/", form(enterprise=enterprise.name))
    version = OutletVersion.objects.get()
    client.post(f"{LIST}{version.pk}/change/", form(enterprise=other.uscc, address="示例路 2 号"))
    version.refresh_from_db()
    assert (version.enterprise, version.address) == (enterprise, "示例路 2 号")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"enterprise": "没有这家"}, "没有这家企业"),
        ({"division": "某地"}, "没有这个行政区划"),
        ({"address": ""}, "地址"),
        ({"checked_on": ""}, "核对日期"),
    ],
)
def test_what_is_wrong_is_said(client, enterprise, fields, sentence):
    client.force_login(make_user("editor"))
    page = client.post(f"{LIST}add/", form(enterprise=enterprise.uscc) | fields).content.decode()
    assert sentence in page
    assert not Outlet.objects.exists()


def test_an_officer_writes_for_enterprises_of_the_own_region_alone(client, enterprise):
    elsewhere = make_enterprise(division=make_division("330000", "浙江省"))
    client.force_login(make_user("pilot_officer:350000"))
    assert (
        "不在您负责的地区内" in client.post(f"{LIST}add/", form(enterprise=elsewhere.uscc)).content.decode()
    )
    assert client.post(f"{LIST}add/", form(enterprise=enterprise.uscc)).status_code == 302
    version = OutletVersion.objects.get()
    client.force_login(make_user("pilot_officer:330000"))
    assert client.get(f"{LIST}{version.pk}/change/").status_code == 404
