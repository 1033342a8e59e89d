"""What is finished goes out in front of the middleware, and is what the middleware would have sent."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from portal.core.pages import cache
from portal.core.pages.entry import FinishedPages, key_asked
from portal.core.session_keys import new_key
from tests.make import make_division
from tests.portal.core.database_faults import held_by_another
from tests.portal.core.pages.test_cache import publish

pytestmark = pytest.mark.django_db
GUIDE = "/guide/"


@pytest.fixture(autouse=True)
def _request_leaves_the_connection_open():
    """The test's own transaction is in it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


class Site:
    """The entry before the whole stack; `inside` counts what went on into it."""

    def __init__(self):
        self.inside = 0
        self.stack = WSGIHandler()
        self.entry = FinishedPages(self.count)

    def count(self, environ, start_response):
        self.inside += 1
        return self.stack(environ, start_response)

    def ask(self, address=GUIDE, method="GET", **headers):
        names = {
            name.upper() if name[:4] == "wsgi" else f"HTTP_{name.upper()}": headers[name] for name in headers
        }
        environ = RequestFactory().generic(method, address, **{"HTTP_HOST": "localhost", **names}).environ
        told = []
        response = self.entry(environ, lambda status, given, *rest: told.append((status, given)))
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        status, given = told[0]
        return int(status[:3]), dict(given), body


@pytest.fixture
def site():
    return Site()


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_kept_page_has_the_headers_of_the_whole_stack(site, encoding, method):
    drawn = site.ask(method=method, accept_encoding=encoding)
    kept = site.ask(method=method, accept_encoding=encoding)
    assert site.inside == 1
    assert kept[0] == 200
    assert drawn[1].keys() == kept[1].keys()
    own = {"Content-Length"}  # packed quickly for the first reader, closely for all after him
    assert {name: kept[1][name] for name in kept[1].keys() - own} == {
        name: drawn[1][name] for name in drawn[1].keys() - own
    }
    assert "default-src 'self'" in kept[1]["Content-Security-Policy"]
    assert kept[1]["X-Frame-Options"] == "DENY"


def test_head_has_the_length_of_get_and_no_body(site):
    site.ask(accept_encoding="br")
    got, head = site.ask(accept_encoding="br"), site.ask(method="HEAD", accept_encoding="br")
    assert head[2] == b""
    assert head[1] == got[1]
    assert int(head[1]["Content-Length"]) == len(got[2]) > 0


def test_a_browser_that_has_the_page_is_told_so_with_the_same_headers(site):
    etag = site.ask()[1]["ETag"]
    for tags in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        status, headers, body = site.ask(if_none_match=tags)
        assert (status, body) == (304, b"")
        assert headers["ETag"] == etag
        assert "Content-Security-Policy" in headers
        assert not {"Content-Type", "Content-Encoding", "Content-Length"} & headers.keys()
    assert site.inside == 1
    assert site.ask(if_none_match='"other"')[0] == 200


def test_a_kept_page_asks_the_database_once_a_second(site, settings, django_assert_num_queries):
    publish(1)  # before it, how the office is reached is asked beside
    site.ask()
    settings.PAGE_TOKEN_SECONDS = 60
    with django_assert_num_queries(0):
        site.ask()
    settings.PAGE_TOKEN_SECONDS = 0
    with django_assert_num_queries(1):
        site.ask()
    assert site.inside == 1


def test_after_a_publication_the_old_page_is_over(site):
    site.ask()
    publish(1)
    site.ask()
    assert site.inside == 2


@pytest.mark.parametrize("host", ["strange.example", "localhost:99999x", "", "localhost.strange.example"])
def test_a_strange_host_is_refused_also_where_the_page_is_kept(site, host):
    site.ask()
    assert site.ask(host=host)[0] == 400
    assert site.ask(host="127.0.0.1:8000")[0] == 200


def test_whoever_has_a_session_goes_inside_and_leaves_nothing(site):
    session = f"sessionid={new_key()}"
    site.ask(cookie=session)
    assert not cache.pages
    site.ask()
    assert "private" in site.ask(cookie=f"size=elder; {session}")[1]["Cache-Control"]
    assert site.inside == 3


def test_a_session_that_was_made_up_asks_nobody_anything(site):
    """Neither the view nor the database, however many are made up."""
    drawn = site.ask()
    for made_up in ("abc", "x" * 32, new_key()[:-1] + "!", new_key()[::-1]):
        assert site.ask(cookie=f"sessionid={made_up}")[2] == drawn[2]
    assert site.inside == 1


