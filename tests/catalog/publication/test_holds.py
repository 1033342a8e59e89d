"""「核查中」 and certificate checks: published at once by one person, dated, never edited."""

import datetime

import pytest
import time_machine

from catalog.products.checks import record_check
from catalog.products.models import CertificateCheck
from catalog.publication.models import Hold
from catalog.publication.publishing.holds import current_hold, latest_day, lift_hold, set_hold
from catalog.publication.publishing.verify import all_faults
from catalog.publication.search.rows import product_rows
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.workflow import NoPermission, NotAllowed
from tests.make import make_product, make_user, publish_products

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    product = make_product()
    publish_products(product)
    product.refresh_from_db()
    return product


def shown_hold(product, day=None):
    line = product.lines.get()
    return product_rows([line.pk], Edition.objects.current_number(), day or clock.today())[0].hold


@pytest.mark.parametrize("register", ["enterprise", "certificate", "product"])
def test_a_hold_on_any_of_the_three_is_shown_at_the_product_until_its_day(product, register):
    target = {"enterprise": product.enterprise, "certificate": product.certificate, "product": product}[
        register
    ]
    hold = set_hold(target, by=make_user("publisher"), reason="接到投诉，正在核实")
    assert shown_hold(product).reason == "接到投诉，正在核实"
    assert shown_hold(product, hold.until_on) is not None
    assert shown_hold(product, hold.until_on + datetime.timedelta(days=1)) is None
    assert AuditEvent.objects.filter(step="hold.set").count() == 1


def test_a_hold_never_lasts_longer_than_72_hours(product):
    publisher = make_user("publisher")
    with pytest.raises(NotAllowed) as refused:
        set_hold(product, by=publisher, reason="核实", until_on=latest_day() + datetime.timedelta(days=1))
    assert refused.value.rule == "hold.until"
    now = datetime.datetime(2026, 11, 24, 15, 0, tzinfo=clock.SHANGHAI)
    assert clock.end_of(latest_day(now)) - now <= datetime.timedelta(hours=72)
    with time_machine.travel(datetime.datetime(2027, 3, 1, 23, 59, tzinfo=clock.SHANGHAI), tick=False):
        assert clock.end_of(latest_day()) == datetime.datetime(2027, 3, 4, tzinfo=clock.SHANGHAI)


def test_only_a_publisher_sets_a_hold_and_only_on_something_public(product):
    for role in ("editor", "reviewer", "auditor"):
        with pytest.raises(NoPermission):
            set_hold(product, by=make_user(role), reason="核实")
    with pytest.raises(NotAllowed) as refused:
        set_hold(make_product(), by=make_user("publisher"), reason="核实")
    assert refused.value.rule == "hold.not_public"
    assert not Hold.objects.exists()


def test_a_lifted_hold_is_gone_and_can_be_set_again(product):
    publisher = make_user("publisher")
    set_hold(product, by=publisher, reason="核实")
    with pytest.raises(NotAllowed) as refused:
        set_hold(product, by=publisher, reason="再核实")
    assert refused.value.rule == "hold.exists"
    lift_hold(product, by=publisher, reason="查无问题")
    assert shown_hold(product) is None
    set_hold(product, by=publisher, reason="又有投诉")
    assert current_hold(product).reason == "又有投诉"
    assert Hold.objects.count() == 3
    assert list(all_faults()) == []


def test_a_check_is_published_at_once_and_names_day_and_result(product):
    check = record_check(product.certificate, by=make_user("editor"), result="valid", note="截图存档")
    assert CertificateCheck.objects.public(Edition.objects.current_number()).get() == check
    assert (check.checked_on, check.result, check.certificate_number) == (
        clock.today(),
        "valid",
        product.certificate.number,
    )
    record_check(product.certificate, by=make_user("reviewer"), result="suspended")
    assert CertificateCheck.objects.count() == 2
    assert list(all_faults()) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"result": "fine"}, "check.result"),
        ({"result": "valid", "checked_on": clock.today() + datetime.timedelta(days=2)}, "check.future"),
        ({"result": "valid", "checked_on": datetime.date(2001, 1, 1)}, "check.before_issue"),
    ],
)
def test_an_impossible_check_is_refused_and_publishes_nothing(product, fields, rule):
    with pytest.raises(NotAllowed) as refused:
        record_check(product.certificate, by=make_user("editor"), **fields)
    assert refused.value.rule == rule
    assert Edition.objects.count() == 1
