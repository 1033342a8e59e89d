"""A node with a streaming replica: readers read there, go on without the primary, and never read what lags."""

import contextlib
import http.client

import psycopg2
import pytest

from tests.running import Installation, wait_until
from tools.postgres import temporary_server

pytestmark = [pytest.mark.postgres_only, pytest.mark.long]
PAGES = [
    "/",
    "/products/",
    "/enterprises/",
    "/notices/",
    "/regions/",
    "/products/export.csv",
    "/check/?number=1",
]
DATABASES = ("DATABASE_URL", "DATABASE_REPLICA_URLS", "REPLICA_MAX_SECONDS")
TOKEN = "a" * 32
SIGN_IN = f"login=admin&password=wrong&csrfmiddlewaretoken={TOKEN}"


@pytest.fixture(scope="module")
def primary():
    with temporary_server() as server:
        yield server


@pytest.fixture(scope="module")
def node(primary, tmp_path_factory):
    """Prepared on the primary; the replica is made of that, and the site started without preparing anything."""
    with contextlib.ExitStack() as servers:
        node = Installation(
            tmp_path_factory.mktemp("node"), DATABASE_URL=primary.url, REPLICA_MAX_SECONDS="1"
        )
        assert node.start("-m", "tools.prepare").wait(timeout=400) == 0, node.log
        node.replica = servers.enter_context(temporary_server(following=primary))
        node.environment["DATABASE_REPLICA_URLS"] = node.replica.url
        node.start("-m", "tools.serve", "web", "--unprepared")
        wait_until(lambda: node.ask("/readyz") == 200, "the node is ready")
        yield node
        node.stop()


def told(server, question: str):
    connection = psycopg2.connect(server.url, connect_timeout=3)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def body_of(node, path: str, method: str = "GET", body: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)
    with contextlib.closing(connection):
        form = (
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={TOKEN}"}
            if body
            else {}
        )
        connection.request(method, path, body, {"Host": "localhost", **form})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def is_up(node) -> bool:
    return 'portal_replica_up{replica="replica1"} 1.0' in body_of(node, "/metrics")[1]


def looks_at(server, table: str) -> int:
    """How often somebody read the table there, as far as the server has counted it."""
    question = "SELECT seq_scan + COALESCE(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = "
    return told(server, f"{question}'{table}'")


def test_public_pages_are_read_from_the_replica(node, primary):
    wait_until(lambda: is_up(node), "the replica is seen to be well")
    before = looks_at(primary, "notices_noticeversion")
    for page in PAGES:
        assert node.ask(page) == 200, page
    wait_until(lambda: looks_at(node.replica, "notices_noticeversion") > 0, "the replica counts who read it")
    assert looks_at(primary, "notices_noticeversion") == before


def test_a_replica_that_lags_is_left_out_until_it_has_caught_up(node, primary):
    told(node.replica, "SELECT pg_wal_replay_pause()")
    told(primary, "UPDATE accounts_user SET first_name = '示例'")
    wait_until(lambda: not is_up(node), "it is seen to lag")
    assert node.ask("/notices/") == 200
    told(node.replica, "SELECT pg_wal_replay_resume()")
    wait_until(lambda: is_up(node), "it is taken back")


def test_a_node_of_readers_starts_without_the_primary(node, primary, tmp_path):
    """So it writes nothing when it starts, and nothing when it is read."""
    reader = Installation(tmp_path, **{name: node.environment[name] for name in DATABASES})
    primary.stop()
    try:
        reader.start("-m", "tools.serve", "web", "--unprepared")
        wait_until(lambda: reader.ask("/healthz") == 200, "it answers")
        assert [reader.ask(page) for page in PAGES] == [200] * len(PAGES)
        assert "primary unreachable" in body_of(reader, "/readyz")[1]
    finally:
        reader.stop()
        assert primary.start()


def test_reading_goes_on_without_the_primary_and_writing_says_so(node, primary):
    wait_until(lambda: is_up(node), "the replica is seen to be well")
    primary.stop()
    try:
        for page in PAGES:
            assert node.ask(page) == 200, page
        for query in range(20):
            assert node.ask(f"/products/?q=nothing-that-was-kept-{query}") == 200
        assert "primary unreachable" in body_of(node, "/readyz")[1]
        status, said = body_of(node, "/accounts/login/", "POST", SIGN_IN)
        assert status == 503
        assert "本站暂时不能使用" in said
    finally:
        assert primary.start()
    wait_until(lambda: body_of(node, "/readyz") == (200, "ok\n"), "the node is whole again")
    wait_until(
        lambda: body_of(node, "/accounts/login/", "POST", SIGN_IN)[0] != 503,
        "it writes again",
    )


def test_without_the_replica_the_primary_is_read(node, primary):
    node.replica.stop()
    for page in PAGES:
        assert node.ask(page) == 200, page
    assert node.replica.start()
    wait_until(lambda: is_up(node), "it is taken back")
    assert node.ask("/products/?q=again") == 200
