"""A real web server and clients who send half of what they promise, too slowly, or too much."""

import socket
import time

import pytest

from tests.running import Installation, database_of_the_test, wait_until
from tools import incoming

pytestmark = pytest.mark.django_db  # the site is served on this database
HALF_BODY = (
    b"POST /enquiries/new/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\ntext=half"
)
HALF_HEAD = b"GET /healthz HTTP/1.1\r\nHost: local"


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    """Served with 4 threads."""
    with django_db_blocker.unblock():
        database = database_of_the_test()
    installation = Installation(tmp_path_factory.mktemp("intake"), THREADS="4", DATABASE_URL=database)
    installation.start("-m", "tools.serve", "web", "--unprepared")
    wait_until(lambda: installation.ask("/healthz") == 200, "the site answers")
    yield installation
    installation.stop()


def connect(site: Installation, words: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", site.port), timeout=20)
    client.sendall(words)
    return client


def answer(client: socket.socket) -> bytes:
    """All that comes until the other side has nothing more to say for a moment."""
    said = b""
    client.settimeout(20)
    while piece := client.recv(65536):
        said += piece
        client.settimeout(0.5)
        try:
            client.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            break
    return said


@pytest.mark.parametrize("half", [HALF_BODY, HALF_HEAD])
def test_sixty_half_sent_requests_take_no_thread_from_others(site, half):
    clients = [connect(site, half) for _ in range(60)]
    time.sleep(0.5)
    assert [site.ask("/healthz") for _ in range(5)] == [200] * 5
    assert site.ask("/guide/") == 200
    for client in clients:
        client.close()
    assert site.ask("/healthz") == 200


def test_a_form_that_arrives_in_pieces_is_read_whole(site):
    body = b"next=%2Fguide%2F&" + b"x" * 300_000
    head = b"POST /enquiries/follow/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
    client = connect(site, head[:30])
    for start in range(30, len(head), 17):
        client.sendall(head[start : start + 17])
    for start in range(0, len(body), 70_000):
        time.sleep(0.05)
        client.sendall(body[start : start + 70_000])
    said = answer(client)
    assert said.startswith(b"HTTP/1.1 ")
    assert b" 408 " not in said.splitlines()[0]


def test_requests_on_one_connection_are_answered_one_after_the_other(site):
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    client = connect(site, one + one + one[:20])
    said = answer(client)
    assert said.count(b"HTTP/1.1 200 OK") == 2
    assert site.ask("/healthz") == 200
    client.sendall(one[20:])
    assert b"HTTP/1.1 200 OK" in answer(client)


def test_a_client_that_asks_first_is_told_to_go_on(site):
    head = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    client = connect(site, head)
    assert client.recv(100).startswith(b"HTTP/1.1 100 Continue")
    client.sendall(b"12345")
    assert b" 403 " in answer(client)  # of a form without its token, as from any stranger


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (b"Content-Length: %d\r\n\r\n" % (incoming.MOST_OF_BODY + 1), 413),
        (b"Transfer-Encoding: chunked\r\n\r\n", 411),
        (b"X: " + b"y" * (incoming.MOST_OF_HEAD + 1), 431),
    ],
)
def test_what_will_not_be_taken_in_is_refused_at_once(site, words, status):
    client = connect(site, b"POST /enquiries/new/ HTTP/1.1\r\nHost: localhost\r\n" + words)
    assert answer(client).startswith(b"HTTP/1.1 %d " % status)


def test_lengths_that_contradict_each_other_reach_nobody(site):
    head = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n12345"
    assert answer(connect(site, head)).startswith(b"HTTP/1.1 400 ")
    assert site.ask("/healthz") == 200


def test_who_takes_too_long_is_told_so(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(incoming.time, "monotonic", lambda: now[0])
    arriving = incoming.Incoming()
    assert arriving.deadline == now[0] + incoming.HEAD_SECONDS
    now[0] += 5
    arriving.take(b"POST / HTTP/1.1\r\nContent-Length: 81920\r\n\r\n")
    assert arriving.deadline == now[0] + incoming.BODY_SECONDS + 10
    assert not arriving.is_whole
    arriving.take(b"x" * 81920 + b"GET ")
    assert arriving.is_whole
    assert arriving.rest == b"GET "
