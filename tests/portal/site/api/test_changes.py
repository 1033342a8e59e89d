"""The changes: in one order for ever, and a client written from the page alone that ends with what is public."""

import datetime
import json
import random
import types
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.models import Action, ProductLine
from catalog.publication.publishing.redaction import redact
from portal.core.editions import clock
from portal.core.pages import cache
from portal.core.workflow import versions
from tests.catalog.publication.stories import act, announce, change, change_certificate, newest, on
from tests.events.activities.make import publish_activity
from tests.events.commitments.make import publish_letter
from tests.make import make_product, make_region, make_user, publish_products

from .programs import ask, make_notice, number_of, opener

pytestmark = pytest.mark.django_db
PUBLICATIONS = 20
# By kind: how the key of a row is made of what its list says, and what to ask so that every row is there.
KEYS = {
    "products": ("product/{number}/national", "&validity=all&publisher=national"),
    "enterprises": ("enterprise/{uscc}/{publisher}", "&validity=all"),
    "certificates": ("certificate/{body_code}/{certificate}", ""),
    "batches": ("batch/{number}", ""),
    "notices": ("notice/{number}", ""),
    "regions": ("region/{number}", ""),
}
STANDING = {"status", "status_word"}
JUDGED = {"products": STANDING, "enterprises": STANDING}


@pytest.fixture(autouse=True)
def room(settings):
    settings.API_PER_MINUTE = 100_000


class Killed(BaseException):
    pass


def client_of_the_page(client, luck: random.Random):
    """What stands on `/api/`, taken from it; now and then it is killed while it writes or asks."""
    page = client.get("/api/").content.decode()
    source = unescape(page.split('<code>"""')[1].split("</code>")[0]) if '<code>"""' in page else ""
    source = source or unescape(page.split('aria-label="保持副本的程序"><code>')[1].split("</code>")[0])
    program: Any = types.ModuleType("mirror")
    exec(compile(source, "mirror.py", "exec"), program.__dict__)  # noqa: S102 - it is what people are told to run
    urlopen = opener(client)

    def cut_off(address, timeout=0):
        if luck.random() < 0.15:
            raise Killed
        return urlopen(address.replace("limit=500", "limit=7"))

    def replace(written, path):
        if luck.random() < 0.15:
            raise Killed
        program.os_replace(written, path)

    program.os_replace = program.os.replace
    program.urllib = types.SimpleNamespace(request=types.SimpleNamespace(urlopen=cut_off))
    program.os = types.SimpleNamespace(path=program.os.path, replace=replace)
    return program


def mirrored(program, path, luck: random.Random) -> dict:
    while True:
        try:
            return program.mirror("http://localhost:8000", str(path))
        except Killed:
            continue


def something_published(luck: random.Random, listed: list) -> None:
    """One of what happens on such a site."""
    one = luck.choice(listed)
    what = luck.choice(["list", "change", "certificate", "remove", "announce", "notice", "region", "redact"])
    if what == "list":
        listed.append(make_product())
        publish_products(listed[-1])
    elif what == "change":
        change(one, name=f"改名{newest()}")
    elif what == "certificate":
        change_certificate(one.certificate, standard=f"GB/T {newest()}")
    elif what == "remove" and len(listed) > 2:
        listed.remove(one)
        act(one, Action.REMOVE)
    elif what == "announce":
        announce(make_product())
    elif what == "region":
        make_region("350000", "福建省", summary=f"第 {newest()} 版的情况")
    elif what == "redact":
        redact(ProductLine.objects.filter(product=one).latest("pk").key, "brand", basis="当事人申请")
    else:
        make_notice(title=f"通知{newest()}")


def test_a_client_written_from_the_page_ends_with_what_is_public(client, tmp_path):
    luck = random.Random(11)
    listed = [make_product() for _ in range(3)]
    publish_products(*listed)
    make_notice(), make_region()
    program = client_of_the_page(client, luck)
    for _ in range(PUBLICATIONS):
        something_published(luck, listed)
        if luck.random() < 0.6:
            mirrored(program, tmp_path / "copy.json", luck)
    copy = mirrored(program, tmp_path / "copy.json", luck)
    _equals_the_lists(client, copy)


def _equals_the_lists(client, copy: dict) -> None:
    """Name by name, what the lists say of a row and the copy does as well."""
    kept = {kind: {key: one["record"] for key, one in copy.items() if one["kind"] == kind} for kind in KEYS}
    certificates = {(one["body_code"], one["certificate"]): one for one in kept["certificates"].values()}
    for kind, (key, parameters) in KEYS.items():
        rows = everything_listed(client, f"/api/v1/{kind}?limit=7{parameters}")
        standing = [one for one in kept[kind].values() if not one.get("is_withdrawn")]
        assert len(rows) == len(standing) > 0, kind
        for row in rows:
            own = kept[kind][key.format(**row)]
            if kind == "products":  # what stands on its certificate is said there
                own = {**certificates[own["body_code"], own["certificate"]], **own}
            same = set(row) & set(own) - JUDGED.get(kind, set())
            assert {name: own[name] for name in same} == {name: row[name] for name in same}, kind
            assert len(same) >= 9


def everything_listed(client, address: str) -> list[dict]:
    answer = ask(client, address)
    rows = answer["rows"]
    while answer["next"]:
        answer = ask(client, answer["next"])
        rows += answer["rows"]
    return rows


def told(client, address: str) -> list[dict]:
    found, answer = [], ask(client, address)
    found += answer["rows"]
    while answer["is_more"]:
        answer = ask(client, answer["next"])
        found += answer["rows"]
    return found


