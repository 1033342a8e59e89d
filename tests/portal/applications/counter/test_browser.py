"""The counter on a phone without scripts, and by keyboard: nothing to push sideways, nothing that needs a mouse."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from portal.applications.cases.models import Application
from portal.applications.cases.workflow import starting
from tests.portal.applications.making import certificate_values, enterprise_of, make_owner
from tests.portal.core.entrance.people import PASSWORD

from .test_access import READ, address, table
from .world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILES = {"ics", "workbook_template", "workbook_marked", "letter", "paper"}


def sign_in(page: Any, user: Any) -> None:
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    page.goto("/accounts/login/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_load_state()


def test_no_page_has_to_be_pushed_sideways_on_a_phone(browser_context):
    world = World()
    page = browser_context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, world.people["owner"])
    wide = []
    for name, expected in table(READ).items():
        if expected[1] != 200 or name in FILES:
            continue
        page.goto(address(name, world))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(name)
    assert wide == []


def test_a_product_is_added_with_the_keyboard_alone(browser_page):
    owner = make_owner(email="keys@example.com")
    enterprise = enterprise_of(owner)
    application = starting.start(
        "product", by=owner, enterprise=enterprise, values=certificate_values(enterprise)
    )
    sign_in(browser_page, owner)
    browser_page.goto(f"/desk/cases/{application.number}/products/")
    browser_page.focus("#id_name")
    keys = browser_page.keyboard
    keys.type("自粘防水卷材")
    for key in ("Tab", "Tab"):
        keys.press(key)
    keys.type("1.5 mm")
    keys.press("Tab")
    keys.type("示例牌")
    keys.press("Tab")
    with browser_page.expect_navigation():
        keys.press("Enter")
    item = Application.objects.get().items.get()
    assert (item.name, item.models_text, item.brand) == ("自粘防水卷材", "1.5 mm", "示例牌")
