"""The public during a rebuild of the index, and after one that was killed; in this process and in others."""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections

from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.redaction import redact
from catalog.publication.search import preparation
from catalog.publication.tasks import prepare_index
from portal.core.index import collections
from portal.core.index.alone import alone
from portal.core.index.building import Building
from portal.core.index.models import IndexState, Posting, SortKey
from portal.core.index.rebuilding import rebuild
from portal.core.pages import cache
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_enterprise, make_product, make_user, publish, publish_products

from .stories import index_faults, next_ordinal
from .test_search import ask
from .test_two_at_once import at_once

ROOT = Path(__file__).resolve().parents[3]
SECRET = "张叁建材经营部"


class Killed(BaseException):
    """Like the end of the process: nothing that comes after it is run."""


def kill_at(statement: int):
    left = [statement]

    def execute(run, sql, params, many, context):
        left[0] -= 1
        if left[0] < 0 and not sql.startswith(("ROLLBACK", "SAVEPOINT", "RELEASE")):
            raise Killed
        return run(sql, params, many, context)

    return execute


def names_on(client, address: str = "/products/") -> list[str]:
    cache.clear()
    body = client.get(address).content.decode()
    return sorted(name for name in ("甲瓦", "乙瓦", "丙瓦") if name in body)


@pytest.mark.django_db(transaction=True)
def test_the_public_list_is_whole_wherever_a_rebuild_is_killed(client):
    publish_products(make_product(name="甲瓦"), make_product(name="乙瓦"))
    statement = 0
    while True:
        try:
            with connection.execute_wrapper(kill_at(statement)):
                call_command("build_index", verbosity=0)
        except Killed:
            assert names_on(client) == ["乙瓦", "甲瓦"], statement
            assert names_on(client, "/products/?q=甲瓦") == ["甲瓦"], statement
            statement += 9
        else:
            break
    assert statement > 50
    assert index_faults() == []


# ---- processes ----------------------------------------------------------------------------------------------


