"""What people look for in vain is counted without persons, written after the answer, shown to the desk, and forgotten in time."""

import datetime
import logging

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from catalog.publication import sought
from catalog.publication.models import ProductLine, SoughtNumber
from portal.core.editions import clock
from tests.make import make_certificate, make_product, make_user, publish_products
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db
DESK = "/admin/publication/soughtnumber/"
TODAY = clock.today()


def _laid():
    thing = make_product(name="卷材", certificate=make_certificate(number="CABR-01-CGP-035"))
    publish_products(thing)
    return thing


product, product_of_the_module = laid_for_all("product", _laid)


@pytest.fixture(autouse=True)
def _fresh(settings, monkeypatch, product):
    settings.PAGE_TOKEN_SECONDS = 0
    settings.TRUSTED_PROXIES = 1
    cache.clear()
    monkeypatch.setattr(sought, "PAUSE", 0.0)
    monkeypatch.setattr(sought.GATHERED, "_counts", sought.Counter())


def check(client, number, who="1.2.3.4", **more):
    response = client.get("/check/", {"number": number, **more}, headers={"x-forwarded-for": who})
    assert response.status_code == 200
    return response


def counts():
    return dict(SoughtNumber.objects.values_list("number", "count"))


def test_a_number_in_vain_is_counted_once_for_each_network_and_day(client):
    for who in ("1.2.3.4", "1.2.3.4", "1.2.3.5"):
        assert "未查到" in check(client, "ZZZZ-2020-55501", who).content.decode()
    check(client, "zzzz2020 55501", "1.2.3.6")
    assert counts() == {"ZZZZ202055501": 3}
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        check(client, "ZZZZ-2020-55501")
    assert sorted(SoughtNumber.objects.values_list("count", flat=True)) == [1, 3]
    columns = {field.name for field in SoughtNumber._meta.get_fields()}
    assert columns == {"id", "number", "day", "count"}


@pytest.mark.parametrize(
    "typed",
    [
        "CABR-01-CGP-035",
        "CABR01",
        "110101199003071234",
        "11010119900307123X",
        "13800138000",
        "6222 0212 3456 7890 123",
        "4111-1111-1111-1111",
        "E12345678",
        "EA1234567",
        "H1234567890",
        "A123456(7)",
        "+86 138 0013 8000",
        "0591-87654321",
        "张三",
        "张三13800138000",
        "ABCDEF",
        "12",
    ],
)
def test_what_is_known_and_what_may_be_a_persons_is_never_counted(client, typed):
    check(client, typed)
    assert counts() == {}


def test_neither_a_product_number_nor_the_past_is_counted(client):
    check(client, ProductLine.objects.get().number)
    check(client, ProductLine.objects.get().enterprise_uscc)
    check(client, "ZZZZ-2020-55501", edition=1, as_of="2020-01-01")
    assert counts() == {}


def test_one_network_cannot_fill_the_table_nor_a_day_hold_more_than_it_may(client, monkeypatch):
    for number in range(40):
        check(client, f"FLOOD-{number:07d}QQ")
    assert len(counts()) == 30
    monkeypatch.setattr(sought, "MOST_A_DAY", 31)
    for number in range(5):
        check(client, f"OTHER-{number:07d}", f"2.2.2.{number}")
    assert len(counts()) == 31


def test_counts_are_gathered_and_written_at_most_once_in_a_while(
    client, monkeypatch, django_assert_num_queries
):
    check(client, "ZZZZ-2020-55501")
    monkeypatch.setattr(sought, "PAUSE", 60.0)
    check(client, "ZZZZ-2020-55501", "1.2.3.5")
    check(client, "ZZZZ-2020-55502", "1.2.3.5")
    assert counts() == {"ZZZZ202055501": 1}
    monkeypatch.setattr(sought, "PAUSE", 0.0)
    sought.GATHERED.write_if_due()
    assert counts() == {"ZZZZ202055501": 2, "ZZZZ202055502": 1}
    with django_assert_num_queries(0):
        sought.GATHERED.write_if_due()


def test_a_database_that_cannot_write_fails_no_visitor_and_loses_nothing(client, monkeypatch, caplog):
    def busy(counts):
        raise DatabaseError("database is locked")

    with caplog.at_level(logging.WARNING), monkeypatch.context() as patched:
        patched.setattr(sought, "write", busy)
        check(client, "ZZZZ-2020-55501")
    assert counts() == {}
    assert "counted later" in caplog.text
    check(client, "ZZZZ-2020-55501", "1.2.3.5")
    assert counts() == {"ZZZZ202055501": 2}


def test_the_desk_sees_what_many_look_for_and_changes_nothing(client):
    def seen(number, day, count):
        SoughtNumber.objects.create(number=number, day=day, count=count)

    seen("OFTEN1234567", TODAY, 2)
    seen("OFTEN1234567", TODAY - datetime.timedelta(days=3), 5)
    seen("ALSO1234567", TODAY, 3)
    seen("SELDOM1234567", TODAY, 2)
    seen("LONGAGO1234567", TODAY - datetime.timedelta(days=40), 50)
    client.force_login(make_user("editor"))
    page = client.get(DESK).content.decode()
    assert page.index("OFTEN1234567") < page.index("ALSO1234567")
    assert ">7<" in page
    assert "SELDOM" not in page
    assert "LONGAGO" not in page
    assert "/check/?number=ALSO1234567" in page
    assert client.get(f"{DESK}add/").status_code == 403
    client.force_login(make_user("administrator"))
    assert client.get(DESK).status_code == 403


def test_they_are_forgotten_after_half_a_year():
    old = SoughtNumber.objects.create(number="OLD1234567", day=TODAY - datetime.timedelta(days=182), count=9)
    kept = SoughtNumber.objects.create(number="NEW1234567", day=TODAY - datetime.timedelta(days=178), count=9)
    call_command("retention", "--apply", verbosity=0)
    assert not SoughtNumber.objects.filter(pk=old.pk).exists()
    assert SoughtNumber.objects.filter(pk=kept.pk).exists()
