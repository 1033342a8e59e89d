"""Limits of a network and of an account, asked by many at once over two real processes: never one more than the limit."""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.make import make_user
from tests.portal.core.test_shared_memory import Server
from tests.running import Installation, database_of_the_test, wait_until

AT_ONCE = 16
TOKEN = "a" * 32
FORM = {
    "Host": "localhost",
    "Content-Type": "application/x-www-form-urlencoded",
    "Cookie": f"csrftoken={TOKEN}",
}


def knock(site: Installation, name: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    with closing(connection):
        body = f"login={name}&password=falsch&csrfmiddlewaretoken={TOKEN}"
        connection.request("POST", "/accounts/login/", body, FORM)
        return connection.getresponse().status


def knocks(site: Installation, names: list[str]) -> Counter[int]:
    with ThreadPoolExecutor(AT_ONCE) as together:
        return Counter(together.map(lambda name: knock(site, name), names))


@pytest.fixture(params=[False, True], ids=["one machine", "Redis"])
def site(request, tmp_path, transactional_db):
    """Two processes that count together in a folder, or in Redis."""
    make_user("editor", username="bianji")
    redis = Server(tmp_path)
    shared = {}
    if request.param:
        redis.start()
        shared["CACHE_URL"] = redis.url
    site = Installation(
        tmp_path, DATABASE_URL=database_of_the_test(), WORKERS="2", SIGN_INS_AN_HOUR="10", **shared
    )
    site.start("-m", "tools.serve", "web", "--unprepared")
    wait_until(lambda: site.ask("/healthz") == 200, "the site answers")
    yield site
    site.stop()
    redis.kill()


@pytest.mark.once
def test_many_at_once_get_no_more_tries_than_one_after_the_other(site):
    assert knocks(site, ["bianji"] * 12)[400] <= 5  # of one account
    assert knocks(site, ["niemand"] * 12)[400] <= 5  # of a name that nobody has
    answers = knocks(site, [f"name{number}" for number in range(24)])  # of one network, those before included
    assert answers[400] <= 10
    assert answers.keys() <= {400, 429}