def database_url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@pytest.fixture
def other_process():
    """Asks another process, which has its own memory, for an address."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.catalog.publication.reader"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(address: str) -> str:
        child.stdin.write(address + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        assert answer["status"] == 200, answer
        return answer["body"]

    yield ask
    child.stdin.close()
    assert child.wait(timeout=20) == 0


ADDRESSES = (
    "/products/",
    "/products/?q=甲瓦",
    "/products/?edition=1",
    "/products/export.jsonl",
    "/search/?q=甲瓦",
)


@pytest.mark.django_db(transaction=True)
def test_another_process_shows_the_right_rows_at_its_next_request(other_process):
    """It has masks, postings and finished pages of an index that was not whole; past editions and exports too."""
    publish_products(make_product(name="甲瓦"))
    publish_products(make_product(name="乙瓦"))
    whole = {address: other_process(address) for address in ADDRESSES}
    assert all("甲瓦" in body for body in whole.values())
    Posting.objects.all().delete()
    IndexState.objects.update(
        stamp="lost", built="lost"
    )  # what another process remembers is not of this index
    assert "甲瓦" not in other_process("/products/")
    assert "甲瓦" not in other_process("/products/?edition=1")
    for address in ADDRESSES:
        other_process(address)
    call_command("build_index", verbosity=0)
    for address in ADDRESSES:
        assert "甲瓦" in other_process(address), address


@pytest.mark.django_db(transaction=True)
def test_a_process_that_came_up_with_half_an_index_is_mended_by_a_rebuild(other_process, client):
    publish_products(make_product(name="甲瓦"), make_product(name="乙瓦"))
    Posting.objects.filter(term__startswith="opens:").delete()
    assert "甲瓦" not in other_process("/products/")
    assert names_on(client) == []
    call_command("build_index", verbosity=0)
    assert "甲瓦" in other_process("/products/")
    assert names_on(client) == ["乙瓦", "甲瓦"]


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_ends_with_the_index_that_it_was_drawn_from(client):
    publish_products(make_product(name="甲瓦"))
    Posting.objects.filter(term__startswith="opens:").delete()
    cache.clear()
    assert "甲瓦" not in client.get("/products/").content.decode()
    call_command("build_index", verbosity=0)
    assert "甲瓦" in client.get("/products/").content.decode()  # nobody cleared this process's pages


@pytest.mark.django_db(transaction=True)
def test_readers_during_two_rebuilds_see_no_other_answer(client):
    publish_products(*(make_product(name=name) for name in ("甲瓦", "乙瓦", "丙瓦")))
    over, answers, faults = Event(), [], []

    def read() -> None:
        try:
            while not over.is_set():
                listing = ask("瓦", sort="name")
                answers.append((listing.total, tuple(listing.page(1, 10))))
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(2):
        call_command("build_index", verbosity=0)
    over.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(answers) > 20
    assert len(set(answers)) == 1
    assert answers[0][0] == 3


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_beside_another_is_refused_in_a_sentence():
    publish_products()
    started, over = Event(), Event()

    def hold() -> None:
        with alone("products"):
            started.set()
            over.wait(20)
        connections.close_all()

    other = Thread(target=hold)
    other.start()
    started.wait(20)
    try:
        with pytest.raises(CommandError, match="正在由另一个进程重建，请等它结束"):
            call_command("build_index", verbosity=0)
    finally:
        over.set()
        other.join()
    call_command("build_index", verbosity=0)


# ---- writers beside a rebuild, and beside each other ----------------------------------------------------------


def frozen(*products) -> Batch:
    batch = enter(make_batch(ordinal=next_ordinal()), *(products or (make_product(),)))
    return workflow.submit(batch, by=batch.created_by)


def submit_another() -> None:
    frozen(make_product(name="丙瓦"))


def send_back_all() -> None:
    for batch in Batch.objects.filter(state="submitted"):
        workflow.send_back(batch, by=make_user("reviewer"), reason="重来")


def cancel_all() -> None:
    for batch in Batch.objects.filter(state="submitted"):
        workflow.cancel(batch, by=batch.created_by, reason="放错了")


def publish_all() -> None:
    for batch in Batch.objects.filter(state="submitted"):
        workflow.publish(workflow.approve(batch, by=make_user("reviewer")), by=make_user("publisher"))


def redact_name() -> None:
    redact(ProductLine.objects.get(enterprise_name=SECRET).key, "enterprise_name", basis="示例〔2026〕1号")


@pytest.mark.django_db
@pytest.mark.parametrize("act", [submit_another, send_back_all, cancel_all, publish_all, redact_name])
@pytest.mark.parametrize("moment", ["begun", "read", "written", "sorted"])
def test_whatever_happens_while_the_registers_are_rebuilt_the_index_is_whole(monkeypatch, act, moment):
    publish_products(make_product(name="甲瓦", enterprise=make_enterprise(name=SECRET)))
    frozen(make_product(name="乙瓦"))
    left = [act]

    def once() -> None:
        if left:
            left.pop()()

    hooks = {
        "begun": (Building, "write_keys"),
        "read": (Building, "write_postings"),
        "written": (Building, "swap"),
        "sorted": (Building, "_swap_in"),
    }
    owner, name = hooks[moment]
    own = getattr(owner, name)

    def after_the_act(self, *given):
        if moment != "sorted":
            once()
        return own(self, *given)

    monkeypatch.setattr(owner, name, after_the_act)
    if moment == "sorted":
        sort = Building._orders
        monkeypatch.setattr(Building, "_orders", lambda self: [sort(self), once()][0])
    for room in collections.kept():
        rebuild(room)
    assert not left
    assert index_faults() == []
    if act is redact_name:
        assert not Posting.objects.filter(term__contains="张叁").exists()
        assert not SortKey.objects.filter(key__icontains="zhangsan").exists()


def between_reading_and_writing(monkeypatch, act) -> None:
    """The act happens when the job has read the lines and made their terms, and has not written them yet."""
    left = [act]

    def hooked(register):
        def documents_of(lines):
            documents = register.documents_of(lines)
            if left:
                left.pop()()
            return documents

        return replace(register, documents_of=documents_of)

    monkeypatch.setattr(preparation, "REGISTERS", tuple(map(hooked, preparation.REGISTERS)))


@pytest.fixture
def unprepared(monkeypatch) -> Batch:
    """Frozen; its job has not run."""
    with monkeypatch.context() as patch:
        patch.setattr(
            workflow, "prepare_index", type("Later", (), {"enqueue": staticmethod(lambda pk: None)})
        )
        return frozen(make_product(name="甲瓦", enterprise=make_enterprise(name=SECRET)))


@pytest.mark.django_db
@pytest.mark.parametrize("act", [send_back_all, cancel_all])
def test_a_job_beside_a_returned_or_cancelled_batch_leaves_no_posting_of_dropped_lines(
    monkeypatch, unprepared, act
):
    between_reading_and_writing(monkeypatch, act)
    prepare_index.func(unprepared.pk)
    assert not ProductLine.objects.exists()
    assert index_faults() == []
    assert not SortKey.objects.exists()


@pytest.mark.django_db
def test_a_redaction_beside_the_job_is_not_undone_by_it(monkeypatch, unprepared):
    between_reading_and_writing(monkeypatch, redact_name)
    prepare_index.func(unprepared.pk)
    assert not Posting.objects.filter(term__contains="张叁").exists()
    assert index_faults() == []


@pytest.mark.django_db
def test_one_register_that_is_built_alone_does_not_speak_for_the_other(unprepared):
    (products,) = (room for room in collections.kept() if room.collection == "products")
    rebuild(products)
    assert not preparation.is_prepared(unprepared)
    preparation.ensure_prepared(unprepared)
    assert index_faults() == []


@pytest.mark.django_db
def test_a_batch_whose_lines_are_not_in_the_index_is_not_published(monkeypatch, unprepared):
    """As when it was sent back and submitted anew between the preparation and the lock."""
    batch = workflow.approve(unprepared, by=make_user("reviewer"))
    with monkeypatch.context() as patch:
        patch.setattr(workflow, "ensure_prepared", lambda batch: None)
        with pytest.raises(NotAllowed, match="再按一次「公布」"):
            workflow.publish(batch, by=make_user("publisher"))
    assert workflow.publish(batch, by=make_user("publisher")).state == "published"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_only
@pytest.mark.parametrize("end", [send_back_all, cancel_all])
def test_job_and_return_at_once_leave_the_index_whole(end):
    for _ in range(8):
        batch = frozen(*(make_product() for _ in range(3)))
        Posting.objects.all().delete()
        outcomes = at_once(lambda batch=batch: prepare_index.func(batch.pk), end)
        assert outcomes == [None, None]
        assert index_faults() == []
        with contextlib.suppress(NotAllowed):
            cancel_all()
            Batch.objects.filter(state="draft").update(state="cancelled")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_only
def test_a_rebuild_beside_every_writer_at_once_leaves_the_index_whole():
    publish_products(make_product(enterprise=make_enterprise(name=SECRET)))
    outcomes = at_once(
        lambda: [call_command("build_index", verbosity=0) for _ in range(3)] and None,
        lambda: publish(enter(make_batch(kind="adjustment", ordinal=8), make_product())) and None,
        lambda: submit_another(),
        redact_name,
    )
    assert outcomes == [None] * 4
    assert index_faults() == []
    assert not Posting.objects.filter(term__contains="张叁").exists()
