"""The browser of the suite, and what it watches on every journey."""

import pytest


@pytest.mark.browser
def test_the_sign_in_page_of_the_administration_opens_in_a_real_browser(browser_page):
    browser_page.goto("/admin/login/")
    assert browser_page.locator("input[name=login]").is_visible()
    assert browser_page.evaluate("document.characterSet") == "UTF-8"
