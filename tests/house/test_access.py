"""Who may open what: every address of the project stands in the table, and the table is true."""

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from portal.core.audit.models import Change

from .access_table import GROUPS, TABLE, WHO, spelt_out
from .access_world import Page, World, pages
from .machine_words import machine_words

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


@pytest.mark.once
@pytest.mark.django_db
def test_the_table_of_access_is_true():
    """One world for all: it takes some seconds to build. Whatever is read there is read by people."""
    world, table = World().build(), spelt_out()
    wrong = []
    for place, who in enumerate(WHO):
        client = client_of(world, who)
        for page in pages():
            answer, expected = client.get(world.address(page)), table[page.name][place]
            if answer.status_code != expected:
                wrong.append(f"{page.name} for {who}: {answer.status_code}, not {expected}")
            wrong += [f"{page.name} for {who} says {words}" for words in words_for_programs(page, answer)]
    assert not wrong, "\n".join(wrong)


def words_for_programs(page: Page, answer: HttpResponseBase) -> list[str]:
    """On pages of the desk, of the counter and of accounts. What is written for auditors may name an act as it is kept."""
    is_for_people = page.name.startswith(("admin:", "counter:", "entrance:"))
    if not is_for_people or answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return []
    return machine_words(answer.content.decode())


def client_of(world: World, who: str) -> Client:
    client = Client()
    user = world.people[who]
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.once
@pytest.mark.django_db
def test_whoever_only_reads_takes_no_step_by_any_post():
    """What is no page to read answers 403, 404 or 405; lists answer a POST as they answer a GET."""
    world, table = World().build(), spelt_out()
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
