"""Backups that are made by themselves: which stay, and that one is really restored."""

import datetime
import sqlite3
from pathlib import Path

import pytest

from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from portal.site.safekeeping import database, keeping
from tests.make import make_product, publish_products


def named(day: datetime.datetime) -> Path:
    return Path(day.strftime(keeping.NAME))


def test_the_newest_of_each_day_and_of_each_week_stay():
    first = datetime.datetime(2026, 9, 1, 1, 30)
    every_day = [named(first + datetime.timedelta(days=day)) for day in range(60)]  # to 30 October, a Friday
    kept = sorted(path.name[:10] for path in keeping.to_keep(every_day, days=3, weeks=4))
    assert kept == ["2026-10-11", "2026-10-18", "2026-10-25", "2026-10-28", "2026-10-29", "2026-10-30"]


def test_two_of_one_day_count_once():
    morning, evening = (named(datetime.datetime(2026, 9, 1, hour)) for hour in (1, 20))
    assert keeping.to_keep([morning, evening], days=5, weeks=5) == {evening}


@pytest.fixture
def root(settings, tmp_path) -> Path:
    """Where backups go; stored files of other tests are not taken along."""
    settings.FILES_ROOT, settings.BACKUP_DIR = tmp_path / "files", str(tmp_path / "backups")
    (tmp_path / "backups").mkdir()
    publish_products(make_product())
    return tmp_path / "backups"


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_made_proved_and_old_ones_go(settings, root):
    settings.BACKUP_DAYS, settings.BACKUP_WEEKS = 1, 0
    (root / "2020-01-01T013000").mkdir()  # broken off long ago
    (root / "notes").mkdir()
    assert keeping.prove_newest().is_good is False
    report = keeping.back_up()
    assert report.is_good, report.sentence
    proof = keeping.prove_newest()
    assert proof.is_good, proof.sentence
    assert sorted(path.name for path in root.iterdir()) == [keeping.whole_backups()[0].name, "notes"]


@pytest.mark.django_db(transaction=True)
def test_a_byte_that_rotted_in_a_backup_is_told(root):
    keeping.back_up()
    database = next(path for path in keeping.whole_backups()[0].iterdir() if path.name.startswith("portal."))
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    report = keeping.prove_newest()
    assert not report.is_good
    assert database.name in report.sentence


@pytest.mark.django_db(transaction=True)
def test_a_proof_leaves_alone_what_somebody_is_restoring(root):
    keeping.back_up()
    newest = keeping.whole_backups()[-1]
    beside = database.load_beside(newest / database.file_name())
    assert keeping.prove_newest().is_good
    with database.pointed_at(beside):
        assert Edition.objects.exists()
    database.remove_beside()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_does_not_come_back_empty(root):
    with pytest.raises((sqlite3.OperationalError, NotAllowed)):
        database.swap(database._name() + database.RESTORING)
    assert Edition.objects.exists()
