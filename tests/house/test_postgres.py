"""The PostgreSQL of a test run comes and goes without a trace."""

import os
from pathlib import Path

import psycopg2
import pytest

from tools import postgres

pytestmark = pytest.mark.postgres_only


@pytest.fixture
def folders(monkeypatch) -> list[Path]:
    """Folders that servers were given."""
    given = []
    mkdtemp = postgres.tempfile.mkdtemp

    def remember(**keywords):
        given.append(Path(mkdtemp(**keywords)))
        return str(given[-1])

    monkeypatch.setattr(postgres.tempfile, "mkdtemp", remember)
    return given


def test_a_server_answers_with_its_password_and_is_gone_afterwards(folders):
    with postgres.temporary_postgres() as url:
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            assert cursor.fetchone() == ("UTF8",)
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(url.replace("portal:", "portal:wrong"))
        (folder,) = folders
        assert folder.stat().st_mode & 0o077 == 0
        if os.geteuid() == 0:
            assert folder.stat().st_uid != 0
    assert not folder.exists()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)


def test_it_is_gone_after_a_failure_too(folders):
    def fail():
        with postgres.temporary_postgres() as url:
            psycopg2.connect(url).close()
            raise RuntimeError(url)

    with pytest.raises(RuntimeError) as failure:
        fail()
    assert not folders[0].exists()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(str(failure.value))


def test_a_server_that_cannot_start_is_reported_with_its_own_words(folders, monkeypatch):
    monkeypatch.setitem(postgres.SERVER_SETTINGS, "max_connections", "none")
    with pytest.raises(postgres.DidNotStart, match="max_connections"), postgres.temporary_postgres():
        pass
    assert not folders[0].exists()
