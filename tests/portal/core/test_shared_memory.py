"""The memory that processes share in Redis, a real one: seen by all while it answers, and no error when it does not."""

import shutil
import subprocess
import time

import pytest
from django.test import Client
from redis import Redis

from portal.core import shared_memory
from portal.core.proof.limits import HOUR, Limit
from portal.core.shared_memory import SharedMemory
from tests.portal.core.entrance.people import knock, said
from tests.running import free_port, wait_until


class Server:
    def __init__(self, folder):
        self.port, self.folder = free_port(), folder
        self.process = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed (tools/machine.py installs it for make test)"
        command = [
            program,
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            str(self.folder),
            "--daemonize",
            "no",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers, "Redis answers")

    def answers(self) -> bool:
        try:
            return bool(Redis(port=self.port, socket_timeout=1).ping())
        except Exception:
            return False

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path)
    running.start()
    yield running
    running.kill()


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(shared_memory, "_silent_until", {})


def memory(server) -> SharedMemory:
    return SharedMemory(server.url, {})


def test_what_one_process_writes_the_others_see(server):
    first, second = memory(server), memory(server)
    first.set("a", ["甲", 1], 60)
    assert second.get("a") == ["甲", 1]
    assert second.add("a", 2, 60) is False
    assert first.is_shared
    with pytest.raises(ValueError, match="nothing"):
        second.incr("nothing")


def test_without_redis_every_act_is_done_in_the_own_memory(server, caplog):
    cache = memory(server)
    server.kill()
    cache.set("a", 1, 60)
    assert (cache.get("a"), cache.add("a", 2, 60), cache.incr("a"), cache.has_key("a")) == (1, False, 2, True)
    cache.set_many({"b": 1, "c": 2}, 60)
    assert cache.get_many(["b", "c"]) == {"b": 1, "c": 2}
    cache.delete_many(["b"])
    cache.delete("c")
    assert cache.get_or_set("d", 5, 60) == 5
    cache.clear()
    assert not cache.is_shared
    assert len([line for line in caplog.messages if "does not answer" in line]) == 1


def test_a_server_that_keeps_silent_costs_its_wait_once_in_a_while(server):
    """Stopped, not gone: connections are taken and nothing comes."""
    cache = memory(server)
    server.process.send_signal(19)  # SIGSTOP
    try:
        cache.get("a")
        asked = []
        cache._own.get = lambda *args, **keywords: asked.append(1)
        for _ in range(100):
            cache.get("a")
        assert len(asked) == 100  # none of them went to the server, which would have been waited for 50 s
    finally:
        server.process.send_signal(18)  # SIGCONT


def test_a_server_that_is_back_is_shared_again(server, monkeypatch, caplog):
    cache = memory(server)
    server.kill()
    cache.set("a", "own", 60)
    server.start()
    monkeypatch.setattr(shared_memory, "_silent_until", {server.url: time.monotonic()})
    assert cache.get("a") is None
    cache.set("a", "shared", 60)
    assert memory(server).get("a") == "shared"
    assert "Redis answers again" in caplog.messages
    server.kill()
    assert cache.get("a") is None, "what an earlier silence left is forgotten"


def test_limits_are_stricter_while_each_process_counts_for_itself(server, settings):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "portal.core.shared_memory.SharedMemory", "LOCATION": server.url}
    }
    settings.WORKERS, settings.NODES = 2, 2
    limit = Limit("test", 12, HOUR)
    for _ in range(11):
        limit.take("me")
    assert not limit.is_full("me")
    server.kill()
    for _ in range(3):
        assert not limit.is_full("you")
        limit.take("you")
    assert limit.is_full("you")


@pytest.mark.django_db
def test_the_site_goes_on_without_redis(server, settings):
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "portal.core.shared_memory.SharedMemory", "LOCATION": server.url}
    }
    for is_there in (True, False):
        if not is_there:
            server.kill()
        client = Client()
        assert client.get("/enquiries/follow/").status_code == 200
        refused = knock(client, "nobody", "wrong-Password-1")
        assert "不对" in said(refused) or "不正确" in said(refused), said(refused)
