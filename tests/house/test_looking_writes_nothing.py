"""Whoever only looks writes nothing: no page waits for a writer, and no writer for a page."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from .access_world import World, pages
from .test_access import client_of

PEOPLE = ("owner", "officer", "editor", "publisher", "auditor", "administrator")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT", "BEGIN")
# Whoever looks at these is on record every time: they show what persons wrote or handed in.
ON_RECORD = {
    "counter:paper": "a private paper of a case",
    "admin:desk_application_paper": "a private paper of a case",
    "admin:export": "a list of the desk, taken along as a workbook",
    "admin:imports_importrun_file": "a workbook that names contact persons",
    "admin:enquiries_enquiry_change": "who asked, and how to reach them",
}
ENDS = ("account_logout", "admin:logout")  # not a look


@pytest.mark.django_db
def test_a_second_look_within_a_minute_writes_nothing():
    world = World().build()
    wrote = []
    with time_machine.travel(timezone.now(), tick=False):
        for who in PEOPLE:
            client = client_of(world, who)
            for page in pages():
                if page.name in ENDS or page.name in ON_RECORD:
                    continue
                address = world.address(page)
                statements = writes_of(client, address) and writes_of(client, address)
                wrote += [f"{page.name} for {who}: {statement[:100]}" for statement in statements[:1]]
    assert not wrote, "\n".join(wrote)


def writes_of(client: Client, address: str) -> list[str]:
    seen: list[str] = []

    def note(execute: Any, sql: str, *args: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) or "FOR UPDATE" in sql:
            seen.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        response = client.get(address)
        if response.streaming:
            list(response)
    return seen
