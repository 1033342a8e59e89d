"""One walk of every person over every address: what each answer was, and what each look wrote."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from .access_world import Page, World, pages
from .machine_words import machine_words

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT", "BEGIN")
# Whoever looks at these is on record every time: they show what persons wrote or handed in.
ON_RECORD = {
    "counter:paper": "a private paper of a case",
    "admin:desk_application_paper": "a private paper of a case",
    "admin:imports_importrun_file": "a workbook that names contact persons",
    "admin:export": "who took a whole list away",
    "admin:enquiries_enquiry_change": "who asked, and how to reach them",
}
NO_LOOKS = {
    "account_logout": "ends a session",
    "admin:logout": "ends a session",
    "admin:publication_batch_rehearsal": "publishes, and takes it back (docs/decisions/0050)",
}


@dataclass
class Walk:
    """`statuses` by page and person; `wrote`: looks that wrote although the same look was just made; `said`: words of machines."""

    world: World
    looks_at: Callable[[str, str], bool]
    statuses: dict[tuple[str, str], int] = field(default_factory=dict)
    wrote: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, people: Sequence[str], looks_at: Callable[[str, str], bool] = lambda *_: True) -> "Walk":
        """`looks_at` says of a page's name and a person whether there is a look."""
        walk = cls(World().build(), looks_at)
        with time_machine.travel(timezone.now(), tick=False):
            for who in people:
                walk.by(who)
        return walk

    def by(self, who: str) -> None:
        client = client_of(self.world, who)
        for page in pages():
            if not self.looks_at(page.name, who):
                continue
            address = self.world.address(page)
            with writes() as first:
                answer = looked(client, address)
            self.statuses[page.name, who] = answer.status_code
            self.said += [f"{page.name} for {who} says {words}" for words in words_for_programs(page, answer)]
            if not first or page.name in NO_LOOKS or page.name in ON_RECORD:
                continue
            with writes() as second:
                looked(client, address)
            self.wrote += [f"{page.name} for {who}: {statement[:100]}" for statement in second[:1]]


def client_of(world: World, who: str) -> Client:
    client = Client()
    user = world.people[who]
    if user is not None:
        client.force_login(user)
    return client


def looked(client: Client, address: str) -> HttpResponseBase:
    response = client.get(address)
    if response.streaming:
        list(response)
    return response


def words_for_programs(page: Page, answer: HttpResponseBase) -> list[str]:
    """On pages of the desk, of the counter and of accounts. What is written for auditors may name an act as it is kept."""
    is_for_people = page.name.startswith(("admin:", "counter:", "entrance:"))
    if not is_for_people or not isinstance(answer, HttpResponse):
        return []
    is_page = "html" in answer.headers.get("Content-Type", "")
    return machine_words(answer.content.decode()) if is_page else []


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that write, and the rows that are asked for to be locked, also where the database has no such lock."""
    seen: list[str] = []
    ask_locked = QuerySet.select_for_update

    def note(execute: Any, sql: str, *args: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) or "FOR UPDATE" in sql:
            seen.append(sql)
        return execute(sql, *args)

    def note_lock(rows: QuerySet, *args: Any, **options: Any) -> QuerySet:
        seen.append(f"FOR UPDATE of {rows.model._meta.db_table}")
        return ask_locked(rows, *args, **options)

    with connection.execute_wrapper(note), patch.object(QuerySet, "select_for_update", note_lock):
        yield seen
