"""The public during a rebuild of the index, and after one that was killed; in this process and in others."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections

from catalog.publication.search import moments
from portal.core.index.alone import alone
from portal.core.index.models import IndexState, KeptMasks, Posting
from portal.core.pages import cache
from tests.make import make_product, publish_products

from .stories import index_faults
from .test_search import ask

ROOT = Path(__file__).resolve().parents[3]


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
    """It has bitmaps, postings and finished pages of an index that was not whole; past editions and exports too."""
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


def lose_the_batches() -> None:
    """Half an index, and nothing made from it while it was whole, neither stored nor in memory."""
    Posting.objects.filter(term__startswith="opens:").delete()
    KeptMasks.objects.all().delete()
    IndexState.objects.update(stamp="lost")
    moments._kept.clear()


@pytest.mark.django_db(transaction=True)
def test_a_process_that_came_up_with_half_an_index_is_mended_by_a_rebuild(other_process, client):
    publish_products(make_product(name="甲瓦"), make_product(name="乙瓦"))
    lose_the_batches()
    assert "甲瓦" not in other_process("/products/")
    assert names_on(client) == []
    call_command("build_index", verbosity=0)
    assert "甲瓦" in other_process("/products/")
    assert names_on(client) == ["乙瓦", "甲瓦"]


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_ends_with_the_index_that_it_was_drawn_from(client):
    publish_products(make_product(name="甲瓦"))
    lose_the_batches()
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
