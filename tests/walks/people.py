"""Whoever walks through the portal in these tests, each with a browser of the own."""

from typing import Any

from tests.make import make_user
from tests.portal.core.entrance.people import PASSWORD, code_of


class Person:
    """Somebody with a browser of the own; a phone's width and no scripts where that is said."""

    def __init__(self, chromium: Any, url: str, *, is_plain: bool = False):
        more = {"java_script_enabled": False, "viewport": {"width": 360, "height": 740}} if is_plain else {}
        self.context = chromium.new_context(base_url=url, locale="zh-CN", accept_downloads=True, **more)
        self.page = self.context.new_page()

    def press(self, name: str) -> None:
        """A link or a button of that name; with scripts or without."""
        page = self.page
        target = page.get_by_role("link", name=name, exact=True).or_(
            page.get_by_role("button", name=name, exact=True)
        )
        with page.expect_navigation():
            target.first.click()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            field = self.page.locator(f"#id_{name}")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    def sign_in(self, login: str) -> None:
        self.page.goto("/accounts/login/")
        self.fill(login=login, password=PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_load_state()


class Staff(Person):
    """Somebody of the working group, who sets up the app of a phone before anything else."""

    def __init__(self, chromium: Any, url: str, *roles: str):
        super().__init__(chromium, url)
        user = make_user(*roles)
        user.set_password(PASSWORD)
        user.save()
        self.sign_in(user.username)
        self.page.wait_for_url("**/totp/activate/")
        self.fill(code=code_of(self.page.inner_text("code.key")))
        self.page.press("#id_code", "Enter")
        self.page.wait_for_url("**/recovery-codes/")
        self.press("已保存，继续")

    def open_case(self, number: str) -> None:
        self.page.goto("/admin/desk/application/")
        self.press(number)

    def take(self, step: str) -> None:
        """Two presses: to the page of a step, and the confirmation there."""
        self.press(step)
        self.press(step)
