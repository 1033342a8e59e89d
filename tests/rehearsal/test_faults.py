"""A disk that is full or read-only, a database that goes in the middle of an act, clocks of other days.

Whoever meets one is told so in a sentence, nothing is half done, and what is done again afterwards succeeds.
"""

import datetime
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from catalog.imports.models import ImportRun
from catalog.publication.exporting.keeping import UNFINISHED
from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from catalog.publication.publishing.verify import all_faults
from portal.core.busy import Fault, fault_of
from portal.core.editions import clock
from portal.core.files.models import StoredFile
from portal.core.pages import cache
from portal.core.workflow import NotAllowed
from tests.catalog.imports.desk import at
from tests.catalog.publication.desk import address
from tests.catalog.publication.stories import index_faults
from tests.make import make_user, publish, publish_products
from tests.portal.core.database_faults import end_the_connection

from . import deeds

pytestmark = pytest.mark.django_db(transaction=True)
CUTS = int(os.environ.get("CUTS", "6"))
ROOM = 256 * 1024  # bytes of the small disk
DAYS = ("1999-12-31", "2028-02-29", "2038-01-20", "2099-01-01")
PAGES = (
    "/",
    "/products/",
    "/enterprises/",
    "/batches/",
    "/notices/",
    "/check/?number=1",
    "/products/export.csv",
)


@pytest.fixture(autouse=True)
def _jobs_wait(settings) -> None:
    """Orders lie in the database, as in an installation."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def staff() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user("editor", is_superuser=True))
    return client


# ---- disks ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path, settings) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount the small disk that is to be filled")
    settings.FILES_ROOT = folder / "files"
    settings.FILES_ROOT.mkdir()
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)  # a file that was given out may be open


@contextmanager
def full(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as stream:
        while stream.write(b"x" * 4096):
            continue
    assert ballast.stat().st_size > ROOM // 2
    yield
    ballast.unlink()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    yield
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


@pytest.mark.parametrize("fault", [full, read_only])
def test_a_file_that_cannot_be_kept_is_told_and_leaves_nothing(fault, small_disk, staff):
    with fault(small_disk):
        answer = uploaded(staff)
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert "。" in answer.content.decode()
    assert (ImportRun.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    assert uploaded(staff).status_code == 302
    assert ImportRun.objects.get().file.size > 0


def uploaded(staff: Client):
    form: dict[str, Any] = {"register": "products", "draft": "national:batch", "scope": "additions"}
    form["file"] = SimpleUploadedFile("清单.csv", "企业名称,产品名称\n".encode() * 500)
    return staff.post(at("add"), form)


@pytest.mark.parametrize("fault", [full, read_only])
def test_a_list_that_cannot_be_made_into_a_file_is_told_and_read_as_a_page(fault, small_disk):
    publish_products()
    with fault(small_disk):
        answer = Client(raise_request_exception=False).get("/data/1/products.csv")
        assert Client().get("/products/export.csv").status_code == 200
    assert answer.status_code == 503
    assert "。" in answer.content.decode()
    assert Client().get("/data/1/products.csv").status_code == 200
    assert not list(small_disk.rglob(f"{UNFINISHED}*"))


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the data of PostgreSQL lie on a disk of the server"
)
@pytest.mark.parametrize("pragma", ["max_page_count = 1", "query_only = 1"])
def test_a_database_that_cannot_grow_or_be_written_tells_so_and_reads_on(pragma, staff, tmp_path):
    batch = deeds.drafted(40)
    said = pragma.partition(" ")[0]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page is left that something new could take
        before = cursor.execute(f"PRAGMA {said}").fetchone()[0]
        cursor.execute(f"PRAGMA {pragma}")
    refused_and_then_done(
        batch, staff, again=lambda: connection.cursor().execute(f"PRAGMA {said} = {before}")
    )


@pytest.mark.postgres_only
def test_a_database_that_became_read_only_tells_so_and_reads_on(staff):
    batch = deeds.drafted()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    refused_and_then_done(
        batch, staff, again=lambda: connection.cursor().execute("RESET default_transaction_read_only")
    )


def refused_and_then_done(batch: Batch, staff: Client, again) -> None:
    old = deeds.matters()
    answer = staff.post(address(batch, "submit"), {"confirmed": "yes"})
    assert answer.status_code == 503
    assert "本站暂时不能使用" in answer.content.decode()
    again()
    left = deeds.matters()
    assert (left["batches"], left["public"]) == (old["batches"], old["public"])
    publish(Batch.objects.get(pk=batch.pk))
    deeds.work_waiting_jobs()
    assert list(map(str, all_faults())) == index_faults() == []


# ---- the database in the middle of an act --------------------------------------------------------------------------------


@pytest.mark.postgres_only
def test_a_database_that_goes_in_the_middle_of_a_publication_leaves_the_old_or_the_new(note):
    """The server ends the connection at so many moments of the act, as it does when it is restarted."""
    deeds.approved()
    deeds.work_waiting_jobs()
    old, cuts, moment = deeds.matters(), 0, 1
    while cut_off(moment):
        connection.close()
        now = deeds.matters()
        assert now["public"] == old["public"]
        assert now["batches"] == old["batches"]
        assert list(map(str, all_faults())) == []
        cuts, moment = cuts + 1, moment + max(1, 120 // CUTS)
    assert Batch.objects.filter(state=Batch.State.PUBLISHED).count() == 2
    assert list(map(str, all_faults())) == index_faults() == []
    note(rounds=cuts)


def cut_off(moment: int) -> bool:
    left = [moment]

    def execute(run, *given):
        left[0] -= 1
        if left[0] == 0:
            end_the_connection()
        return run(*given)

    try:
        with connection.execute_wrapper(execute):
            workflow.publish(deeds.opened(), by=deeds.person())
    except Exception as error:
        if fault_of(error) is not Fault.AWAY:
            raise
        return True
    return False


# ---- clocks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", DAYS)
def test_a_clock_of_another_day_hides_nothing_and_falsifies_nothing(day, staff):
    batch = deeds.approved()
    deeds.work_waiting_jobs()
    old = deeds.public()
    noon = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12), clock.SHANGHAI)
    with time_machine.travel(noon, tick=True):
        for page in PAGES:
            cache.clear()
            assert Client().get(page).status_code == 200, page
        try:
            workflow.publish(batch, by=make_user("publisher"))
        except NotAllowed as refused:
            told = refused.sentence
        else:
            told = ""
    cache.clear()
    assert deeds.public()[: len(old)] == old, told
    publish_products(ordinal=9)
    deeds.work_waiting_jobs()
    assert index_faults() == []
    assert list(map(str, all_faults())) == []
