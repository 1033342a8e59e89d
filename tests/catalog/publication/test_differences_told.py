"""Two hundred pairs of moments out of one story: what is told between them is all that lies between them."""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from catalog.publication.differences.comparing import CERTIFIED, COMPARED, said
from catalog.publication.differences.difference import Difference
from catalog.publication.differences.groups import GROUPS
from catalog.publication.differences.scope import Scope
from catalog.publication.differences.sides import Side
from catalog.publication.exporting.rows import LINES
from catalog.publication.models import ProductLine
from catalog.publication.standing import Standings
from catalog.standing.registers import CERTIFICATE
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt
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


def changes_told(client) -> list[dict]:
    """Whatever the data interface tells from the beginning, by the address that a client would ask."""
    answer = client.get("/api/v1/changes?since=0&limit=500").json()
    assert not answer["is_more"]
    return answer["rows"]


def between(told: list[dict], register: str, after: int, until: int) -> list[dict]:
    return [
        one
        for one in told
        if one["kind"] == register and one["change"] != "redacted" and after < one["edition"] <= until
    ]


@pytest.mark.parametrize("register", LINES)
def test_the_changes_between_two_editions_lead_from_one_list_to_the_other(client, story, register):
    told = changes_told(client)
    for after, until in a_hundred_pairs(1):
        stood = {line.key: line.from_edition_id for line in LINES[register].objects.public(after)}
        for one in between(told, register, after, until):
            if one["replaces"]:
                del stood[one["replaces"]]
            stood[one["key"]] = one["edition"]
        assert stood == {line.key: line.from_edition_id for line in LINES[register].objects.public(until)}


# -- on balance --
SCOPES = {
    "products": [
        {},
        {"publisher": ["350000"]},
        {"province": ["450000"], "star": ["2", "3"]},
        {"category": ["G4"]},
    ],
    "enterprises": [{}, {"publisher": ["national"]}, {"province": ["350000"]}],
    "certificates": [{}, {"publisher": ["national"]}, {"star": ["3"]}],
}


def side(edition: int, days_later: int) -> Side:
    known = Edition.objects.filter(number=edition).first()
    day = (known or Edition.objects.get(number=1)).day + timedelta(days=days_later if known else -1)
    return Side(ReadAt(edition, day, 0, day), str(edition))


def listed(scope: Scope, at: Side) -> dict[tuple, dict[str, str]]:
    """What a reader of the list of that side sees, found line by line and not by the database."""
    lines = LINES[scope.register].objects.public(at.edition)
    standings = Standings(at.reading, lines)
    return {
        thing_of(scope.register, line): shown(
            line, standings.certificate(line) if isinstance(line, ProductLine) else None
        )
        for line in standings.lines
        if is_current(line, standings) and is_within(line, standings, scope)
    }


def is_product(line) -> bool:
    return hasattr(line, "product_id")


def is_current(line, standings: Standings) -> bool:
    if hasattr(line, "valid_until"):
        return CERTIFICATE.of(line, standings.reading.day).is_current
    return (standings.product(line) if is_product(line) else standings.listing(line)).is_current


def is_within(line, standings: Standings, scope: Scope) -> bool:
    asked = scope.chosen
    certificate = standings.certificate(line) if is_product(line) else line
    return (
        line.publisher in asked.get("publisher", [line.publisher])
        and ("province" not in asked or f"{line.division_code[:2]}0000" in asked["province"])
        and ("star" not in asked or (certificate is not None and certificate.star in asked["star"]))
        and ("category" not in asked or line.category_code == "21")
    )


def shown(line, certificate) -> dict[str, str]:
    own = {name: said(line, name) for name in COMPARED[type(line)]}
    none = dict.fromkeys(CERTIFIED, "无") if is_product(line) else {}
    return own | none | ({name: said(certificate, name) for name in CERTIFIED} if certificate else {})


def applied(register: str, rows: dict, difference: Difference) -> dict:
    """A list after a difference, by what the difference tells and by nothing else."""
    for told in (one for part in difference.everything() for one in part):
        thing = thing_of(register, told.line)
        if told.group.sign > 0:
            assert thing not in rows
            rows[thing] = shown(told.line, told.certificate)
        elif told.group.sign < 0:
            del rows[thing]
        elif told.group.code != "other":
            assert told.changes
            for change in told.changes:
                assert rows[thing][change.name] == change.before
                rows[thing][change.name] = change.after
    return rows


def own_changes(register: str, difference: Difference) -> set[tuple]:
    """The things with another line of their own that reads otherwise, or is new to the list, or gone from it."""
    told = [one for part in difference.everything() for one in part if one.group.code != "other"]
    return {thing_of(register, one.line) for one in told if one.line.pk != (one.before and one.before.pk)}


def test_the_difference_applied_to_the_left_list_gives_the_right_one_and_is_what_changes_tell(client, story):
    chance, groups, compared, told = random.Random(3), set(), 0, changes_told(client)
    for after, until in a_hundred_pairs(2) + a_hundred_pairs(4) + a_hundred_pairs(5):
        register = chance.choice(["products", "products", "enterprises", "certificates"])
        scope = Scope(register, chance.choice(SCOPES[register]))
        left, right = side(after, chance.choice((0, 0, 15))), side(until, chance.choice((0, 1, 15, 60, 400)))
        if not left.is_before(right) or compared == 200:
            continue
        difference = Difference(left, right, scope)
        before, expected = listed(scope, left), listed(scope, right)
        assert (difference.left_total, difference.right_total) == (len(before), len(expected))
        assert difference.is_balanced
        keys = {one["key"] for one in between(told, register, after, until)}
        changed = {thing for thing, line in lines_by_thing(register, until).items() if line.key in keys}
        differing = {thing for thing in changed if before.get(thing) != expected.get(thing)}
        assert own_changes(register, difference) == differing
        assert applied(register, before, difference) == expected
        compared, groups = compared + 1, groups | set(difference.counts)
    assert compared == 200
    assert groups == set(GROUPS)
