"""A number that is known is never answered as unknown, however it is written and whatever is pasted along."""

import pytest

from tests.make import make_certificate, make_product, publish_products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.PAGE_TOKEN_SECONDS = 0


WRITTEN = (
    "{number}",
    "证书编号：{number}",
    "证书编号:{number}，有效期至2027年6月6日",
    "认证证书号 {number}",
    "编号为{number}的证书",
    "No. {number}",
    "NO.{number}",
    "N° {number}",
    "№{number}",
    "“{number}”",
    "『{number}』",
    "（{number}）",
    "【{number}】",
    "{number}（副本）",
    "{number}(正本)",
    "{number}号",
    "第{number}号",
    "{number}号证书",
    "{number}。",
    "{number}；",
    "{number}是真的吗？",
    "请问{number}有没有效",
    "查一下 {number} 谢谢",
    "绿色建材产品认证证书 {number}",
    "三星级 {number}",
    "厂家给的证书 {number} 2025年发的",
    "Certificate No: {number}",
    "certificate {number}",
    "证书编号\n{number}\n",
    "{number}\t2025-01-01",
    "1、{number}",
    "1. {number}",
    "①{number}",
    "{number}/{number}",
    "{number}、{number}",
    "https://example.cn/check/?number={number}",
    "www.example.cn/check/?number={number}&from=singlemessage",
    "{number} https://example.cn/",
    "扫码结果：{number}",
    "{number}\u200b",
    "\ufeff{number}",
)


@pytest.mark.parametrize(
    "number", ["CABR-01(02)-(2025)-CGP-035", "0391819P0021", "CGP20231234", "12345678901"]
)
def test_a_number_that_is_known_is_never_unknown_however_it_is_written(client, subtests, number):
    publish_products(make_product(certificate=make_certificate(number=number)))
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in number)
    for written in (form.format(number=one) for form in WRITTEN for one in (number, number.lower(), wide)):
        with subtests.test(written):
            page = client.get("/check/", {"number": written}).content.decode()
            assert "未查到" not in page
            assert "有效" in page
