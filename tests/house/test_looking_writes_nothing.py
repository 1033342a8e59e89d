"""Whoever only looks writes nothing: no page waits for a writer, and no writer for a page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from .access_table import WHO
from .access_world import Page, World, pages
from .test_access import client_of

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT", "BEGIN", "SELECT FOR UPDATE")
# Looks that have to be on record: a private paper, a workbook with contact persons, a person's data.
ON_RECORD: dict[str, str] = {}
ENDS = ("account_logout", "admin:logout")  # not a look


@pytest.mark.django_db
def test_a_second_look_within_a_minute_writes_nothing():
    world = World().build()
    wrote = []
    for who in WHO:
        client = client_of(world, who)
        for page in pages():
            if page.name not in ENDS:
                statements = second_look(client, world.address(page))
                if statements and page.name not in ON_RECORD:
                    wrote.append(f"{page.name} for {who}: {statements[0][:100]}")
    assert not wrote, "\n".join(wrote)


def second_look(client: Client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        response = client.get(address)
        if response.streaming:
            list(response)
    return [
        query["sql"]
        for query in seen
        if query["sql"].lstrip().upper().startswith(WRITES) or " FOR UPDATE" in query["sql"]
    ]
