"""Killed anywhere before its end, an act leaves the old or the new, never half of it; whoever does it again ends it.

Each of KILLS kills lands by itself: a forked process ends itself before one of the moments of the act, spread over all of them.
"""

import os

import pytest

from catalog.publication.compiling.under_way import under_way
from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from catalog.publication.publishing import emptying
from catalog.publication.publishing.redaction import redact
from catalog.publication.publishing.verify import all_faults
from catalog.publication.search.preparation import is_prepared
from portal.core.editions.models import Edition
from portal.core.files.verify import file_faults
from tests.catalog.publication.stories import index_faults
from tests.catalog.publication.test_redaction import SECRET, tables_with
from tests.make import make_enterprise, make_product, publish_products

from .deeds import DEEDS, Deed, again, matters, small_steps, work_waiting_jobs
from .killing import acted
from .stage import PostgresStage, SQLiteStage, settle, staged

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = int(os.environ.get("KILLS", "3"))


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_a_kill_at_any_moment_leaves_the_old_or_the_new(deed, tmp_path, settings, monkeypatch, note):
    settings.FILES_ROOT = tmp_path / "files"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    small_steps(monkeypatch)
    act = deed.begun(tmp_path)
    work_waiting_jobs()
    stage = staged(tmp_path)
    try:
        old = matters()
        moments = acted(act, lines_of=deed.lines_of)
        settle()
        work_waiting_jobs()
        new = matters()
        assert new != old or deed.name in ("index job", "rebuild")
        for kill in range(KILLS):
            killed(deed, act, stage, 1 + kill * (moments - 1) // max(KILLS - 1, 1))
            refuse_a_half(old, new)
            again(act)
            assert faults() == []
            assert matters() == new
    finally:
        stage.reset()
    note(rounds=KILLS)


def test_a_redaction_of_several_editions_is_killed_at_any_moment_and_ended_by_the_next(
    tmp_path, settings, monkeypatch, note
):
    """Each of its editions is whole; while a line still says the value that others lost, the house says so."""
    settings.FILES_ROOT = tmp_path / "files"
    monkeypatch.setattr(emptying, "LINES_AT_ONCE", 3)
    maker = make_enterprise(name=SECRET)
    publish_products(*(make_product(enterprise=maker, brand=SECRET) for _ in range(4)))
    deed = Deed("redact", lambda _folder: lambda: redact(key, "name", basis="当事人申请"))
    key, act, stage = EnterpriseLine.objects.get().key, deed.begun(tmp_path), staged(tmp_path)
    begun = Edition.objects.current_number()
    try:
        moments = acted(act)
        settle()
        whole = Edition.objects.current_number()
        assert whole == begun + 3
        for kill in range(KILLS):
            killed(deed, act, stage, 1 + kill * (moments - 1) // max(KILLS - 1, 1))
            assert list(map(str, all_faults())) + index_faults() == []
            saying = ProductLine.objects.filter(enterprise_name=SECRET).exists()
            assert saying == (Edition.objects.current_number() < whole)
            if (now := Edition.objects.current_number()) < whole:  # behind the last one rows and files follow
                assert bool(under_way()) == (begun < now)
            again(act)
            assert (Edition.objects.current_number(), under_way(), tables_with(SECRET)) == (whole, {}, [])
            assert list(map(str, all_faults())) + index_faults() == []
    finally:
        stage.reset()
    note(rounds=KILLS)


def killed(deed: Deed, act, stage: SQLiteStage | PostgresStage, moment: int) -> None:
    """A run with fewer moments than the first one came to its end before the kill: that one is not counted."""
    stage.reset()
    while acted(act, moment, deed.lines_of) is not None:
        stage.reset()
        moment = moment * 9 // 10
    settle()


def refuse_a_half(old: dict, new: dict) -> None:
    """A frozen batch whose index was not made yet is not half of anything: its job waits, and nobody is shown it."""
    assert list(map(str, all_faults())) == []
    waiting = [batch for batch in Batch.objects.frozen() if not is_prepared(batch)]
    assert waiting or index_faults() == []
    left = matters()
    assert left["public"] in (old["public"], new["public"])
    assert left["batches"] in (old["batches"], new["batches"])


def faults() -> list[str]:
    return [*map(str, all_faults()), *map(str, file_faults()), *index_faults()]
