"""A real web server: finished pages go out without a thread, and a crowd of strangers leaves room for everybody else."""

import signal
import socket
import time

import pytest
from django.conf import settings

from portal.core.session_keys import new_key
from tests.running import Installation, database_of_the_test, wait_until
from tools import heads
from tools.gate import MOST_WAITING, WAIT_SECONDS, Gate

pytestmark = pytest.mark.django_db  # the site is served on this database
GUIDE = b"GET /guide/ HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    """Served by one process with 4 threads, so that one stranger's page is drawn at a time."""
    with django_db_blocker.unblock():
        database = database_of_the_test()
    shared = {"DATABASE_URL": database, "SECRET_KEY": settings.SECRET_KEY}
    installation = Installation(tmp_path_factory.mktemp("swift"), THREADS="4", WORKERS="1", **shared)
    installation.start("-m", "tools.serve", "web", "--unprepared")
    wait_until(lambda: installation.ask("/healthz") == 200, "the site answers")
    yield installation
    installation.stop()


def connect(site: Installation) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.port), timeout=20)


def one_answer(client: socket.socket) -> tuple[int, dict[str, str], bytes]:
    file = client.makefile("rb")
    status = int(file.readline().split()[1])
    headers = {}
    while (line := file.readline()) not in (b"\r\n", b""):
        name, value = line.decode().split(": ", 1)
        headers[name.lower()] = value.strip()
    body = file.read(int(headers.get("content-length", 0))) if status != 304 else b""
    return status, headers, body


def ask(client: socket.socket, words: bytes) -> tuple[int, dict[str, str], bytes]:
    client.sendall(words)
    return one_answer(client)