def test_only_a_place_that_there_is_has_a_page_of_its_own(site):
    make_division(code="350000", name="福建省")
    plain = site.ask()
    for nowhere in ("999999", "123456", "35000x", "0350000"):
        assert site.ask(cookie=f"place={nowhere}")[2] == plain[2]
    assert site.inside == 1
    own = site.ask(cookie="place=350000")[2].decode()
    assert "福建省" in own
    assert site.ask(cookie="place=350000; a=b")[2].decode() == own
    assert site.inside == 2


def test_an_answer_that_says_no_place_is_one_for_all_places(site):
    make_division(code="350000", name="福建省")
    for address in ("/robots.txt", "/sitemap.xml", "/notices/feed.atom", "/api/v1/"):
        here = site.ask(address, cookie="place=350000")
        before = site.inside
        assert site.ask(address)[2] == here[2]
        assert site.ask(address, cookie="place=350000", accept_encoding="br")[0] == 200
        assert site.inside == before, address


def test_a_value_that_is_given_twice_is_judged_alike_whether_its_answer_is_kept_or_not(site):
    twice, once = "/api/v1/products?star=3&star=3", "/api/v1/products?star=3"
    assert site.ask(twice)[0] == 400
    assert site.ask(once)[0] == 200
    assert site.ask(twice)[0] == 400
    assert site.ask("/products/?star=3")[0] == site.ask("/products/?star=3&star=3")[0] == 200


def test_what_is_said_to_one_reader_is_kept_by_no_proxy(site, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    drawn, kept = site.ask("/api/v1/"), site.ask("/api/v1/")
    assert ("RateLimit" in drawn[1], "X-Accel-Expires" in drawn[1]) == (True, False)
    assert ("RateLimit" in kept[1], kept[1]["X-Accel-Expires"]) == (False, "1")


def test_each_mode_has_its_own_page(site):
    plain, elder, high = site.ask(), site.ask(cookie="size=elder"), site.ask(cookie="contrast=high")
    assert len({plain[2], elder[2], high[2]}) == 3
    assert site.ask(cookie="other=1; size=elder")[2] == elder[2]
    assert site.ask(cookie="size=huge")[2] == plain[2]
    assert site.inside == 3


def test_a_page_that_came_encrypted_is_not_given_to_who_did_not(site, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    site.stack = WSGIHandler()
    assert site.ask(x_forwarded_proto="https")[0] == 200
    assert site.ask()[0] == 301
    assert site.ask(x_forwarded_proto="http")[0] == 301
    assert site.ask(x_forwarded_proto="https")[0] == 200


def test_an_address_written_otherwise_is_the_same_page_and_an_empty_field_is_led_away(site):
    site.ask("/products/?star=3&validity=all")
    inside = site.inside
    assert site.ask("/products/?validity=all&star=3&utm_source=x")[0] == 200
    assert site.inside == inside
    status, headers, _body = site.ask("/products/?validity=all&star=3&q=")
    assert (status, headers["Location"]) == (302, "/products/?star=3&validity=all")


def test_a_kept_page_tells_nobody_how_its_first_reader_came(site):
    body = site.ask("/products/?utm_source=a-friend-of-mine", accept_encoding="")[2]
    assert b"a-friend-of-mine" not in body
    assert b"next=/products/" in body


def test_a_post_goes_inside(site):
    site.ask()
    assert site.ask(method="POST")[0] != 200
    assert site.inside == 2


def test_what_was_drawn_without_the_entry_gets_its_headers_when_it_first_passes(site):
    site.stack(RequestFactory().get(GUIDE, HTTP_HOST="localhost").environ, lambda *told: None)
    assert next(iter(cache.pages.values())).frame is None
    site.ask()
    assert "Content-Security-Policy" in site.ask()[1]
    assert site.inside == 1


def test_what_is_not_200_is_not_kept(site):
    assert [site.ask("/products/?colour=red")[0] for _ in range(2)] == [400, 400]
    assert site.inside == 2


def test_no_key_without_a_state():
    """Where the state is too old and nobody may ask for it, as in the loop of the server."""
    environ = RequestFactory().get(GUIDE, HTTP_HOST="localhost").environ
    assert key_asked(environ, lambda: None) is None


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_keeps_no_reader_from_a_kept_page(site):
    site.ask()
    with held_by_another():
        assert site.ask()[0] == 200
