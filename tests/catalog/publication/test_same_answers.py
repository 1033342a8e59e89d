"""Whatever database is below, a question has the same answer: the one that is kept in `data/answers.csv`, row by row in its
order, with the number beside each value of each filter.

An answer that is meant to change is written anew by `WRITE_ANSWERS=1` before the run; what then differs in the file is what the
change did to the search.
"""

import csv
import datetime
import hashlib
import json
import os
import random
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine

from catalog.products.models import Product
from catalog.publication.models import Action
from catalog.publication.publishing.holds import set_hold
from catalog.publication.showing.choices import Known
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from portal.core.editions import clock
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from tests import make
from tests.make import make_user, publish_products

from .goods import lay
from .stories import act, change_certificate, newest
from .test_asking import EVERYDAY
from .test_everyday import OTHERS

pytestmark = pytest.mark.django_db

KEPT = Path(__file__).parent / "data" / "answers.csv"
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=clock.SHANGHAI)
COMBINATIONS = 200
WORDS = [str(query) for query, *_rest in (*EVERYDAY, *OTHERS)]
REGISTERS: dict[type[ListFilters], str] = {ProductFilters: "number", EnterpriseFilters: "uscc"}


def a_list_with_a_past() -> None:
    """Two lists, and rows of every state; the same names, numbers and codes whatever ran before."""
    lay()
    goods: list[Any] = list(Product.objects.order_by("serial"))
    publish_products(*goods[30:60], publisher="350000")
    act(goods[3], Action.REMOVE)
    act(goods[40], Action.SUSPEND)
    for product, status in ((goods[5], "revoked"), (goods[6], "cancelled"), (goods[8], "suspended")):
        assert product.certificate is not None
        change_certificate(product.certificate, status=status, status_on=clock.today(), status_reason="示例")
    for product, days in ((goods[11], 40), (goods[12], -1)):
        assert product.certificate is not None
        change_certificate(product.certificate, valid_until=clock.today() + datetime.timedelta(days=days))
    set_hold(goods[20], reason="正在核查", by=make_user("publisher"))


def combinations(filters_of: type[ListFilters], known: Known) -> list[Query]:
    """Words, values of filters, state and sort, at random but the same each time."""
    chance = random.Random(45)
    filters = filters_of(Query([]), known)
    queries = []
    for _one in range(COMBINATIONS):
        pairs = [("q", chance.choice(WORDS))] if chance.random() < 0.4 else []
        for name in filters.filters:
            if chance.random() < (0.3 if name in filters.term_filters else 0.5):
                several = chance.randint(1, 3) if name in filters.term_filters else 1
                values = sorted(filters.known_values(name))
                pairs += [(name, value) for value in chance.sample(values, min(several, len(values)))]
        queries.append(Query(pairs))
    return queries


def answer_of(filters_of: type[ListFilters], query: Query, reading: ReadAt, known: Known) -> tuple[int, str]:
    """The number of rows; and a digest of the rows in their order and of every count."""
    filters = filters_of(query, known)
    found = filters.find(reading)
    rows = [number for chunk in found.everything() for number in chunk]
    shown = dict(filters_of.Meta.model.objects.values_list("pk", REGISTERS[filters_of]))
    counts = {
        name: {value: number for value, number in sorted(found.counts(name).items()) if number}
        for name in filters.term_filters
    }
    said = [found.asked.text, [shown[row] for row in rows], counts, found.left_out()]
    packed = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return found.total, hashlib.sha256(packed.encode()).hexdigest()[:16]


def answers() -> list[list[str]]:
    edition, day = newest(), clock.today()
    reading, known = ReadAt(edition, day, edition, day), Known.now()
    rows = []
    for filters_of in REGISTERS:
        asked = [Query([("q", words)]) for words in WORDS]
        for query in [*asked, *combinations(filters_of, known)]:
            total, digest = answer_of(filters_of, query, reading, known)
            rows.append([filters_of.__name__, query.link(""), str(total), digest])
    return rows


def test_every_question_has_the_answer_that_is_kept(monkeypatch):
    monkeypatch.setattr(make, "_serial", count(1))
    with time_machine.travel(NOON, tick=False):
        a_list_with_a_past()
        found = answers()
    if os.environ.get("WRITE_ANSWERS"):
        with KEPT.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(found)
    with KEPT.open(newline="", encoding="utf-8") as file:
        kept = list(csv.reader(file))
    assert len(kept) == 2 * (len(EVERYDAY) + len(OTHERS) + COMBINATIONS)
    assert sum(total != "0" for _register, _query, total, _digest in kept) > len(kept) // 3
    assert [one for one, other in zip(found, kept, strict=True) if one != other] == []
