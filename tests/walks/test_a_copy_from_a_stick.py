"""A copy of the site is opened from a stick: searched, read, asked for a number, and checked, without a server."""

import pytest

from portal.core.checkpoints import keys, signing
from portal.site.mirror.mirror import mirror
from portal.site.mirror.subject import Subject
from tests.make import make_category, make_certificate, make_enterprise, make_product, publish_products

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def stick(settings, tmp_path):
    settings.LOG_KEY_FILE, settings.LOG_SIGNED_FILE = tmp_path / "log_key.pem", tmp_path / "log_signed"
    maker = make_enterprise(name="示例青瓦防水科技有限公司")
    bearing = make_certificate(number="SL-CGP-2025-0101", applicant_name=maker.name)
    product = make_product(name="弹性体改性沥青防水卷材", enterprise=maker, certificate=bearing)
    windows = make_category("21", "门窗")
    others = [make_product(name=f"示例门窗型材{place}", category=windows) for place in range(22)]
    publish_products(product, *others)
    yield mirror(Subject.asked(None, ()), tmp_path / "stick", processes=1) and tmp_path / "stick"
    signing._signed.clear()


@pytest.fixture
def page(chromium):
    """Of a browser without a network, that tells what a page asks for."""
    context = chromium.new_context(offline=True, viewport={"width": 360, "height": 740})
    page, asked, broken = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert not broken
    assert [address for address in asked if not address.startswith("file://")] == []


def answer(page) -> str:
    page.wait_for_selector("#answer[aria-busy=false]")
    return str(page.inner_text("#answer"))


def searched(page, stick, words: str) -> str:
    page.goto((stick / "index.html").as_uri())
    page.fill("input[name=q] >> nth=0", words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/index.html?q=*")
    return answer(page)


def test_a_copy_answers_from_a_stick(page, stick):
    for words in ("防水", "防水卷材 青瓦", "fangshui", "fsjc", "捲材", "0101"):
        assert "弹性体改性沥青防水卷材" in searched(page, stick, words), words
    assert "没有找到「瓷砖」" in searched(page, stick, "瓷砖")
    assert "至少输两个字" in searched(page, stick, "防")
    assert "产品 22 项" in searched(page, stick, "门窗")
    assert page.locator("#answer li a.name").count() == 20
    page.get_by_role("button", name="再列 20 项").click()
    page.wait_for_function("document.querySelectorAll('#answer li a.name').length === 22")
    assert "企业 1 项" in searched(page, stick, "青瓦防水")
    assert "没有找到" in searched(page, stick, "xiao" * 15)  # can be cut into syllables in very many ways

    searched(page, stick, "防水卷材")
    page.click("#answer a.name >> nth=0")
    assert page.inner_text("h1") == "弹性体改性沥青防水卷材"
    assert page.locator(".cert-no").inner_text() == "SL-CGP-2025-0101"
    said = page.evaluate(
        "getComputedStyle(document.querySelector('.copy-bar .copy-edition'), '::before').content"
    )
    assert said.startswith('"第1版·截至')
    icon = page.locator("svg.i:has(use)").last
    assert icon.evaluate("svg => svg.getBBox().width") > 0

    page.get_by_role("link", name="证书核验").first.click()
    page.fill("#q", "证书编号：sl cgp（2025）0101")
    page.get_by_role("button", name="核验").click()
    page.wait_for_url("**/check/numbers-1.html?number=*")
    assert "有效" in answer(page)
    page.click("#answer td a >> nth=0")
    assert page.inner_text("h1") == "弹性体改性沥青防水卷材"
    page.goto((stick / "check" / "index.html").as_uri() + "?number=SL-CGP-1999-0001")
    assert "这份副本里没有这个编号。这不等于证书是假的" in answer(page)
    assert page.locator("#answer .to-site").get_attribute("href").endswith("/check/?number=SL-CGP-1999-0001")


def test_the_checker_in_a_copy_reads_the_whole_folder(page, stick):
    fingerprint = keys.current().fingerprint
    assert checked(page, stick, fingerprint) == ("0", True)
    (stick / "index.html").write_text("another")
    strangers = ("manifest.html", "constructor")
    for name in strangers:
        (stick / name).write_text("more")
    code, _is_whole = checked(page, stick, fingerprint)
    assert code == "1"
    assert "index.html：被改过" in page.inner_text("#result")
    assert all(f"{name}：清单里没有" in page.inner_text("#result") for name in strangers)
    assert checked(page, stick, "0" * 64)[0] == "1"
    assert "manifest.note：没有已核对的公钥的有效签名" in page.inner_text("#result")


def checked(page, stick, fingerprint: str) -> tuple[str, bool]:
    page.goto((stick / "log" / "check.html").as_uri())
    page.set_input_files("#folder", stick)
    page.fill("#keys", fingerprint)
    page.click("#check")
    page.wait_for_selector("#result[data-code]")
    return str(page.get_attribute("#result", "data-code")), "相符 副本" in page.inner_text("#result")
