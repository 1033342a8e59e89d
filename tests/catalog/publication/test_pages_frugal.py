"""What a public page asks the database when nobody has kept it: as little for a long list as for a short one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.pages import cache
from portal.core.pages.memory import forget_everything
from tests.catalog.publication.stories import change, text_of
from tests.make import make_certificate, make_product, publish_products

pytestmark = pytest.mark.django_db
LONG = 45  # three pages


@pytest.fixture(autouse=True)
def one_second_long(settings):
    """What pages are kept under was read a moment ago, as it is for all requests of a second but the first."""
    settings.PAGE_TOKEN_SECONDS = 3600


def publish_list(size: int) -> None:
    # The numbers of a long run reach 10,000: `CGP-1` would be a part of them, and another question.
    star = make_certificate(star="2", number=f"SL-CGP-{size:05}")
    publish_products(*[make_product(name=f"产品{number}", certificate=star) for number in range(size)])
    cache.clear()


def queries_of(client, address: str) -> int:
    cache.pages.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("size", [1, LONG])
@pytest.mark.parametrize("path", ["/products/", "/enterprises/"])
def test_a_warm_list_asks_twice_at_most(client, size, path):
    publish_list(size)
    for address in (path, f"{path}?star=2"):
        client.get(address)
    assert queries_of(client, f"{path}?validity=all&star=2") <= 2
    assert queries_of(client, path) <= 2


def test_a_row_that_was_drawn_is_read_no_more_and_another_is(client):
    publish_list(LONG)
    client.get("/products/")
    warm = queries_of(client, "/products/?star=2")
    assert warm < queries_of(client, "/products/?page=2")
    assert warm == queries_of(client, "/products/?page=2&star=2")


COLD = {"/products/": 5, "/enterprises/": 6, "/check/?number=CGP-1": 8, "/": 21}
WARM = {"/products/?page=2": 2, "/enterprises/?validity=all": 2, "/check/?number=CGP-1": 5, "/": 0}


def test_a_page_of_a_new_edition_asks_little_and_a_later_one_less(client):
    publish_list(LONG)
    for path, most in COLD.items():
        client.get(path)  # bitmaps and words of the edition are there, as they are after a publication
        forget_everything()
        cache.clear()
        assert (asked := queries_of(client, path)) <= most, (path, asked)
    for path in COLD:
        client.get(path)
    for path, most in WARM.items():
        assert (asked := queries_of(client, path)) <= most, (path, asked)


@pytest.mark.parametrize("path", ["/products/", "/enterprises/", "/check/?number=CGP-1", "/"])
def test_a_cold_page_asks_as_much_for_a_long_list_as_for_a_short_one(client, path):
    costs = []
    for size in (1, LONG):
        publish_list(size)
        forget_everything()
        costs.append(queries_of(client, path))
    assert costs[0] >= costs[1]


def test_what_was_drawn_before_a_change_is_not_shown_after_it(client):
    publish_list(2)
    assert "产品0" in text_of(client.get("/products/"))
    from catalog.products.models import Product

    change(Product.objects.get(name="产品0"), name="改过的产品")
    cache.clear()  # the second is over
    page = text_of(client.get("/products/"))
    assert "改过的产品" in page
    assert "产品0<" not in page
    assert "产品0<" in text_of(client.get("/products/?edition=1"))


def test_rows_of_other_words_and_of_another_moment_are_other_rows(client):
    publish_list(2)
    plain = text_of(client.get("/products/"))
    assert "<mark>" not in plain
    assert "<mark>产品</mark>" in text_of(client.get("/products/?q=产品"))
    assert (
        "edition=1" in text_of(client.get("/products/?edition=1")).split("<tbody", 1)[1].split("</tbody>")[0]
    )
    assert text_of(client.get("/products/")) == plain
