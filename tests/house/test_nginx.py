"""The example for nginx, tried with a real nginx: what it keeps, and what it never keeps."""

import re
import shutil
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest

from tests.running import Installation, database_of_the_test, free_port, wait_until
from tools.front import DEPLOY, start

pytestmark = [
    pytest.mark.django_db,  # the site is served on this database
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed (apt install nginx-light)"),
]


@pytest.fixture(scope="module")
def front(tmp_path_factory, django_db_setup, django_db_blocker):
    """The address of nginx, with the portal behind it."""
    with django_db_blocker.unblock():
        database = database_of_the_test()
    folder = tmp_path_factory.mktemp("nginx")
    portal = Installation(folder, DATABASE_URL=database, TRUSTED_PROXIES="1", WORKERS="1")
    portal.start("-m", "tools.serve", "web", "--unprepared")
    port = free_port()
    (folder / "var" / "static").mkdir(parents=True, exist_ok=True)
    (folder / "var" / "static" / "collected.css").write_text("a{}", encoding="utf-8")
    nginx = start(folder, port, portal.port, folder / "var")
    wait_until(lambda: portal.ask("/healthz") == 200, "the site answers")
    yield f"http://127.0.0.1:{port}"
    nginx.terminate()
    nginx.wait(timeout=20)
    portal.stop()


def ask(address: str, **headers: str):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    question = urllib.request.Request(address, headers={"Host": "localhost", **names})  # noqa: S310
    try:
        with urllib.request.urlopen(question, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_finished_page_is_kept_for_a_moment(front):
    """Asked until a second answer fell into the second of the first."""
    kept = [ask(f"{front}/guide/")[1] for _ in range(20)]
    assert "HIT" in [headers["X-Kept"] for headers in kept]
    assert {headers["Content-Security-Policy"] for headers in kept} == {kept[0]["Content-Security-Policy"]}
    assert all("X-Accel-Expires" not in headers for headers in kept)
    status, headers, body = ask(f"{front}/guide/", If_None_Match=kept[0]["ETag"])
    assert (status, body) == (304, b"")
    assert headers["ETag"] == kept[0]["ETag"]


def test_a_signed_in_page_and_one_with_a_cookie_are_never_kept(front):
    for _ in range(10):
        assert ask(f"{front}/guide/", Cookie="size=elder; sessionid=x")[1]["X-Kept"] == "BYPASS"
        status, headers, _body = ask(f"{front}/accounts/login/")
        assert status == 200
        assert headers["Set-Cookie"]
        assert headers["X-Kept"] == "MISS"


def test_an_answer_that_is_not_a_finished_page_is_never_kept(front):
    for path in ("/healthz", "/guide/?colour=red", "/nowhere/", "/mode/?size=elder&next=/nowhere/"):
        assert {ask(f"{front}{path}")[1]["X-Kept"] for _ in range(5)} == {"MISS"}, path


def test_each_mode_and_each_encoding_has_its_own(front):
    plain, elder = ask(f"{front}/guide/"), ask(f"{front}/guide/", Cookie="a=b; size=elder")
    assert plain[2] != elder[2]
    packed = ask(f"{front}/guide/", Accept_Encoding="gzip, br;q=0")
    assert packed[1]["Content-Encoding"] == "gzip"
    assert ask(f"{front}/guide/", Accept_Encoding="br")[1]["Content-Encoding"] == "br"
    assert ask(f"{front}/guide/")[1]["Content-Encoding"] is None


@pytest.mark.parametrize(
    "cookie",
    [
        'size="elder"',
        "size = elder",
        r'size="\145lder"',
        "size=normal; size=elder",
        "size=elder; size=normal",
        "size=elder x",
        "size=Elder",
        "size=elder; contrast=",
    ],
)
def test_no_reader_gets_the_mode_of_another(front, cookie):
    """However a cookie is written, nginx and the portal read the same in it. Asked while the answer is kept."""
    address = f"{front}/guide/?{urlencode({'gclid': cookie})}"  # kept by nobody yet
    ask(address, Cookie=cookie)
    assert b'data-size="elder"' not in ask(address)[2]
    assert b'data-size="elder"' in ask(address, Cookie="size=elder")[2]


def test_what_the_interface_tells_one_reader_is_given_to_no_other(front):
    answers = [ask(f"{front}/api/v1/?utm_source={number}")[1] for number in range(3) for _ in range(5)]
    assert any("RateLimit" in headers for headers in answers)
    assert not [headers for headers in answers if "RateLimit" in headers and headers["X-Kept"] == "HIT"]


def test_each_place_has_its_own(front):
    """Asked while the answers of the others are kept; what is no code of a division is nobody's place."""
    for cookie in ("a=b", "place=350000", "place=110000", "place=350000; size=elder"):
        assert ask(f"{front}/guide/?gclid=places", Cookie=cookie)[1]["X-Kept"] == "MISS", cookie
    kept = [ask(f"{front}/guide/?gclid=places", Cookie="place=35000x")[1]["X-Kept"] for _ in range(20)]
    assert "HIT" in kept


def test_nobody_waits_for_another_who_asks_for_the_same():
    """A lock of nginx lets one in each half second where the answer is not kept: sign-in, suggestions, files of lists."""
    assert not re.search(
        r"^\s*proxy_cache_lock\b", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_static_files_come_from_the_disk_and_the_rest_from_the_portal(front):
    status, headers, body = ask(f"{front}/static/collected.css")
    assert (status, body) == (200, b"a{}")
    assert "max-age" in headers["Cache-Control"]
    assert ask(f"{front}/static/site.css")[0] == 200  # collected nowhere here: the portal finds it
    assert ask(f"{front}/readyz")[0] in (200, 503)
