"""The rows for a platform: whole or as a difference, and that a list with its difference is the later list."""

import datetime

import pytest
from django.core.management import call_command

from catalog.publication.models import Action, EnterpriseLine
from catalog.publication.publishing.holds import set_hold
from catalog.publication.publishing.redaction import redact
from portal.core.editions import clock
from portal.core.editions.models import Edition
from tests.catalog.publication.stories import act, change, change_certificate, newest, on
from tests.catalog.publication.test_index_rebuild import lose_the_batches
from tests.make import (
    make_certificate,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

from .shops import listed, make_platform, make_shop, number_of, read, sold, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platform():
    return make_platform()


def test_a_feed_ends_with_the_index_that_it_was_drawn_from(client):
    sold()
    lose_the_batches()  # what a rebuild that was killed used to leave
    assert read(client)["rows"] == []
    call_command("build_index", verbosity=0)
    assert len(read(client)["rows"]) == 1


def test_a_row_says_what_a_platform_needs_and_where_it_was_read(client):
    product, shop = sold()
    answer = read(client)
    assert (answer["schema"], answer["platform"], answer["edition"]) == (1, "jd", newest())
    assert answer["head"] == Edition.objects.get(number=newest()).head
    assert answer["as_of"] == clock.today().isoformat()
    (row,) = answer["rows"]
    assert row["number"] == number_of(product)
    assert row["certificate"] == product.certificate.number
    assert row["uscc"] == product.enterprise.uscc
    assert row["shop"] == {
        "kind": "product",
        "title": "示例旗舰店",
        "url": f"https://item.jd.com/{shop.pk}.html",
    }
    assert row["page"].endswith(f"/products/{row['number']}/")
    assert answer["count"] == 1


def test_local_uncertified_rows_and_those_of_other_platforms_are_never_in_it(client):
    maker = make_enterprise()
    local = make_product(enterprise=maker, requirement=make_requirement())
    publish_products(local, publisher="350000")
    make_shop(maker)
    local.refresh_from_db()
    make_shop(local)
    other = listed()
    make_shop(
        other, platform=make_platform("demo", hosts=["mall.example.com"]), url="https://mall.example.com/1"
    )
    assert read(client)["rows"] == []
    assert [row["number"] for row in client.get("/online/demo.json").json()["rows"]] == [number_of(other)]


def test_nothing_changed_is_a_304_also_when_something_else_was_published(client):
    product, _shop = sold()
    first = client.get("/online/jd.json")
    since = f"/online/jd.json?since={newest()}"
    asked = {"headers": {"If-None-Match": first["ETag"]}}
    assert client.get("/online/jd.json", **asked).status_code == 304
    assert client.get(since, **asked).status_code == 304
    listed()  # without a shop
    assert client.get("/online/jd.json", **asked).status_code == 304
    empty = client.get(since).json()
    assert (empty["added"], empty["changed"], empty["ended"]) == ([], [], [])
    act(product)
    assert client.get("/online/jd.json", **asked).status_code == 200
    assert client.get(since, **asked).status_code == 200


def test_the_end_of_a_certificate_alone_is_a_change(client):
    product, _shop = sold(
        certificate=make_certificate(valid_until=clock.today() + datetime.timedelta(days=1))
    )
    first = client.get("/online/jd.json")
    with on(2):
        asked = client.get(f"/online/jd.json?since={newest()}", headers={"If-None-Match": first["ETag"]})
        assert asked.status_code == 200
        assert asked.json()["ended"] == [{"number": number_of(product), "reason": "certificate_expired"}]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("remove", "quality"),
        ("suspend", "quality"),
        ("hold", "checking"),
        ("revoke", "certificate_revoked"),
        ("certificate suspended", "certificate_suspended"),
        ("withdraw", "shop_ended"),
        ("host", "shop_ended"),
    ],
)
def test_an_ended_row_says_why(client, end, reason):
    product, shop = sold()
    sold()
    since = newest()
    if end in ("remove", "suspend"):
        act(product, Action.REMOVE if end == "remove" else Action.SUSPEND)
    elif end == "hold":
        set_hold(product, by=make_user("publisher"), reason="核查")
    elif end == "withdraw":
        withdraw(shop)
    elif end == "host":
        other = number_of(product)
        make_platform(hosts=["mall.jd.com"], change_note="收窄")
        assert {"number": other, "reason": reason} in read(client, f"?since={since}")["ended"]
        return
    else:
        status = "revoked" if end == "revoke" else "suspended"
        change_certificate(product.certificate, status=status, status_on=clock.today())
    answer = read(client, f"?since={since}")
    assert answer["ended"] == [{"number": number_of(product), "reason": reason}]
    assert (answer["added"], answer["changed"], answer["count"]) == ([], [], 1)


def test_added_and_changed_rows_come_whole(client):
    product, _shop = sold()
    since = newest()
    change(product, brand="新牌")
    added, _other = sold()
    answer = read(client, f"?since={since}")
    assert [(row["number"], row["brand"]) for row in answer["changed"]] == [(number_of(product), "新牌")]
    assert [row["number"] for row in answer["added"]] == [number_of(added)]
    assert answer["since"] == since


def test_from_nothing_everything_is_added(client):
    sold()
    assert read(client, "?since=0")["added"] == read(client)["rows"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?since=999", "没有第 999 版"),
        ("?since=x", "不是正整数"),
        ("?since=-1", "不是正整数"),
        ("?since=1&since_day=x", "不是日期"),
        ("?since=1&since_day=2020-01-01", "不在第 1 版公布之后"),
        ("?since_day=2026-01-01", "要和「起算的版号」一起用"),
        ("?since=2&edition=1", "在所看的第 1 版之后"),
        ("?colour=red", "colour"),
    ],
)
def test_what_is_not_understood_is_told(client, query, named):
    sold()
    response = client.get(f"/online/jd.json{query}")
    assert response.status_code == 400
    assert named in response.content.decode()


def test_a_platform_that_is_none_and_a_post_are_refused(client):
    assert client.get("/online/zz.json").status_code == 404
    assert client.post("/online/jd.json").status_code == 405


def test_an_edition_is_read_again_as_it_was(client):
    product, _shop = sold()
    edition, rows = newest(), read(client)["rows"]
    act(product)
    assert read(client)["rows"] == []
    assert read(client, f"?edition={edition}")["rows"] == rows


def test_an_empty_parameter_makes_no_feed_that_of_another_address(client):
    product, _shop = sold()
    edition = newest()
    act(product)
    earlier = read(client, f"?edition={edition}&since=")
    assert (earlier["edition"], len(earlier["rows"])) == (edition, 1)
    assert read(client)["rows"] == []
    assert read(client, "?since=")["rows"] == []


def test_a_redacted_word_leaves_the_feed_of_every_edition_and_is_handed_on(client):
    enterprise = make_enterprise(name="张叁建材经营部")
    product, _shop = sold(name="示例瓦", enterprise=enterprise)
    before = newest()
    assert "张叁" in client.get(f"/online/jd.json?edition={before}").content.decode()
    redact(EnterpriseLine.objects.filter(enterprise=enterprise).first().key, "name", basis="当事人申请")
    assert "张叁" not in client.get(f"/online/jd.json?edition={before}").content.decode()
    answer = read(client, f"?since={before}")
    assert [row["number"] for row in answer["changed"]] == [number_of(product)]
