"""/healthz and /readyz."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


def test_healthz_answers_without_the_database(client):
    # No database mark: pytest-django would fail the test at the first query.
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b"ok\n"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_ready_when_every_migration_is_applied(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_says_how_many_migrations_are_missing(client):
    MigrationRecorder(connection).migration_qs.filter(app="sessions").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content == b"1 migrations are not applied\n"


def test_readyz_says_that_the_database_is_unreachable(client, monkeypatch):
    def refuse(*args):
        from django.db import OperationalError

        raise OperationalError("down")

    monkeypatch.setattr("portal.views.MigrationExecutor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content == b"database unreachable\n"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_is_read_only(client, address):
    assert client.post(address).status_code == 405
