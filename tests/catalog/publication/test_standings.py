"""How the lines of one page stand: what is fetched for them, of whom, and in how many queries."""

import datetime

import pytest

from catalog.publication.publishers import publisher_names
from catalog.publication.publishing.holds import lift_hold, set_hold
from catalog.publication.standing import Standings
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt
from tests.make import make_division, make_product, make_user, publish_products

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def reading(day=None, edition=None) -> ReadAt:
    newest, today = Edition.objects.current_number(), clock.today()
    return ReadAt(newest if edition is None else edition, day or today, newest, today)


def standings(*products, **at) -> tuple[Standings, list]:
    lines = [product.lines.get() for product in products]
    return Standings(reading(**at), lines), lines


@pytest.fixture
def two():
    products = make_product(), make_product()
    publish_products(*products)
    return products


@pytest.mark.parametrize("register", ["product", "certificate", "enterprise"])
def test_a_hold_stands_at_its_own_lines_through_its_last_day(two, register):
    held, free = two
    hold = set_hold(
        held if register == "product" else getattr(held, register), by=make_user("publisher"), reason="核实"
    )
    for day, is_held in ((hold.until_on, True), (hold.until_on + DAY, False)):
        of_page, (line, other) = standings(held, free, day=day)
        assert (of_page.hold(line) is not None, of_page.hold(other)) == (is_held, None)
        assert (of_page.product(line).code == "checking") is is_held
        assert (of_page.listing(line).code == "checking") is is_held
        assert of_page.product(other).code == of_page.product(line).code or is_held


def test_the_hold_on_the_product_itself_is_the_one_that_is_told(two):
    publisher = make_user("publisher")
    for target, reason in ((two[0].enterprise, "企业"), (two[0].certificate, "证书"), (two[0], "产品")):
        set_hold(target, by=publisher, reason=reason)
        of_page, (line,) = standings(two[0])
        assert of_page.hold(line).reason == reason
    lift_hold(two[0], by=publisher, reason="查无问题")
    of_page, (line,) = standings(two[0])
    assert of_page.hold(line).reason == "证书"


def test_a_past_edition_knows_no_later_hold(two):
    before = Edition.objects.current_number()
    set_hold(two[0], by=make_user("publisher"), reason="核实")
    of_page, (line,) = standings(two[0], edition=before)
    assert of_page.hold(line) is None


def test_a_product_stands_as_its_certificate_does_from_the_day_after_the_last(two):
    last = two[0].certificate.valid_until
    of_page, (line,) = standings(two[0], day=last)
    assert of_page.certificate(line).number == two[0].certificate.number
    assert of_page.product(line).code != "expired"
    of_page, (line,) = standings(two[0], day=last + DAY)
    assert of_page.product(line).code == "expired"
    assert of_page.listing(line).code != "expired"  # what its list says is another question


def test_a_page_costs_two_queries_however_many_lines(two, django_assert_num_queries):
    lines = [product.lines.get() for product in two]
    at = reading()
    for shown in (lines[:1], lines):
        with django_assert_num_queries(2):
            standings = Standings(at, shown)
            assert all(standings.product(line) for line in shown)


def test_publishers_are_the_country_and_its_provinces(django_assert_num_queries):
    province = make_division("350000", "福建省")
    make_division("350200", "厦门市", level="city", parent=province)
    with django_assert_num_queries(1):
        assert publisher_names() == {"national": "国家清单", "350000": "福建省"}
