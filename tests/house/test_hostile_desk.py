"""What nobody should send, sent to every form that the working group has: a sentence or a sound page, never a fault."""

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from .access_table import WHO, spelt_out
from .access_world import World, pages
from .forms_on_page import Form, forms_on, typed
from .walk_of_looks import client_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.postgres_only,
]  # the stricter judge of texts, days and numbers

STAFF = ("administrator", "publisher", "reviewer", "editor", "officer")
HALF = "示例\ud800建材".encode("utf-8", "surrogatepass")
PAYLOADS: dict[str, Any] = {
    "nul": "示例\x00建材",
    "half a pair": HALF,
    "not utf-8": b"\xff\xfe\xc4\xe3",
    "four bytes": "示例𠮷𬭎建材",
    "ten thousand": "长" * 10_000,
    "bidi": "示例\u202e材建\u202c\u2066",
    "invisible": "\u200b\ufeff\u00ad",
    "control": "示例\x07\x1b[2J\r\n\x85建材",
    "homoglyph": "ЅL-СGР-0001",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7|add:7 }}{% debug %}",
    "formula": '=HYPERLINK("http://x","示例")',
    "sql": "' OR 1=1; --",
    "path": "../../../../etc/passwd\x00.png",
    "no date": "0000-00-00",
    "far date": "99999-12-31",
    "negative": "-1",
    "huge": "9" * 400,
    "infinite": "1e999",
    "nan": "NaN",
    "arabic digits": "١٢٣",
    "json": '{"a": [[[[[]]]]]}',
    "blank": " \u3000\t ",
    "empty": "",
    "list": ["a", "b", "\x00"],
}
# HOSTILE=all tries every payload in every form (some 5,000 posts, a quarter of an hour); the suite takes one by lot,
# always the same one.
TRIES = len(PAYLOADS) if os.environ.get("HOSTILE") == "all" else 1


@pytest.fixture(autouse=True)
def _work_that_waits(settings: Any) -> None:
    """A form orders work and does none: carried out at once, each order would read the whole site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def attacks(form: Form, rng: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each payload in all typed fields, in all chosen ones; fields left out; files of no kind."""
    names = sorted(PAYLOADS)
    for kind in rng.sample(names, TRIES):
        if form.texts:
            yield f"{kind} typed", typed(form, dict.fromkeys(form.texts, PAYLOADS[kind]))
    for kind in rng.sample(names, TRIES):
        if chosen := form.chosen - {"csrfmiddlewaretoken"}:
            yield f"{kind} chosen", typed(form, dict.fromkeys(chosen, PAYLOADS[kind]))
        if form.buttons:
            yield f"{kind} pressed", typed(form, {name: PAYLOADS[kind] for name, _value in form.buttons})
    ticked = form.chosen - {"csrfmiddlewaretoken", "action"}
    if ticked:  # keys that no database holds: digits without an end
        yield "no key chosen", typed(form, dict.fromkeys(ticked, "9" * 400))
    yield "nothing", {}
    yield "half", {name: value for name, value in typed(form, {}).items() if rng.random() < 0.5}
    yield (
        "doubled",
        {
            name: [value, value] if isinstance(value, str) else value
            for name, value in typed(form, {}).items()
        },
    )
    for name in sorted(form.files):
        yield "text for a file", typed(form, {name: "示例"})
        yield (
            "no file",
            typed(form, {name: SimpleUploadedFile("../\u202egnp.exe\x00.png", b"\x89PNG\r\n\x1a\n\x00")}),
        )


def openings(world: World) -> Iterator[tuple[Any, str, str]]:
    """A client, an address and its page, for each page of the desk: as the first who may open it."""
    table = spelt_out()
    clients = {who: client_of(world, who) for who in STAFF}
    for page in pages():
        who = next((who for who in STAFF if table[page.name][WHO.index(who)] == 200), None)
        if who is None or not page.name.startswith("admin:"):
            continue
        address = world.address(page)
        answer = clients[who].get(address)
        if not answer.streaming and "html" in answer.headers["Content-Type"]:
            yield clients[who], address, answer.content.decode()


def forms_of_the_desk(world: World) -> Iterator[tuple[Any, Form]]:
    """Each form once, though many pages may carry it."""
    seen: set[tuple[str, str]] = set()
    for client, address, page in openings(world):
        for form in forms_on(address, page):
            mark = (form.path, ",".join(sorted(form.texts | form.chosen)))
            if form.path.startswith("/admin/") and not form.path.endswith("/logout/") and mark not in seen:
                seen.add(mark)
                yield client, form


def fault_of(client: Any, form: Form, data: dict[str, Any]) -> str:
    """What broke; empty for any sound answer. What was changed is taken back."""
    with transaction.atomic():
        try:
            status = client.post(form.path, data).status_code
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:300]
        finally:
            transaction.set_rollback(True)
    return f"answered {status}" if status >= 500 else ""


def test_no_form_of_the_desk_breaks_by_what_is_sent():
    world, rng = World().build(), random.Random(20221)
    broken, forms = [], 0
    for client, form in forms_of_the_desk(world):
        forms += 1
        for what, data in attacks(form, rng):
            if fault := fault_of(client, form, data):
                broken.append(f"{form.path} {what}: {fault}")
    assert forms > 60
    assert not broken, "\n".join(broken)
