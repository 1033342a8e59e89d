"""The door in a real Chromium: a stranger signs up, staff set their app up; by keyboard, on a phone, without scripts."""

from typing import Any

import pytest
from django.core import mail

from portal.core.accounts.models import User

from .people import PASSWORD, code_of, link_in, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "chen@example.com"


@pytest.fixture(autouse=True)
def _needed(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True


def fill(page: Any, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"#id_{name}", value)


def sign_up(page: Any) -> None:
    page.goto("/accounts/signup/")
    fill(page, name="陈大明", email=ADDRESS, password1=PASSWORD, password2=PASSWORD)
    page.press("#id_password2", "Enter")
    page.wait_for_url("**/accounts/confirm-email/")


def sign_in(page: Any, name: str) -> None:
    page.goto("/accounts/login/")
    fill(page, login=name, password=PASSWORD)
    page.press("#id_password", "Enter")


def test_a_stranger_signs_up_confirms_the_letter_and_signs_in(browser_page):
    sign_up(browser_page)
    browser_page.goto(link_in(mail.outbox[0]))
    browser_page.get_by_role("button", name="确认").press("Enter")
    browser_page.wait_for_url("**/accounts/login/")
    assert f"邮箱 {ADDRESS} 已确认" in browser_page.inner_text("main")
    sign_in(browser_page, ADDRESS)
    browser_page.wait_for_url("**/desk/")
    browser_page.get_by_role("link", name="我的账号").first.press("Enter")
    browser_page.wait_for_url("**/accounts/")
    assert "我的账号" in browser_page.inner_text("h1")
    browser_page.get_by_role("button", name="退出", exact=True).press("Enter")
    browser_page.wait_for_url("**/accounts/login/")
    assert "已退出" in browser_page.inner_text("main")


def test_the_script_proves_the_work_while_the_form_is_filled_in(browser_page, settings):
    settings.UNPROVEN_SIGN_UPS_A_DAY = 0
    sign_up(browser_page)
    assert User.objects.filter(email=ADDRESS).exists()


def test_staff_set_the_app_up_by_keyboard_without_scripts_on_a_phone(chromium, live_server, settings):
    settings.SITE_URL = live_server.url
    reviewer = person("reviewer", username="shenhe")
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto("/admin/")
    fill(page, login=reviewer.username, password=PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/totp/activate/")
    assert page.locator(".qr svg").is_visible()
    fill(page, code="000000")
    page.press("#id_code", "Enter")
    assert "验证码不对" in page.inner_text("[role=alert]")
    fill(page, code=code_of(page.inner_text("code.key")))
    page.press("#id_code", "Enter")
    page.wait_for_url("**/recovery-codes/")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("button", name="已保存，继续").press("Enter")
    page.wait_for_url("**/admin/")

    page.locator(".d-who > summary").press("Enter")
    page.get_by_role("button", name="退出", exact=True).press("Enter")
    page.wait_for_url("**/accounts/login/")
    for code, said in ((codes[0], ""), (codes[0], "验证码不对")):
        sign_in(page, reviewer.username)
        page.wait_for_url("**/2fa/authenticate/")
        fill(page, code=code)
        page.press("#id_code", "Enter")
        if said:
            assert said in page.inner_text("[role=alert]")
        else:
            page.wait_for_url("**/admin/")
            page.locator(".d-who > summary").press("Enter")
            page.get_by_role("button", name="退出", exact=True).press("Enter")
            page.wait_for_url("**/accounts/login/")
    context.close()


def test_five_wrong_passwords_are_told_how_long_the_door_is_shut(browser_page):
    user = person()
    for _ in range(6):
        browser_page.goto("/accounts/login/")
        fill(browser_page, login=user.username, password="falsch")
        with browser_page.expect_navigation() as told:
            browser_page.press("#id_password", "Enter")
    assert told.value.status == 429
    assert "请 15 分钟后再试" in browser_page.inner_text("[role=alert]")


def test_a_passkey_is_made_and_shown_by_the_script(browser_page, live_server):
    """Chromium's own virtual key; a passkey needs a name for its host, not a number."""
    browser = browser_page.context.new_cdp_session(browser_page)
    browser.send("WebAuthn.enable")
    browser.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    if "localhost" not in live_server.url:
        pytest.skip("the test server has a number for a name")
    user = person("editor")
    sign_in(browser_page, user.username)
    browser_page.goto("/accounts/2fa/webauthn/add/")
    browser_page.get_by_role("button", name="添加").press("Enter")
    browser_page.wait_for_url("**/recovery-codes/")
    browser_page.goto("/admin/")
    assert "等您处理" in browser_page.inner_text("main")
    browser_page.locator(".d-who > summary").press("Enter")
    browser_page.get_by_role("button", name="退出", exact=True).press("Enter")
    browser_page.wait_for_url("**/accounts/login/")
    sign_in(browser_page, user.username)
    browser_page.wait_for_url("**/2fa/authenticate/")
    browser_page.get_by_role("button", name="用通行密钥登录").press("Enter")
    browser_page.wait_for_url("**/admin/")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_the_entrance_breaks_the_policy_or_scrolls_sideways(browser_page, width):
    person("editor", username="bianji")
    browser_page.set_viewport_size({"width": width, "height": 800})
    pages = [
        "login",
        "signup",
        "password/reset",
        "password/reset/done",
        "confirm-email",
        "activate",
        "inactive",
    ]
    inside = ["", "messages", "email", "password/change", "2fa", "2fa/totp/activate", "2fa/webauthn/add"]
    for is_inside, names in ((False, pages), (True, inside)):
        if is_inside:
            sign_in(browser_page, "bianji")
        for name in names:
            answer = browser_page.goto(f"/accounts/{name}/".replace("//", "/"))
            assert answer.status == 200, name
            wide = browser_page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, (name, wide)