def test_every_change_comes_once_whatever_the_size_of_the_pages(client):
    products = [make_product() for _ in range(4)]
    publish_products(*products)
    change(products[0], name="甲")
    make_notice()
    publish_letter()
    publish_activity()
    act(products[1], Action.SUSPEND)
    whole = told(client, "/api/v1/changes?since=0&limit=500")
    for limit in (1, 3):
        assert told(client, f"/api/v1/changes?since=0&limit={limit}") == whole
    assert [one["position"] for one in whole] == list(dict.fromkeys(one["position"] for one in whole))
    for since in range(newest() + 1):
        after = [one for one in whole if one["edition"] > since]
        assert told(client, f"/api/v1/changes?since={since}&limit=2") == after


def test_redactions_that_took_nothing_public_hide_no_later_one(client):
    """Two of lines in notice, one after the other, then one of a public line, behind a page that ended with a redaction."""
    first, last = make_product(brand="张叁牌"), make_product(brand="赵陆牌")
    publish_products(first, last)
    noticed = [make_product(brand=brand) for brand in ("李肆牌", "王伍牌", "钱柒牌")]
    announce(*noticed)
    for product in (first, *noticed, last):
        redact(line_of(product).key, "brand", basis="当事人申请")
    publish_products()
    whole = told(client, "/api/v1/changes?since=0&limit=500")
    assert [one["change"] for one in whole].count("redacted") == 2
    assert told(client, "/api/v1/changes?since=0&limit=1") == whole


def line_of(product) -> ProductLine:
    return ProductLine.objects.get(product=product)


def test_a_list_leads_to_what_came_after_it(client):
    product = make_product()
    publish_products(product)
    seen = ask(client, "/api/v1/products")
    change(product, name="改名")
    (enterprise_or_product, batch) = told(client, seen["changes"])
    assert enterprise_or_product["record"]["name"] == "改名"
    assert enterprise_or_product["change"] == "changed"
    assert (batch["kind"], batch["record"]["state"]) == ("batches", "published")


def test_an_answer_judged_on_a_day_before_its_edition_leads_on_too(client):
    publish_products()
    publish_products()
    seen = ask(client, f"/api/v1/products?edition={newest() - 1}&as_of=2022-06-06")
    assert {one["edition"] for one in told(client, seen["changes"])} == {newest()}


def test_a_version_that_waits_comes_on_its_day_to_whoever_was_there_before(client):
    make_notice(title="已发布")
    tomorrow = clock.today() + datetime.timedelta(days=1)
    make_notice(title="明天发布", publish_on=tomorrow)
    make_notice(title="今天后来发布")
    before = ask(client, "/api/v1/changes?since=0")
    assert [one["record"]["title"] for one in before["rows"]] == ["已发布", "今天后来发布"]
    with on(1):
        cache.clear()
        fresh = ask(client, before["next"])
        assert [one["record"]["title"] for one in fresh["rows"]] == ["明天发布"]
        assert not ask(client, fresh["next"])["rows"]
        make_notice(title="明天后来发布")
        cache.clear()
        assert [one["record"]["title"] for one in ask(client, fresh["next"])["rows"]] == ["明天后来发布"]
        everything = told(client, "/api/v1/changes?since=0&limit=1")
        assert [one["record"]["title"] for one in everything] == [
            "已发布",
            "今天后来发布",
            "明天发布",
            "明天后来发布",
        ]
        listed = ask(client, "/api/v1/notices?as_of=" + (tomorrow - datetime.timedelta(days=1)).isoformat())
        assert "明天发布" in [one["record"]["title"] for one in told(client, listed["changes"])]


def test_what_was_redacted_is_in_no_change_and_is_one_itself(client):
    product = make_product(brand="要隐去的牌子")
    publish_products(product)
    seen = ask(client, "/api/v1/products")
    redact(ProductLine.objects.get().key, "brand", basis="当事人申请")
    cache.clear()
    whole = told(client, "/api/v1/changes?since=0")
    assert "要隐去的牌子" not in json.dumps(whole, ensure_ascii=False)
    (one,) = told(client, seen["changes"])
    assert one["change"] == "redacted"
    assert one["record"]["number"] == number_of(product)
    assert one["record"]["brand"] in ("", None)


def test_a_withdrawal_is_a_change_that_says_so(client):
    notice = make_notice()
    versions.withdraw(type(notice), notice.notice, by=make_user("reviewer"), reason="内容有误")
    last = told(client, "/api/v1/changes?since=1")[-1]
    assert last["record"]["is_withdrawn"] is True
    assert last["record"]["change_note"] == "内容有误"


def test_a_batch_is_told_at_each_of_its_editions_as_it_stood(client):
    announce(make_product())
    publish_products(make_product())
    batches = [one for one in told(client, "/api/v1/changes?since=0") if one["kind"] == "batches"]
    assert [one["record"]["state"] for one in batches] == ["notice", "published"]


def test_more_changes_ask_no_more(client):
    def questions(limit: int) -> int:
        for _ in range(2):
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert len(ask(client, f"/api/v1/changes?since=0&limit={limit}")["rows"]) == limit
        return len(queries)

    products = [make_product() for _ in range(4)]
    publish_products(*products)
    for number, product in enumerate(products):
        make_notice()
        announce(make_product())
        make_region(f"3{number + 1}0000", f"示例省{number}")
        redact(
            ProductLine.objects.get(product=product, from_edition__isnull=False).key, "brand", basis="申请"
        )
    few = ask(client, "/api/v1/changes?since=0&limit=22")
    kinds = {one["kind"] for one in few["rows"]}
    assert kinds == {one["kind"] for one in told(client, "/api/v1/changes?since=0&limit=500")}
    assert questions(22) == questions(24) <= 32
