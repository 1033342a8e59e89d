"""`/differences/`: how its sides and its scope are read, what is refused, and what it costs."""

import re
from datetime import timedelta

import pytest

from catalog.publication.models import Action, EnterpriseLine
from catalog.publication.publishing.redaction import redact
from portal.core.editions import clock
from tests.catalog.publication.stories import (
    act,
    announce,
    change,
    change_certificate,
    cost_of,
    newest,
    on,
    text_of,
)
from tests.make import (
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db
PAGE = "/differences/"


def plain(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text_of(response)))


def test_sides_the_wrong_way_round_lead_to_the_right_one(client):
    publish_products()
    publish_products(make_product())
    assert 'href="/differences/?from=1&amp;until=2"' in text_of(client.get(f"{PAGE}?from=2&until=1"))


def test_a_batch_in_notice_is_no_side(client):
    publish_products()
    batch = announce(make_product())
    response = client.get(f"{PAGE}?from={batch.slug}")
    assert (response.status_code, "还没有公布" in text_of(response)) == (400, True)


def test_nothing_to_compare_is_said_in_words(client):
    before = (clock.today() - timedelta(days=900)).isoformat()
    assert "两边都是空的" in plain(client.get(f"{PAGE}?from={before}&until={before}"))
    publish_products()
    assert "左边是空的" in plain(client.get(f"{PAGE}?from={before}"))
    assert "由0行变为1行：新增1行" in plain(client.get(f"{PAGE}?from={before}"))
    assert "同一版、同一天，没有差别" in plain(client.get(f"{PAGE}?from=1&until=1"))
    assert "请选左边" in plain(client.get(PAGE))
    assert client.get(f"{PAGE}export.csv").status_code == 400


def test_each_part_of_a_register_by_itself(client):
    fujian, guangxi = make_division(), make_division("450000", "广西壮族自治区")
    publish_products(make_product(name="福建的", enterprise=make_enterprise(division=fujian)))
    there = make_product(
        name="广西的", enterprise=make_enterprise(division=guangxi), certificate=make_certificate(star="2")
    )
    publish_products(there)
    publish_products(there, publisher="350000", ordinal=1)
    for chosen, inside in (
        ("province=450000", "广西的"),
        ("star=2", "广西的"),
        ("publisher=350000", "广西的"),
        ("province=350000", "福建的"),
        ("star=3", "福建的"),
        ("category=13&province=350000", "福建的"),
    ):
        page = plain(client.get(f"{PAGE}?from={clock.today() - timedelta(days=9)}&{chosen}&action=added"))
        assert inside in page
        assert {"广西的": "福建的", "福建的": "广西的"}[inside] not in page


def test_what_moves_within_the_scope_is_told_as_such(client):
    certificate = make_certificate(star="2")
    publish_products(make_product(certificate=certificate))
    start = newest()
    change_certificate(certificate, star="3")
    assert "由1行变为0行：转出1行" in plain(client.get(f"{PAGE}?from={start}&star=2"))
    assert "由0行变为1行：转入1行" in plain(client.get(f"{PAGE}?from={start}&star=3"))
    page = client.get(f"{PAGE}?from={start}")
    assert "<del>二星级</del>" in text_of(page)
    assert "<ins>三星级</ins>" in text_of(page)
    assert "变更1行" in plain(client.get(f"{PAGE}?from={start}&register=certificates"))


def test_a_validity_that_somebody_shortened_did_not_end_by_itself(client):
    with on(-100):
        lasts, ends = (
            make_certificate(valid_until=clock.today() + timedelta(days=days)) for days in (900, 90)
        )
        publish_products(make_product(certificate=lasts), make_product(certificate=ends))
        start = newest()
        change_certificate(lasts, valid_until=clock.today() + timedelta(days=50))
    page = plain(client.get(f"{PAGE}?from={start}"))
    assert "由2行变为0行：到期1行，证书失效1行" in page


def test_what_was_redacted_tells_nothing(client):
    maker = make_enterprise(name="示例旧名经营部", phone="0591-1111111")
    publish_products(make_product(enterprise=maker))
    start, key = newest(), EnterpriseLine.objects.get().key
    maker.phone = "0591-2222222"
    maker.save()
    change(maker.products.get(), brand="别的牌")
    redact(key, "phone", basis="当事人申请", by=make_user("publisher"))
    page = text_of(client.get(f"{PAGE}?from={start}&register=enterprises"))
    assert "0591-1111111" not in page
    assert "0591-2222222" not in page


def test_the_page_asks_as_often_for_many_lines_as_for_one(client):
    publish_products()
    start = newest()
    publish_products(make_product())
    for action in ("", "&action=added"):
        few = cost_of(client, f"{PAGE}?from={start}{action}")
        publish_products(*(make_product() for _ in range(12)))
        assert cost_of(client, f"{PAGE}?from={start}{action}") == few


def test_resumed_and_renamed(client):
    product, start = make_product(name="旧名"), None
    publish_products(product)
    act(product, Action.SUSPEND)
    start = newest()
    act(product, Action.RESUME)
    assert "恢复1行" in plain(client.get(f"{PAGE}?from={start}"))
    start = newest()
    change(product, name="新名")
    page = client.get(f"{PAGE}?from={start}")
    assert "更名1行，不改总数" in plain(page)
    assert "<del>旧名</del>" in text_of(page)
