"""Printed from a real Chromium: one page each, and the code on the paper leads back to the same sheet."""

import io

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from catalog.publication.models import Action, ProductLine
from tests.catalog.publication.stories import act
from tests.make import make_product, publish_products

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def numbers():
    """Of a certificate whose product is listed, of a product that was removed, of nothing, and of five hundred."""
    kept, removed = make_product(name="自粘防水卷材"), make_product(name="移出的卷材")
    publish_products(kept, removed)
    act(removed, Action.REMOVE)
    return {
        "有效": kept.certificate.number,
        "已移出": ProductLine.objects.filter(product=removed).order_by("-pk").first().number,
        "未查到": "SL-CGP-2022-0171",
        "500 个": "\n".join(f"SL-CGP-2022-{n:06}" for n in range(500)),
    }


@pytest.mark.parametrize("word", ["有效", "已移出", "未查到", "500 个"])
def test_a_sheet_is_printed_on_one_page_and_its_code_is_read_and_opened(browser_page, numbers, word):
    page = browser_page
    page.goto("/check/many/")
    page.fill("#numbers", numbers[word])
    page.locator("form button.btn:not(.quiet)").last.click()
    page.click("button:has-text('开具核验单')")
    page.wait_for_url("**/v/*/")
    assert word in page.inner_text("article")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    reader = PdfReader(io.BytesIO(printed))
    assert len(reader.pages) == 1
    width, height = (round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:])
    assert (width, height) == (210, 297)
    box = page.eval_on_selector("article", "one => one.scrollHeight - one.clientHeight")
    assert box <= 1, "nothing is cut off"
    picture = Image.open(io.BytesIO(page.locator(".qr").screenshot(scale="css")))
    codes = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert codes == [page.url]
    page.goto(codes[0])
    assert word in page.inner_text("article")
