"""Finished pages in a real Redis: drawn once for all processes, and drawn all the same while the server is away."""

import shutil
import subprocess

import pytest

from portal.core.pages import cache, shared
from tests.portal.core.pages.test_entry import GUIDE, Site, _request_leaves_the_connection_open
from tests.running import free_port, wait_until

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not shutil.which("redis-server"), reason="redis-server is not installed (apt install redis-server)"
    ),
]
__all__ = ["_request_leaves_the_connection_open"]


@pytest.fixture
def server(settings, tmp_path):
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
        }
    }
    from redis import Redis
    from redis.exceptions import ConnectionError

    def answers() -> bool:
        try:
            return bool(Redis(port=port).ping())
        except ConnectionError:
            return False

    wait_until(answers, "redis answers")
    yield process
    process.terminate()
    process.wait(timeout=20)


def test_what_one_process_has_drawn_another_one_gives(server):
    site = Site()
    drawn = site.ask(accept_encoding="br")
    cache.pages.clear()  # as in a process that has just begun
    found = site.ask(accept_encoding="br")
    assert site.inside == 1
    assert found[1].keys() == drawn[1].keys()
    assert found[1]["ETag"] == drawn[1]["ETag"]
    assert found[1]["Content-Security-Policy"] == drawn[1]["Content-Security-Policy"]


def test_a_session_leaves_nothing_there(server):
    site = Site()
    site.ask(cookie="sessionid=abc")
    site.ask()
    assert site.inside == 2


def test_while_the_server_is_away_pages_are_drawn(server):
    site = Site()
    site.ask()
    server.terminate()
    server.wait(timeout=20)
    cache.pages.clear()
    assert site.ask(GUIDE)[0] == 200
    assert site.inside == 2


def test_another_program_or_other_settings_have_pages_of_their_own(settings):
    first = shared.release()
    shared.release.cache_clear()
    settings.OBJECTION_CONTACT = "示例办公室"
    assert shared.release() != first
    shared.release.cache_clear()
