"""A list with its difference is the later list."""

import datetime
from contextlib import suppress

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.publishing.holds import set_hold
from events.online.feed import Feed
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt
from portal.core.workflow import NotAllowed
from tests.catalog.publication.stories import act, change, change_certificate, newest, on
from tests.make import (
    make_enterprise,
    make_product,
    make_user,
    publish_products,
)

from .shops import make_platform, make_shop, number_of, sold, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platform():
    return make_platform()


STEPS = (
    "list",
    "shop",
    "reshop",
    "withdraw",
    "remove",
    "suspend",
    "resume",
    "brand",
    "hold",
    "expire",
    "shop later",
)
acts = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=9
)


def take(kind: str, product, certificate, step: int) -> None:
    product.refresh_from_db()
    if kind == "list":
        publish_products(product)
    elif kind in ("shop", "reshop"):
        make_shop(product if kind == "shop" else product.enterprise, url=f"https://item.jd.com/{step}")
    elif kind == "shop later":
        make_shop(product, publish_on=clock.today() + datetime.timedelta(days=1 + step % 3))
    elif kind == "withdraw":
        withdraw(product.shops.get())
    elif kind in ("remove", "suspend", "resume"):
        act(product, kind)
    elif kind == "brand":
        change(product, brand=f"牌{step}")
    elif kind == "hold":
        set_hold(product, by=make_user("publisher"), reason="核查")
    elif kind == "expire":
        change_certificate(certificate, valid_until=clock.today() + datetime.timedelta(days=step % 3))


def applied(rows: dict, answer: dict) -> dict:
    """What a platform keeps after an answer, as the page explains it."""
    kept = dict(rows)
    for row in (*answer["added"], *answer["changed"]):
        kept[row["number"]] = row
    for ended in answer["ended"]:
        kept.pop(ended["number"], None)
    return kept


@pytest.mark.long
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=acts)
def test_a_list_with_its_difference_is_the_later_list_whatever_happened_and_whenever_it_was_read(steps):
    maker = make_enterprise()
    products = [make_product(enterprise=maker) for _ in range(3)]
    publish_products(*products)
    lists: list[tuple[int, datetime.date, dict]] = []
    day = max(0, (Edition.objects.latest("number").day - clock.today()).days)  # time goes on between examples
    for step, (kind, target, days) in enumerate(steps):
        day += days
        with on(day):
            with suppress(NotAllowed, BatchRefused, ObjectDoesNotExist), transaction.atomic():
                take(kind, products[target], products[target].certificate, step)
            feed = Feed("jd", ReadAt(newest(), clock.today(), newest(), clock.today()))
            for edition, read_on, earlier in lists:
                exact = feed.since(edition, read_on)
                assert applied(earlier, exact) == feed.values
                assert {row["number"] for row in exact["added"]} == feed.values.keys() - earlier.keys()
                assert {ended["number"] for ended in exact["ended"]} == earlier.keys() - feed.values.keys()
                assert applied(earlier, feed.since(edition, None)) == feed.values
            lists.append((newest(), clock.today(), feed.values))


def test_the_difference_without_a_day_holds_for_every_day_on_which_the_edition_was_newest():
    product, _shop = sold()
    set_hold(product, by=make_user("publisher"), reason="核查")
    edition = newest()
    with on(4):
        today = clock.today()
        rows = Feed("jd", ReadAt(edition, today, edition, today)).values
        assert number_of(product) in rows
        act(product)
        now = ReadAt(newest(), today, newest(), today)
        assert [ended["number"] for ended in Feed("jd", now).since(edition, None)["ended"]] == [
            number_of(product)
        ]
