"""Trying to reach the site: what counts as open, what is kept, and what is never called."""

import datetime
import time

import pytest

from portal.core.editions import clock
from portal.core.workflow import NotAllowed
from portal.site.inspection import probing
from portal.site.inspection.models import Probe
from portal.site.inspection.probing import check_address, probe, reachable
from portal.site.inspection.quarters import Quarter
from portal.site.inspection.table import present

from .make import make_probe, server

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def answer_with(status: int, body: bytes = b"ok", **headers: str):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_an_open_page_is_kept_with_its_time():
    with server(answer_with(200)) as url:
        tried = probe(url)
    assert (tried.status, tried.fault) == (200, "")
    assert Probe.objects.get() == tried


@pytest.mark.parametrize("status", [404, 500, 503])
def test_an_error_is_no_open_page(status):
    with server(answer_with(status)) as url:
        assert probe(url).fault == f"服务器回答 {status}"


def test_nobody_answers():
    with server(answer_with(200)) as url:
        pass
    assert probe(url).fault.startswith("连接不上")


def drip(handler):
    """Never silent, never done."""
    handler.send_response(200)
    handler.end_headers()
    for _moment in range(100):
        try:
            handler.wfile.write(b".")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def drip_headers(handler):
    for _moment in range(100):
        try:
            handler.wfile.write(b"H")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def stay_silent(handler):
    time.sleep(2)


@pytest.mark.parametrize("answer", [drip, drip_headers, stay_silent])
def test_a_page_that_does_not_end_in_time_is_not_open(monkeypatch, answer):
    monkeypatch.setattr(probing, "LIMIT_SECONDS", 0.5)
    started = time.monotonic()
    with server(answer) as url:
        fault = probe(url).fault
        assert time.monotonic() - started < 1.5
    assert "秒内没有打开" in fault


def test_a_redirect_is_followed_here_and_nowhere_else():
    with server(answer_with(200)) as target, server(answer_with(302, Location=target)) as url:
        assert probe(url).status == 200
    with server(answer_with(302, Location="http://example.com/")) as url:
        assert "被转到别处" in probe(url).fault
    with server(answer_with(302, Location="/")) as url:
        assert "转了 5 次" in probe(url).fault


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://169.254.169.254/latest",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "ftp://localhost/",
        "http://user:word@localhost/",
        "http://localhost@example.com/",
        "localhost",
        "http://",
        "http://localhost:99999/",
        "http://localhost/a b",
        "http://localhost/\r\nHost: x",
        "http://127.0.0.1.example.com/",
    ],
)
def test_nothing_but_this_site_is_called(url):
    with pytest.raises(NotAllowed):
        probe(url)
    assert not Probe.objects.exists()


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/", "http://127.0.0.1/x?y=1", "http://[::1]:8000/", "https://portal.cn/a"]
)
def test_the_own_host_and_this_machine_may_be_called(settings, url):
    settings.SITE_URL = "https://portal.cn"
    assert check_address(url).hostname


def test_five_percent_fail_the_whole_site():
    for _try in range(19):
        make_probe()
    assert reachable(present()).verdict == "合格"
    make_probe(fault="连接不上")
    check = reachable(present())
    assert check.verdict == "单项否决"
    assert "探测 20 次，打不开 1 次（5.0%）" in check.measured


def test_less_than_five_percent_do_not():
    for _try in range(20):
        make_probe()
    make_probe(fault="连接不上")
    assert reachable(present()).verdict == "合格"


def test_a_quarter_without_tries_is_never_told_as_passed():
    before = clock.end_of(Quarter.of(clock.today()).first_day) - datetime.timedelta(days=2)
    make_probe(at=before, fault="连接不上")  # of the quarter before
    assert reachable(present()).verdict == "未测"


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [
        ((2026, 1, 1), "2026年第1季度", (2026, 1, 1), (2026, 3, 31)),
        ((2026, 11, 24), "2026年第4季度", (2026, 10, 1), (2026, 12, 31)),
        ((2024, 6, 30), "2024年第2季度", (2024, 4, 1), (2024, 6, 30)),
    ],
)
def test_quarters_have_their_days(day, name, first, last):
    quarter = Quarter.of(datetime.date(*day))
    assert str(quarter) == name
    assert (quarter.first_day, quarter.last_day) == (datetime.date(*first), datetime.date(*last))
