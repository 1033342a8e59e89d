"""Somebody who walks through the site with a browser of the own, and takes its pictures."""

import io
import time
from typing import Any

from .site import PASSWORD, ROOT, URL

PICTURES = ROOT / "docs" / "handbook"
WIDTH, HEIGHT, TALLEST = 1100, 800, 1500
COLOURS = 48
HALF_MINUTE = 30
PATIENCE = 60_000  # milliseconds; a busy machine takes its time
# Bars that float are laid down, and pictures below the fold are fetched, before the picture is taken.
STILL = """async () => {
  document.querySelectorAll('.decide, .d-act').forEach(bar => { bar.style.position = 'static'; });
  const images = [...document.images];
  images.forEach(image => { image.loading = 'eager'; });
  await Promise.all(images.map(image => image.decode().catch(() => null)));
}"""


class Person:
    """Somebody with a browser of the own."""

    def __init__(self, browser: Any, username: str):
        self.username, self.secret = username, ""
        self.page = browser.new_context(
            base_url=URL,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": WIDTH, "height": HEIGHT},
        ).new_page()
        self.page.set_default_timeout(PATIENCE)

    def enter(self, address: str) -> None:
        """With name and password, and for staff with the second factor, which is set up the first time."""
        self.page.goto(address)
        self.page.fill("#id_login", self.username)
        self.page.fill("#id_password", PASSWORD)
        self.press("登录")

    def set_up_factor(self, picture: str = "") -> None:
        self.secret = self.page.inner_text("code.key").replace(" ", "")
        if picture:
            self.shoot(picture)
        self.page.fill("#id_code", code_now(self.secret))
        with self.page.expect_navigation():
            self.page.press("#id_code", "Enter")
        self.press("已保存，继续")

    def press(self, name: str) -> None:
        """A link or a button by its words."""
        main = self.page.locator("main")
        target = main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        )
        with self.page.expect_navigation():
            target.first.click()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            field = self.page.locator(f"#id_{name}")
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def shoot(self, name: str) -> None:
        """The page from its top, at most TALLEST high, in few colours."""
        from PIL import Image

        self.page.evaluate(STILL)
        content = self.page.screenshot(full_page=True)
        image = Image.open(io.BytesIO(content)).convert("RGB")
        image = image.crop((0, 0, image.width, min(image.height, TALLEST)))
        PICTURES.mkdir(parents=True, exist_ok=True)
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
        print(name, flush=True)


def code_now(secret: str) -> str:
    """What the app on a phone shows."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // HALF_MINUTE))
