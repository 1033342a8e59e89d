"""A sheet: what stands on it, that its code opens the same one for ever, and that nobody writes on it."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.publication.models import Action, CertificateLine, EnterpriseLine, ProductLine
from catalog.publication.publishing.redaction import redact
from portal.core.checkpoints import keys
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.proof.limits import DAY, Limit
from portal.site.sheets import asking
from portal.site.sheets.models import SIGNS, Sheet, new_code
from tests.catalog.publication.stories import act, announce, change, newest, text_of
from tests.make import make_enterprise, make_product, publish_products

from .asking import made, number_of, opened, paper

pytestmark = pytest.mark.django_db
NOON = datetime.datetime.combine(clock.today(), datetime.time(15, 4), clock.SHANGHAI)


def test_what_is_public_gets_a_sheet_whatever_it_looks_like(client):
    enterprise = make_enterprise(uscc="913500000000000098")
    publish_products(make_product(enterprise=enterprise))
    assert made(client, enterprise.uscc).numbers == [enterprise.uscc]


def test_a_certificate_has_everything_that_is_asked_of_a_sheet(client, product):
    line = CertificateLine.objects.get(certificate=product.certificate)
    with time_machine.travel(NOON, tick=False):
        sheet = made(client, line.number)
    page = opened(client, sheet)
    edition = Edition.objects.get(number=newest())
    for words in (
        f"证书编号 {line.number}",
        "15:04</b>（北京时间）",
        f"清单第{edition.number}版",
        "有效",
        "自粘防水卷材",
        "张叁建材经营部",
        line.body_name,
        "几件事，分开看",
        "现行",
        "企业承诺书",
        "本站还没有核验记录",
        edition.head[:8],
        keys.current().fingerprint[:8],
        f"短码 {sheet.shown_code}",
        "看清域名，一字不差",
        "cx.cnca.cn",
        "今天再查，结果与这张单相同。",
    ):
        assert words in page, words


def test_a_product_and_an_enterprise_have_sheets_of_their_own(client, product):
    number = number_of(product)
    page = opened(client, made(client, number))
    assert f"清单编号 {number}" in page
    assert "在 1 份清单上现行" in page
    enterprise = EnterpriseLine.objects.get(enterprise=product.enterprise)
    page = opened(client, made(client, enterprise.uscc))
    assert f"统一社会信用代码 {enterprise.uscc}" in page
    assert "在 1 份名录上" in page


def test_a_number_that_nobody_knows_is_not_called_false(client, product):
    page = opened(client, made(client, "SL-CGP-2022-0171"))
    assert "未查到" in page
    assert "不说明证书是假的，也不说明企业有过错" in page
    assert "没有此编号" in page


def test_what_is_in_notice_is_said_to_be_unpublished(client, product):
    other = make_product(name="公示中的卷材")
    batch = announce(other)
    page = opened(client, made(client, other.certificate.number))
    assert "公示中，尚未公布" in page
    assert batch.title in page
    assert "公示中的卷材" not in page


def test_the_code_opens_the_same_sheet_and_says_what_is_different_today(client, product):
    sheet = made(client, number_of(product))
    before = opened(client, sheet)
    act(product, Action.REMOVE)
    after = opened(client, sheet)
    assert "今天再查，结果已经不同" in after
    assert "今天是「已移出」" in after
    assert paper(before) == paper(after)
    assert "今天再查，结果与这张单相同" in opened(client, made(client, number_of(product)))


def test_days_that_go_by_are_no_difference_until_the_certificate_ends(client, product):
    sheet = made(client, product.certificate.number)
    line = CertificateLine.objects.get(certificate=product.certificate)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        assert "结果与这张单相同" in opened(client, sheet)
    with time_machine.travel(
        datetime.datetime.combine(line.valid_until, datetime.time(12), clock.SHANGHAI)
        + datetime.timedelta(days=1)
    ):
        page = opened(client, sheet)
        assert "今天再查，结果已经不同" in page
        assert "过期" not in paper(page)


def test_a_key_that_was_replaced_since_leaves_the_sheet_as_it_is(client, product, settings, tmp_path):
    settings.LOG_KEY_FILE = tmp_path / "log_key.pem"
    settings.LOG_SIGNED_FILE = tmp_path / "log_signed"
    from portal.core.checkpoints.succession import note_current, replace_key

    note_current()
    sheet = made(client, number_of(product))
    before = opened(client, sheet)
    replace_key("机器更换")
    assert keys.current().fingerprint[:8] not in before
    assert opened(client, sheet) == before


def test_what_was_redacted_stands_on_no_sheet_any_more(client, product):
    sheet = made(client, EnterpriseLine.objects.get().uscc)
    assert "张叁" in opened(client, sheet)
    redact(EnterpriseLine.objects.get().key, "name", basis="当事人申请")
    page = opened(client, sheet)
    assert "张叁" not in page
    assert "（已依法隐去）" in page


def test_a_sheet_of_a_past_edition_says_so(client, product):
    then = newest()
    change(product, name="改名后的卷材")
    day = clock.today() - datetime.timedelta(days=1)
    assert (
        client.post(f"/v/new/?edition={then}&as_of={day}", {"numbers": number_of(product)}).status_code == 302
    )
    sheet = Sheet.objects.get()
    page = opened(client, sheet)
    assert "改名后的卷材" not in paper(page)
    assert f"清单第{then}版，状态按 " in page


def test_many_numbers_are_one_sheet_by_what_is_said_of_them(client, product):
    numbers = [
        product.certificate.number,
        number_of(product),
        *(f"SL-CGP-{n:05}" for n in range(70000, 70010)),
    ]
    page = opened(client, made(client, "\n".join(numbers)))
    assert "12 个编号" in page
    assert "未查到 10 个" in page
    assert all(number in page for number in numbers)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ("", "没有读到编号"),
        ("这家公司是骗子", "不像编号"),
        ("某公司骗子123", "不像编号"),
        ("<script>alert(1)</script>", "不像编号"),
        ("CALL 40012345 FOR REFUND", "不像编号"),
        ("refund 4001 evil.cn", "不像编号"),
        ("11010119900307123X", "像身份证号、电话号码"),
        ("138 0013 8000", "像身份证号、电话号码"),
        ("x" * 200_000, "太长"),
        ("\n".join(f"SL-CGP-{n:05}" for n in range(501)), "最多 500 个"),
        ("\n".join(f"SL-CGP-{n:030}" for n in range(400)), "一页纸放不下"),
    ],
)
def test_what_is_no_question_gets_no_sheet_and_a_sentence(client, product, numbers, words):
    response = client.post("/v/new/", {"numbers": numbers})
    assert (response.status_code, words in text_of(response)) == (400, True), text_of(response)
    assert not Sheet.objects.exists()


def test_what_nobody_sees_stands_on_no_sheet(client, product):
    number = CertificateLine.objects.get(certificate=product.certificate).number
    for written in (f"\u202e{number}", f"{number}\x00", f"{number[:3]}\u200b{number[3:]}"):
        assert made(client, written).numbers == [number]
        Sheet.objects.all()._raw_delete("default")


def test_nobody_makes_sheets_without_end(client, product):
    for _ in range(60):
        assert client.post("/v/new/", {"numbers": "SL-CGP-00001"}).status_code == 302
    response = client.post("/v/new/", {"numbers": "SL-CGP-00001"})
    assert (response.status_code, "太频繁" in text_of(response)) == (429, True)
    assert client.get("/v/new/").status_code == 405


def test_long_sheets_are_counted_apart_over_all_addresses(client, product, monkeypatch):
    """They are never deleted: somebody with many addresses fills no disk, and leaves the short ones to everybody."""
    monkeypatch.setattr(asking, "LONG_OF_ALL", Limit("sheets-long-of-all", 1, DAY))
    long = {"numbers": "\n".join(f"SL-CGP-0000{n}" for n in range(6))}
    assert client.post("/v/new/", long, REMOTE_ADDR="10.0.0.1").status_code == 302
    assert client.post("/v/new/", long, REMOTE_ADDR="10.0.0.2").status_code == 429
    short = {"numbers": "SL-CGP-00001"}
    assert client.post("/v/new/", short, REMOTE_ADDR="10.0.0.3").status_code == 302


def test_one_address_makes_so_many_a_day(client, product, monkeypatch):
    monkeypatch.setattr(asking, "A_DAY", Limit("sheets-a-day", 1, DAY))
    short = {"numbers": "SL-CGP-00001"}
    assert [client.post("/v/new/", short).status_code for _ in range(2)] == [302, 429]


def test_a_code_is_read_as_people_write_it(client, product):
    sheet = made(client, "SL-CGP-00001")
    for written in (sheet.code, sheet.shown_code.lower(), f" {sheet.code[:4]} {sheet.code[4:]} "):
        response = client.get("/v/", {"code": written})
        assert response.url == f"/v/{sheet.shown_code}/"
    response = client.get("/v/", {"code": "2222-2222"})
    assert (response.status_code, "没有短码是" in text_of(response)) == (404, True)
    for wrong in ("/v/2222-2222/", "/v/x/", "/v/2222-2222.pdf", "/v/%00/"):
        assert client.get(wrong).status_code == 404
    assert client.get("/v/").status_code == 200
    assert set(new_code()) <= set(SIGNS)
    assert not set("01OIL") & set(SIGNS)


def test_the_pages_lead_to_the_sheet(client, product):
    line = ProductLine.objects.get(product=product)
    for address in (
        f"/check/?number={line.certificate_number}",
        f"/products/{line.number}/",
        f"/enterprises/{line.enterprise_uscc}/",
    ):
        page = client.get(address).content.decode()
        assert f'action="{reverse("sheets:new")}"' in page
        assert "开具核验单" in page
    page = client.get(f"/products/{line.number}/?edition={line.from_edition_id}").content.decode()
    assert f'action="/v/new/?edition={line.from_edition_id}"' in page


def test_the_cost_of_a_sheet_does_not_grow_with_its_numbers(client, product, settings):
    settings.PAGE_TOKEN_SECONDS = 0  # nothing is recalled, however long this takes
    costs = []
    for count in (200, 400):
        unknown = (f"SL-NONE-{n:05}" for n in range(count))
        sheet = made(client, "\n".join([product.certificate.number, *unknown]))
        with CaptureQueriesContext(connection) as queries:
            opened(client, sheet)
        costs.append(len(queries))
    assert costs[0] == costs[1] < 60
