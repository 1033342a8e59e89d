"""Fields that a form does not show, sent with it: nothing of them is taken. Every column of every table, by its name."""

import copy
import os
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from .access_table import WHO, spelt_out
from .access_world import World, pages
from .forms_on_page import Form, forms_on, typed
from .test_access import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# HOSTILE=all sends them to every form (some minutes); the suite looks at so many pages by lot, always the same ones.
PAGES = None if os.environ.get("HOSTILE") == "all" else 40
WITH_FORMS = re.compile(r"_(add|change)$|^(counter|account|entrance|enquiries|mfa|privacy)")
PEOPLE = ("administrator", "publisher", "reviewer", "editor", "officer", "owner", "visitor")
OURS = ("portal.", "catalog.", "events.")
OWN_WORD = "不在表单里的值9137"
CHANGES_BY_ITSELF = re.compile(
    r"datetime.datetime\([^)]*\)|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?|[0-9a-f]{16,}|[\w-]{20,}|[\w+/]{20,}=*|pbkdf2\S+|md5\S+|'e-\w+'|<memory at \w+>|\d{6}-\d{5}"
)


def told_by(field: models.Field) -> str:
    """Something that the column could hold, and that no form of ours is sent with."""
    if field.choices:
        return str(list(field.flatchoices)[-1][0])
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateField):
        return "2001-02-03"
    if isinstance(field, models.IntegerField | models.ForeignKey | models.ManyToManyField):
        return "1"
    return OWN_WORD


def columns() -> dict[str, str]:
    """A value for each name that a column has anywhere, and for some that Django itself knows."""
    found = {"pk": "1", "is_superuser": "on", "_state": OWN_WORD, "instance": "1"}
    for model in apps.get_models():
        if model.__module__.startswith(OURS):
            for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
                found.setdefault(field.name, told_by(field))
                found.setdefault(field.attname, told_by(field))
    return found


def hidden(form: Form, everything: dict[str, str]) -> dict[str, str]:
    shown = form.texts | form.chosen | form.files | {name for name, _value in form.buttons}
    rows = {found[0] for name in shown if (found := re.match(r".+-\d+-", name))}
    fronts = ["", *sorted(rows)[:2]]
    return {
        f"{front}{name}": value
        for front in fronts
        for name, value in everything.items()
        if f"{front}{name}" not in shown
    }


def openings(world: World) -> Iterator[tuple[Any, str, str]]:
    """A client, an address and its page, as the first who may open it."""
    table, all_pages = spelt_out(), sorted(pages(), key=lambda page: page.name)
    if PAGES:
        all_pages = [page for page in all_pages if WITH_FORMS.search(page.name)]
    clients = {who: client_of(world, who) for who in PEOPLE}
    for page in random.Random(9137).sample(all_pages, PAGES or len(all_pages)):
        who = next((who for who in PEOPLE if table[page.name][WHO.index(who)] == 200), None)
        if who is None:
            continue
        address = world.address(page)
        answer = clients[who].get(address)
        if not answer.streaming and "html" in answer.headers.get("Content-Type", ""):
            yield clients[who], address, answer.content.decode()


def forms(world: World) -> Iterator[tuple[Any, Form]]:
    seen: set[tuple[str, str]] = set()
    for client, address, page in openings(world):
        for form in forms_on(address, page):
            mark = (form.path, ",".join(sorted(form.texts | form.chosen)))
            if not form.path.endswith("/logout/") and mark not in seen:
                seen.add(mark)
                yield client, form


def written(client: Any, form: Form, data: dict[str, Any]) -> list[str]:
    """The status, and each statement that writes, without what differs from one moment to the next. It is taken back."""
    writes: list[str] = []

    def note(execute: Any, sql: str, given: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            writes.append(CHANGES_BY_ITSELF.sub("…", f"{sql} {given}"))
        return execute(sql, given, many, context)

    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        with connection.execute_wrapper(note):
            status = client.post(form.path, data).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return [str(status), *writes]


def test_no_form_takes_a_field_that_it_does_not_show(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = None
    world, everything = World().build(), columns()
    taken, tried, heard = [], 0, 0
    for client, form in forms(world):
        tried += 1
        plain = written(client, form, typed(form, {}))
        attacked = written(client, form, typed(form, {}) | hidden(form, everything))
        if plain != attacked:
            taken.append(f"{form.path}: {len(plain)} → {len(attacked)}: {set(attacked) - set(plain)}"[:600])
        if form.texts and not heard:  # what it does show is heard, and seen here
            heard += plain != written(client, form, typed(form, dict.fromkeys(form.texts, OWN_WORD)))
    assert tried >= 15
    assert heard
    assert len(everything) > 300
    assert not taken, "\n".join(taken)
