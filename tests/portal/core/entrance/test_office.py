"""How the office is reached: the desk asks the administrator for it, and every page that sends people there says it."""

import pytest
from django.test import Client

from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Installation
from tests.portal.core.pages.test_cache import publish

from .people import person

pytestmark = pytest.mark.django_db
PAGE = "/admin/editions/installation/"
CONTACT = "推进组办公室 010-00000000"


@pytest.fixture
def administrator(client):
    user = person("administrator")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def _nobody_told_and_no_letters(settings):
    settings.OBJECTION_CONTACT, settings.HAS_MAIL_SERVER, settings.PAGE_TOKEN_SECONDS = "", False, 0


def read(path: str) -> str:
    return Client().get(path).content.decode()


def test_the_desk_asks_for_it_until_it_is_told_and_then_every_page_says_it(client, administrator):
    assert f'<a href="{PAGE}">' in client.get("/admin/").content.decode()
    assert CONTACT not in read("/") + read("/accounts/signup/")

    assert client.post(PAGE, {"contact": f" {CONTACT}\u200b"}).status_code == 302

    assert "没有办公室的联系方式" not in client.get("/admin/").content.decode()
    for path in (
        "/",
        "/products/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/about/privacy/",
        "/desk/",
    ):
        assert CONTACT in read(path), path
    told = AuditEvent.objects.get(step="installation.office_told")
    assert (told.actor_name, told.details["contact"]) == (str(administrator), CONTACT)
    client.post(PAGE, {"contact": CONTACT})
    assert AuditEvent.objects.filter(step="installation.office_told").count() == 1


@pytest.mark.parametrize("editions", [0, 1])
def test_a_page_that_was_kept_says_the_new_one(client, administrator, editions):
    """Also before anything was published."""
    for number in range(editions):
        publish(number + 1)
    for contact in (CONTACT, "推进组办公室 010-11111111"):
        client.post(PAGE, {"contact": contact})
        assert read("/").count(contact) == 1


@pytest.mark.parametrize("typed", ["", "  ", "电" * 121])
def test_what_says_nothing_or_too_much_is_refused(client, administrator, typed):
    answer = client.post(PAGE, {"contact": typed})

    assert (answer.status_code, Installation.told()[1]) == (400, "")


def test_what_the_settings_say_goes_before_it(client, administrator, settings):
    client.post(PAGE, {"contact": CONTACT})
    settings.OBJECTION_CONTACT = "设置里的 020-00000000"

    page = client.get(PAGE).content.decode()

    assert "设置里的 020-00000000" in page
    assert "<input" not in page.split("<main")[1]
    assert client.post(PAGE, {"contact": "别的 030-00000000"}).status_code == 200
    assert Installation.told()[1] == CONTACT
    assert Installation.office() == "设置里的 020-00000000"


def test_nobody_else_is_asked_or_may_tell_it(client):
    client.force_login(person("editor"))

    assert "没有办公室的联系方式" not in client.get("/admin/").content.decode()
    assert client.post(PAGE, {"contact": CONTACT}).status_code == 403
