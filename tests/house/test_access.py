"""Who may open what: every address of the project stands in the table, and the table is true."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from portal.core.audit.models import Change

from .access_table import GROUPS, TABLE, WHO, spelt_out
from .access_world import pages
from .walk_of_looks import Walk, client_of

ONLY_READ = ("support", "auditor")
OWN_MATTERS = {  # whoever has an account may sign out, and change the own password
    "admin:logout",
    "admin:login",
    "admin:password_change",
    "admin:password_change_done",
}


def test_every_address_of_the_project_has_its_row():
    table = spelt_out()
    assert sorted({page.name for page in pages()} - set(table)) == []


def test_no_row_stands_for_an_address_that_is_gone():
    assert sorted(set(spelt_out()) - {page.name for page in pages()} - impossible()) == []


def impossible() -> set[str]:
    """Batches and imports have pages of their own in place of these."""
    return {
        f"admin:{model}_{part}"
        for model in GROUPS["work"].split()
        for part in ("delete", "history", "redirect")
    }


def test_the_columns_stand_in_the_order_of_the_people():
    assert tuple(TABLE.strip().splitlines()[0].split()[1:]) == WHO


LOOKERS = ("owner", "officer", "editor", "publisher", "auditor", "administrator")


def of_one_walk(test: Callable[..., None]) -> Callable[..., None]:
    return pytest.mark.long(pytest.mark.django_db(test))


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker):
    """Made once for four tests: some thousands of looks, and nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Walk.made(WHO) if connection.vendor == "sqlite" else Walk.made(LOOKERS, opens_first)
        transaction.set_rollback(True)


def opens_first(name: str, who: str) -> bool:
    """PostgreSQL is asked whether what opens locks: a public page for one person, any other for each whom it lets in."""
    row = spelt_out()[name]
    return row[WHO.index(who)] == 200 and (who == LOOKERS[0] or row[WHO.index("visitor")] != 200)


@pytest.mark.once
@of_one_walk
def test_the_table_of_access_is_true(walk):
    table = spelt_out()
    wrong = [
        f"{name} for {who}: {status}, not {expected}"
        for (name, who), status in walk.statuses.items()
        if status != (expected := table[name][WHO.index(who)])
    ]
    assert not wrong, "\n".join(wrong)


@of_one_walk
def test_a_second_look_within_a_minute_writes_nothing(walk):
    """Whoever only looks writes nothing: no page waits for a writer, and no writer for a page."""
    assert not walk.wrote, "\n".join(walk.wrote)


@pytest.mark.once
@of_one_walk
def test_what_is_read_at_the_desk_is_said_for_people(walk):
    assert not walk.said, "\n".join(walk.said)


@pytest.mark.once
@of_one_walk
def test_whoever_only_reads_takes_no_step_by_any_post(walk):
    """What is no page to read answers 403, 404 or 405; lists answer a POST as they answer a GET."""
    world, table = walk.world, spelt_out()
    before = Change.objects.count()
    done = []
    for who in ONLY_READ:
        client, place = client_of(world, who), WHO.index(who)
        for page in pages():
            if page.name.startswith("admin:") and page.name not in OWN_MATTERS:
                status = client.post(world.address(page), {"reason": "试试", "digest": "0" * 64}).status_code
                read_only = status == table[page.name][place] and not page.name.endswith("_change")
                if status not in (403, 404, 405) and not read_only:
                    done.append(f"{page.name} for {who}: {status}")
    assert not done, "\n".join(done)
    assert Change.objects.count() == before
