"""Two hundred pairs of editions out of one story: what is told between them is all that lies between them."""

import random

import pytest
from django.db import transaction

from catalog.publication.differences.steps import steps
from catalog.publication.exporting.rows import LINES
from portal.core.editions.models import Edition
from tests.catalog.publication.differing import Story

pytestmark = [pytest.mark.django_db, pytest.mark.once]
THINGS = {"products": "product_id", "enterprises": "enterprise_id", "certificates": "certificate_id"}


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        Story().tell()
        yield
        transaction.set_rollback(True)


def a_hundred_pairs(seed: int) -> list[tuple[int, int]]:
    numbers, chance = list(Edition.objects.values_list("number", flat=True)), random.Random(seed)
    return [tuple(sorted(chance.choices([min(numbers) - 1, *numbers], k=2))) for _ in range(100)]


def lines_by_thing(register: str, edition: int) -> dict:
    return {thing_of(register, line): line for line in LINES[register].objects.public(edition)}


def thing_of(register: str, line) -> tuple:
    return getattr(line, THINGS[register]), line.publisher if register != "certificates" else ""


@pytest.mark.parametrize("register", LINES)
def test_the_steps_between_two_editions_lead_from_one_list_to_the_other(story, register):
    for after, until in a_hundred_pairs(1):
        lines = lines_by_thing(register, after)
        told = list(steps(register, after, until))
        for step in told:
            assert lines.get(thing_of(register, step.line)) == step.before
            lines[thing_of(register, step.line)] = step.line
        assert lines == lines_by_thing(register, until)
        for cut in range(0, len(told), 7):
            assert list(steps(register, after, until, behind=told[cut].place)) == told[cut + 1 :]
