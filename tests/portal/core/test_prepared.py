"""A prepared question finds what the queryset finds that it was made from, and is put into SQL once."""

import datetime

import pytest
from django.db import connection
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext

from catalog.publication.models import CertificateLine, ProductLine
from catalog.publication.models.bare import Bare
from portal.core import prepared as module
from portal.core.prepared import Place, prepared
from tests.make import make_certificate, make_product, publish_products

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    star = make_certificate(number="CGP-1")
    publish_products(*[make_product(name=f"产品{n}", certificate=star) for n in range(5)])
    return list(ProductLine.objects.order_by("id"))


def by_numbers(edition, numbers):
    rows = ProductLine.objects.public(edition).filter(number__in=numbers).order_by("-id")
    return rows.select_related("from_edition", "replaces").defer("salts")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_it_finds_what_the_queryset_finds(lines, count):
    numbers = [line.number for line in lines[:count]]
    ask = prepared(by_numbers)
    for edition in (0, lines[0].from_edition_id):
        assert ask(edition=edition, numbers=numbers) == list(by_numbers(edition, numbers))


def test_rows_are_rows_of_the_model_with_what_they_were_read_with(lines):
    row, *others = prepared(by_numbers)(edition=lines[0].from_edition_id, numbers=[lines[0].number])
    assert not others
    day = lines[0].from_edition.day
    with CaptureQueriesContext(connection) as queries:
        assert row.from_edition.day == day
        assert row.replaces is None
        assert row.redacted == []
    assert [query["sql"] for query in queries] == []
    assert row.salts == lines[0].salts  # asked for once it is wanted


def test_a_percent_sign_of_the_question_is_no_place(lines):
    def odd(numbers, rest):
        rows = ProductLine.objects.annotate(rest=F("id") % 2, shown=Value("5%s")).filter(number__in=numbers)
        return rows.filter(rest=rest).order_by("id").values_list("id", "shown")

    numbers = [line.number for line in lines]
    assert prepared(odd)(numbers=numbers, rest=1) == list(odd(numbers, 1)) != []


def test_it_is_put_into_sql_once_for_as_many_values(lines):
    made = []

    @prepared
    def ask(numbers):
        made.append(numbers)
        return ProductLine.objects.filter(number__in=numbers)

    for count in (3, 4, 3, 4):
        assert len(ask(numbers={line.number for line in lines[:count]})) == count
    assert len(made) == 1
    assert all(isinstance(one, Place) for one in made[0])


def test_days_columns_and_bare_numbers_are_asked_as_well(lines):
    until = CertificateLine.objects.get().valid_until

    @prepared
    def ask(day, bare):
        rows = CertificateLine.objects.alias(bare=Bare("number_key"))
        return rows.filter(bare=bare, valid_until__lte=day).values_list("number", "valid_until")

    assert ask(day=until, bare="CGP1") == [("CGP-1", until)]
    assert ask(day=until - datetime.timedelta(days=1), bare="CGP1") == []


def test_more_values_than_a_statement_is_made_for_are_asked_all_the_same(lines, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    numbers = [line.number for line in lines]
    assert prepared(by_numbers)(edition=lines[0].from_edition_id, numbers=numbers) == lines[::-1]
