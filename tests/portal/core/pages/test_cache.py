"""The page cache: what is kept, for whom, and until when."""

import gzip
from datetime import UTC, datetime

import brotli
import pytest
import time_machine
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from portal.core.editions.models import Edition
from portal.core.pages import cache
from portal.core.pages.cache import public_page
from portal.core.pages.reading import read_at
from portal.core.session_keys import new_key

pytestmark = pytest.mark.django_db
TEXT = "绿色建材下乡" * 100


@pytest.fixture(autouse=True)
def empty_cache(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()
    yield
    cache.clear()


def publish(number: int) -> None:
    Edition.objects.create(
        number=number, token=str(number), at=datetime.now(UTC), cause="batch", subject="x", header={}
    )


class Counted:
    """A view that says how often it ran."""

    def __init__(self, answer=None):
        self.runs = 0
        self.answer = answer or (lambda request: HttpResponse(f"{TEXT}{self.runs}"))
        self.view = public_page(self.run)

    __name__ = "counted"

    def run(self, request):
        self.runs += 1
        read_at(request)
        return self.answer(request)

    def get(self, address="/", **headers):
        request = RequestFactory().get(address, **headers)
        request.COOKIES.update(headers.get("cookies", {}))
        return self.view(request)


def test_the_second_reader_gets_the_kept_bytes():
    counted = Counted()
    assert counted.get("/a").content == counted.get("/a").content
    assert counted.runs == 1


def test_a_hit_asks_the_database_only_for_the_token(django_assert_num_queries, settings):
    publish(1)  # before it, how the office is reached is asked beside
    counted = Counted()
    counted.get("/a")
    with django_assert_num_queries(1):
        counted.get("/a")
    settings.PAGE_TOKEN_SECONDS = 60
    with django_assert_num_queries(0):
        counted.get("/a")


def test_the_same_question_typed_differently_is_one_page():
    counted = Counted()
    counted.get("/a?star=3&category=c1&from=timeline")
    counted.get("/a?category=c1&star=3&utm_source=x&q=")
    assert counted.runs == 1


def test_a_new_edition_a_new_day_and_another_mode_are_other_pages():
    counted = Counted()
    counted.get("/a")
    publish(1)
    counted.get("/a")
    assert counted.runs == 2
    counted.get("/a", cookies={"size": "elder"})
    counted.get("/a", cookies={"contrast": "high"})
    assert counted.runs == 4
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC)):
        counted.get("/a")
    assert counted.runs == 5


def test_a_page_is_kept_under_the_edition_its_rows_are_read_with(settings):
    settings.PAGE_TOKEN_SECONDS = 60
    read = []
    counted = Counted(lambda request: read.append(read_at(request).edition) or HttpResponse("x"))
    cache.seen.get()  # this process believes that nothing was published
    publish(1)
    counted.get("/a")
    assert read == [0]
    cache.seen.read_at = float("-inf")  # the second is over
    counted.get("/a")
    assert read == [0, 1]


def test_whoever_has_a_session_is_neither_served_nor_stored():
    counted = Counted()
    session = {"sessionid": new_key()}
    response = counted.get("/a", cookies=session)
    assert "private" in response["Cache-Control"]
    counted.get("/a")
    counted.get("/a", cookies=session)
    assert counted.runs == 3
    assert "private" not in counted.get("/a", cookies={"sessionid": "s"})["Cache-Control"]
    assert counted.runs == 3, "a session that was made up is nobody's"


def test_a_post_is_never_kept():
    counted = Counted()
    counted.view(RequestFactory().post("/a"))
    counted.view(RequestFactory().post("/a"))
    assert counted.runs == 2


def with_token(request):
    return HttpResponse(get_token(request))


def with_cookie(request):
    response = HttpResponse("x")
    response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize(
    "answer",
    [
        with_token,
        with_cookie,
        lambda request: HttpResponse("x", status=404),
        lambda request: StreamingHttpResponse(["x"]),
    ],
)
def test_what_is_meant_for_one_reader_is_not_kept(answer):
    counted = Counted(answer)
    counted.get("/a")
    counted.get("/a")
    assert counted.runs == 2


def test_a_browser_that_has_the_page_is_told_so():
    counted = Counted()
    first = counted.get("/a")
    assert first["ETag"].startswith('W/"')
    assert first["Cache-Control"] == "no-cache"
    again = counted.get("/a", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert counted.get("/a", headers={"If-None-Match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("", None, bytes),
        ("brilliant", None, bytes),
    ],
)
def test_the_page_comes_in_the_encoding_the_browser_takes(accepted, encoding, unpack):
    response = Counted().get("/a", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(response.content).decode().startswith(TEXT)
    assert "Accept-Encoding" in response["Vary"]


def test_clear_forgets_everything():
    counted = Counted()
    counted.get("/a")
    cache.clear()
    counted.get("/a")
    assert counted.runs == 2


def test_pages_of_an_older_edition_leave_the_memory():
    counted = Counted()
    counted.get("/a")
    publish(1)
    cache.seen.get()
    assert not cache.pages
