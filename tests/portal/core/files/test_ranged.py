"""Parts of files: what a client that was broken off needs to go on."""

import io

import pytest
from django.test import RequestFactory

from portal.core.files.ranged import answer

CONTENT = bytes(range(256)) * 400
SIZE = len(CONTENT)
ETAG = '"abc"'


def asked(method="GET", **headers):
    request = RequestFactory().generic(method, "/", headers=headers)
    stream = io.BufferedReader(io.BytesIO(CONTENT))
    return answer(request, stream, SIZE, etag=ETAG, media_type="text/csv"), stream


@pytest.mark.django_db  # an answer that is closed gives back its connection
@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=100000-", 100_000, SIZE - 1),
        ("bytes=-5", SIZE - 5, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
        ("bytes=5-999999999", 5, SIZE - 1),
        ("Bytes=0-70000", 0, 70_000),
    ],
)
def test_a_part_is_exactly_the_bytes_that_were_asked_for(given, first, last):
    response, stream = asked(Range=given)
    assert response.status_code == 206
    assert b"".join(response) == CONTENT[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    response.close()
    assert stream.closed


@pytest.mark.parametrize("given", [f"bytes={SIZE}-", "bytes=999999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused_with_the_length(given):
    response, stream = asked(Range=given)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert stream.closed


@pytest.mark.parametrize(
    "given",
    [
        "bytes=9-5",
        "bytes=-",
        "bytes=",
        "lines=1-2",
        "bytes=0-1,5-6",
        "bytes=a-b",
        "",
        "bytes=１-2",
        f"bytes={'9' * 5000}-",
    ],
)
def test_what_is_no_single_part_gives_the_whole(given):
    response, _stream = asked(Range=given)
    assert response.status_code == 200
    assert b"".join(response) == CONTENT
    assert response["Accept-Ranges"] == "bytes"


def test_a_part_of_another_content_gives_the_whole():
    response, _stream = asked(**{"Range": "bytes=0-9", "If-Range": '"of before"'})
    assert response.status_code == 200
    response, _stream = asked(**{"Range": "bytes=0-9", "If-Range": ETAG})
    assert response.status_code == 206


def test_whoever_has_it_is_told_so():
    response, stream = asked(**{"If-None-Match": f'"old", {ETAG}', "Range": "bytes=0-9"})
    assert (response.status_code, response["ETag"]) == (304, ETAG)
    assert stream.closed
    assert asked(**{"If-None-Match": '"old"'})[0].status_code == 200
    assert asked(**{"If-Match": '"old"'})[0].status_code == 412


def test_a_look_at_the_head_asks_for_no_part():
    assert asked("HEAD", Range="bytes=0-9")[0].status_code == 200
