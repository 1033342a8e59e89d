"""A product that two publishers list is one product, wherever products are counted."""

import re

import pytest

from catalog.publication.compiling import compile
from catalog.publication.models import Action, ProductLine
from catalog.publication.search.listing import Question, list_products
from catalog.standing.registers import ASKED
from portal.core.editions import clock
from portal.core.editions.models import Edition
from tests.catalog.publication.stories import text_of
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_enterprise,
    make_product,
    publish,
    publish_products,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture(autouse=True)
def two_lists(settings):
    """Seven products on eleven lines: on both lists and in force; removed from one; suspended on both; revoked; on one only."""
    settings.PAGE_TOKEN_SECONDS = 0
    maker = make_enterprise(name="示例建材有限公司")
    names = ("两处", "国家移出", "地方移出", "两处暂停", "撤销", "国家", "地方")
    goods = {
        name: make_product(name=name, enterprise=maker, certificate=make_certificate()) for name in names
    }
    publish_products(*(goods[name] for name in names if name != "地方"))
    local = enter(
        make_batch(publisher="350000"), *(goods[name] for name in names if name not in ("国家", "撤销"))
    )
    publish(local)
    reason = compile.Reason("quality", "抽查不合格", TODAY)
    national = make_batch(kind="adjustment")
    for name, action in (("国家移出", Action.REMOVE), ("两处暂停", Action.SUSPEND)):
        compile.act_on(national, goods[name], action, by=national.created_by, reason=reason)
    revoked = goods["撤销"].certificate
    revoked.status, revoked.status_on = "revoked", TODAY
    revoked.save()
    compile.enter_certificates(national, [revoked], by=national.created_by)
    publish(national)
    regional = make_batch(publisher="350000", kind="adjustment")
    for name, action in (("地方移出", Action.REMOVE), ("两处暂停", Action.SUSPEND)):
        compile.act_on(regional, goods[name], action, by=regional.created_by, reason=reason)
    publish(regional)
    return maker


def ask(**changes):
    return list_products(Question(Edition.objects.current_number(), TODAY, **changes))


def test_each_product_is_in_one_state_and_the_states_make_up_the_whole():
    assert ProductLine.objects.current().count() == 11
    everything = ask(validity="all")
    assert everything.total == 7 == len(set(everything.page(1, 100)))
    current = ask()
    assert current.total == 5
    assert current.left_out() == {"suspended": 1, "revoked": 1}
    by_state = {state: ask(validity=state) for state in ASKED if state != "ending"}
    assert current.total + sum(found.total for found in by_state.values()) == everything.total
    assert {state: found.total for state, found in by_state.items() if found.total} == current.left_out()
    assert all(found.total == len(found.page(1, 100)) for found in by_state.values())


def test_the_lists_chosen_show_their_own_lines_each_product_once():
    lists = {"publisher": ["national", "350000"]}
    assert ask(chosen={"publisher": ["national"]}, validity="all").total == 6
    assert ask(chosen={"publisher": ["350000"]}, validity="all").total == 5
    assert ask(chosen=lists, validity="all").total == 7
    assert ask(chosen=lists).total == 5
    counts = ask(facets=lists | {"basis": ["certificate"]})
    assert counts.counts("publisher") == {"national": 3, "350000": 3}
    assert (
        counts.counts("basis")
        == {"certificate": 5}
        == {"certificate": ask(chosen={"basis": ["certificate"]}).total}
    )


def test_every_page_says_the_same_number(client, two_lists):
    def page(address):
        response = client.get(address)
        assert response.status_code == 200
        return text_of(response)

    assert "5 项产品" in page("/products/")
    assert "未列出 2 项" in page("/products/")
    assert "7 项产品" in page("/products/?validity=all")
    assert re.search(r"现行有效产品.{0,200}?5", page("/"), re.DOTALL)
    assert "另有 2 项不再有效" in page("/")
    assert ">5 项</a>" in page("/enterprises/")
    assert "5 项产品" in page(f"/products/?q={two_lists.uscc}")
    assert "7 项，含已移出的" in page(f"/enterprises/{two_lists.uscc}/")
    line = ProductLine.objects.filter(name="两处").first()
    number = line.number
    assert "现有 1 项产品列在清单上" in page(f"/check/?number={line.certificate_number}")
    assert "该企业的 5 项产品" in page(f"/products/{number}/")
    for validity, rows in (("", 5), ("?validity=all", 7)):
        exported = b"".join(client.get(f"/products/export.jsonl{validity}").streaming_content)
        assert len(exported.splitlines()) == rows
