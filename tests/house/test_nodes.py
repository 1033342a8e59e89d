"""Nodes on one PostgreSQL that is empty, away, stopped and back: they wait, and are well again by themselves."""

import contextlib

import psycopg2
import pytest

from tests.running import Installation, wait_until
from tools.postgres import temporary_server

pytestmark = [pytest.mark.postgres_only, pytest.mark.long]
LONG = 400  # seconds; a first preparation alone takes half a minute on a quiet machine


@pytest.fixture(scope="module")
def server():
    with temporary_server() as server:
        yield server


@pytest.fixture(scope="module")
def nodes(server, tmp_path_factory):
    """Two nodes that were told to prepare while their database was away; then it came."""
    server.stop()
    nodes = [
        Installation(
            tmp_path_factory.mktemp(f"node{number}"), DATABASE_URL=server.url, DATABASE_START_SECONDS="300"
        )
        for number in (1, 2)
    ]
    preparing = [node.start("-m", "tools.prepare") for node in nodes]
    for node in nodes:
        wait_until(
            lambda node=node: "Waiting for the database postgres at 127.0.0.1:" in node.log, "it waits"
        )
    assert [process.poll() for process in preparing] == [None, None]
    assert server.start()
    for process in preparing:
        process.wait(timeout=LONG)
    yield nodes
    for node in nodes:
        node.stop()


def asked(server, question: str):
    """The first value of an answer; None while the server is away."""
    with contextlib.suppress(psycopg2.OperationalError):
        connection = psycopg2.connect(server.url, connect_timeout=3)
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    return None


def test_two_nodes_that_start_together_on_an_empty_database_both_start(nodes, server):
    assert [node.started[0].returncode for node in nodes] == [0, 0]
    assert sum("admin  " in node.log for node in nodes) == 1
    assert sum("Waiting for another node that prepares the database" in node.log for node in nodes) == 1
    assert all(server.password not in node.log for node in nodes)
    assert asked(server, "SELECT count(*) FROM accounts_user") == 1
    assert asked(server, "SELECT count(*) = count(DISTINCT (app, name)) FROM django_migrations") is True


def test_a_database_that_stays_away_is_waited_for_only_so_long(server, tmp_path):
    nobody = server.url.replace(str(server.port), "1")
    node = Installation(tmp_path, DATABASE_URL=nobody, DATABASE_START_SECONDS="2")
    assert node.start("-m", "tools.prepare").wait(timeout=60) == 1
    assert "The portal cannot start: the database refuses" in node.log
    assert "Traceback" not in node.log


def test_a_node_outlives_its_database(nodes, server):
    node = nodes[0]
    running = node.start("-m", "tools.serve", "all", "--unprepared")
    wait_until(lambda: node.ask("/readyz") == 200, "it is ready")
    wait_until(lambda: asked(server, "SELECT count(*) FROM jobs_worker"), "its worker is there")
    server.stop()
    assert node.ask("/readyz") == 503
    assert node.ask("/healthz") == 200
    wait_until(lambda: "The worker waits for the database" in node.log, "its worker waits")
    assert node.ask("/healthz") == 200
    assert server.start()
    wait_until(lambda: node.ask("/readyz") == 200, "it is ready again")
    wait_until(lambda: "The database answers again" in node.log, "its worker goes on")
    assert asked(server, "SELECT beat_at > pg_postmaster_start_time() FROM jobs_worker") is True
    assert running.poll() is None
    assert "ended by itself" not in node.log
    assert asked(server, "SELECT count(*) FROM jobs_worker") == 1