def test_the_loop_says_what_a_thread_says(site):
    client = connect(site)
    drawn, first, second = ask(client, GUIDE), ask(client, GUIDE), ask(client, GUIDE)
    threaded = ask(client, GUIDE.replace(b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"))
    assert drawn[0] == first[0] == 200
    assert first[2] == second[2] == threaded[2]
    assert {**first[1], "date": ""} == {**threaded[1], "date": ""}
    assert first[1].keys() == drawn[1].keys()


def test_the_loop_answers_304_and_head(site):
    client = connect(site)
    ask(client, GUIDE)
    etag = ask(client, GUIDE)[1]["etag"]
    status, headers, _body = ask(client, GUIDE[:-2] + f"If-None-Match: {etag}\r\n\r\n".encode())
    assert (status, headers["etag"]) == (304, etag)
    client.sendall(GUIDE.replace(b"GET", b"HEAD"))
    client.sendall(GUIDE)
    said = b""
    while said.count(b"HTTP/1.1 200 OK") < 2:
        said += client.recv(65536)
    assert said.split(b"\r\n\r\n", 1)[1].startswith(b"HTTP/1.1 200 OK")  # no body behind the first head


def test_a_strange_host_and_a_broken_head_are_refused_where_the_page_is_kept(site):
    ask(connect(site), GUIDE)
    for words in (
        GUIDE.replace(b"localhost", b"strange.example"),
        GUIDE.replace(b"Host: localhost", b"Host: localhost\r\nHost: strange.example"),
        GUIDE.replace(b"Accept-Encoding: br", b"Accept-Encoding : br"),
    ):
        assert ask(connect(site), words)[0] == 400


def test_who_reads_nothing_keeps_nobody_waiting(site):
    ask(connect(site), GUIDE)
    greedy = connect(site)
    greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    greedy.setblocking(False)
    for _ in range(20_000):
        try:
            greedy.send(GUIDE)
        except BlockingIOError:
            break
    assert ask(connect(site), GUIDE)[0] == 200
    assert site.ask("/healthz") == 200
    greedy.close()


def test_a_crowd_is_told_to_come_again_and_the_desk_is_not(site):
    ask(connect(site), GUIDE)
    crowd = [connect(site) for _ in range(MOST_WAITING * 4)]
    for number, client in enumerate(crowd):
        client.sendall(b"GET /products/?q=%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % number)
    signed_in = b"GET /products/?q=x HTTP/1.1\r\nHost: localhost\r\nCookie: a=b; sessionid=%s\r\n\r\n"
    assert ask(connect(site), signed_in % new_key().encode())[0] == 200
    assert ask(connect(site), GUIDE)[0] == 200
    assert site.ask("/accounts/login/") == 200
    answers = [one_answer(client) for client in crowd]
    refused = [one for one in answers if one[0] == 503]
    assert len(refused) < len(answers)
    assert {one[0] for one in answers} == {200, 503}
    _status, headers, body = refused[0]
    assert int(headers["retry-after"]) > 0
    assert headers["cache-control"] == "no-store"
    assert "人太多" in body.decode()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /a HTTP/1.0\r\nHost: a\r\n\r\n",
        b"GET //a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: b=1\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        b"GET /a HTTP/1.1\r\nScript_Name: /b\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Type: a\r\nContent-Type: b\r\n\r\n",
        b"GET /a HTTP/1.1\nHost: a\n\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: \xe9\r\n\r\n",
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_an_unusual_head_is_left_to_the_parser(head):
    assert heads.read(head) is None


@pytest.mark.parametrize("lines", [b"A: b\r\n" * 500, b"A:" + b" " * 3900 + b"b\r\n"])
def test_no_head_keeps_the_loop_busy(lines):
    """Every reading of every line tried with every reading of all others would take longer than there is time."""

    def gives_up(*_given):
        raise AssertionError("it does not end")

    before = signal.signal(signal.SIGALRM, gives_up)
    signal.alarm(60)
    try:
        assert heads.read(b"GET /a HTTP/1.1\r\n" + lines + b"Cookie: \xe4\r\n\r\n") is None
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_a_plain_head_is_read_as_wsgi_names_it():
    head = (
        b"GET /products/%E4%B8%AD?q=%E5%9B%BD HTTP/1.1\r\nHost: a:8000\r\nX-Any: 1\r\ncookie:  b=1 \r\n\r\n"
    )
    assert heads.read(head) == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/products/中".encode().decode("latin-1"),
        "QUERY_STRING": "q=%E5%9B%BD",
        "HTTP_HOST": "a:8000",
        "HTTP_COOKIE": "b=1",
    }


KEY = new_key().encode()
LIST, EXPORT = b"GET /products/ HTTP/1.1\r\n\r\n", b"GET /products/export.csv?page=1 HTTP/1.1\r\n\r\n"


def test_a_place_that_is_left_goes_to_the_first_who_may_have_it():
    gate = Gate(2)
    assert gate.enters("a", EXPORT)
    assert not gate.enters("b", EXPORT)  # whole lists take half of the places at most
    assert gate.enters("c", LIST)
    assert not gate.enters("d", LIST)
    assert gate.leaves("c") == "d"
    assert gate.leaves("a") == "b"
    assert gate.leaves("somebody else") is None


@pytest.mark.parametrize(
    "path",
    [
        b"/products/export%2Ecsv",
        b"/products/%65xport.csv",
        b"/data/5/products.xlsx",
        b"/batches/2022-1/files/enterprises.csv",
        b"/batches/2022-1/lines.jsonl",
        b"/data/5/manifest.json",
    ],
)
def test_a_whole_list_is_known_however_it_is_written(path):
    gate = Gate(2)
    assert gate.enters("a", EXPORT)
    assert not gate.enters("b", b"GET " + path + b" HTTP/1.1\r\n\r\n")
    assert gate.enters("c", b"GET /products/?q=/export.csv HTTP/1.1\r\n\r\n")


def test_who_waited_long_enough_is_told():
    gate = Gate(1)
    gate.enters("a", LIST)
    gate.enters("b", LIST)
    assert gate.gives_up(time.monotonic()) == []
    assert gate.gives_up(time.monotonic() + WAIT_SECONDS + 1) == ["b"]
    assert gate.leaves("a") is None


@pytest.mark.parametrize(
    ("head", "is_guarded"),
    [
        (LIST, True),
        (b"HEAD / HTTP/1.1\r\nCookie: size=elder; my_sessionid=1\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nCookie: size=elder; sessionid=KEY\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nCookie: sessionid=KEY; a=b\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nCookie: sessionid=KEY0\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nCookie: sessionid=YEK\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nCookie: sessionid=\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nCookie: sessionid=\xff\r\n\r\n", True),
        (b"GET /admin/ HTTP/1.1\r\n\r\n", False),
        (b"GET /accounts/login/?next=/desk/ HTTP/1.1\r\n\r\n", False),
        (b"GET /readyz HTTP/1.1\r\n\r\n", False),
        (b"POST /enquiries/new/ HTTP/1.1\r\n\r\n", False),
        (b"GET http://localhost/products/ HTTP/1.1\r\n\r\n", True),
        (b"GET HTTP://localhost HTTP/1.1\r\n\r\n", True),
        (b"GET http://localhost/admin/ HTTP/1.1\r\n\r\n", False),
        (b"GET /products/?a=;sessionid=KEY HTTP/1.1\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nX-Any: sessionid=KEY\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nCookie: a=b\r\ncookie:\tsessionid=KEY\r\n\r\n", False),
    ],
)
def test_only_strangers_who_look_at_public_pages_wait(head, is_guarded):
    made = head.replace(b"KEY", KEY).replace(
        b"YEK", KEY[::-1]
    )  # here: names of tests are the same in each process
    assert Gate.guards(made) is is_guarded
