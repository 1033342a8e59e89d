"""Two nodes with a primary, a replica, Redis and nginx in front: whatever is killed or replaced, readers read on.

One story, in the order in which an operator would meet it; readers ask nginx all the time, each address in turn.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.house.test_replicas import SIGN_IN, body_of, told
from tests.portal.core.test_shared_memory import Server as Redis
from tests.running import Installation, free_port, wait_until
from tools.front import start as start_nginx
from tools.postgres import Server, temporary_server

from .readers import Readers

pytestmark = pytest.mark.postgres_only
CONNECTIONS = int(os.environ.get("CONNECTIONS", "6"))
PATHS = [
    "/",
    "/products/",
    "/enterprises/",
    "/notices/",
    "/products/export.csv",
    "/regions/",
    *(f"/products/?q={number}" for number in range(40)),  # more than nginx and a node keep for long
]
SERVE = ["-m", "tools.serve", "all", "--unprepared"]


class House:
    """Everything that runs, and what is done to it."""

    def __init__(self, folder: Path, primary: Server, servers: contextlib.ExitStack):
        self.primary, self.folder = primary, folder
        self.redis = Redis(folder)
        self.redis.start()
        shared = {"SECRET_KEY": "s" * 50, "FILES_ROOT": str(folder / "files"), "NODES": "2"}
        shared["LOG_KEY_FILE"] = str(folder / "log_key.pem")
        shared |= {"CACHE_URL": self.redis.url, "DATABASE_URL": primary.url, "REPLICA_MAX_SECONDS": "2"}
        shared |= {"TRUSTED_PROXIES": "1", "WORKERS": "1"}
        self.nodes = [Installation(folder / name, **shared) for name in ("one", "two")]
        for node in self.nodes:
            node.folder.mkdir()
        assert self.nodes[0].start("-m", "tools.prepare").wait(timeout=400) == 0, self.nodes[0].log
        self.replica = servers.enter_context(temporary_server(primary, host="127.0.0.2"))
        both = f"{primary.host},{self.replica.host}:{primary.port}/postgres?target_session_attrs=read-write"
        for node in self.nodes:
            node.environment["DATABASE_URL"] = f"{primary.url.rpartition('@')[0]}@{both}"
            node.environment["DATABASE_REPLICA_URLS"] = self.replica.url
            self.start(node)
        self.port = free_port()
        one, two = (node.port for node in self.nodes)
        self.nginx = start_nginx(folder, self.port, one, folder, second=two)
        servers.callback(self.end)

    def start(self, node: Installation) -> None:
        node.start(*SERVE)
        wait_until(lambda: node.ask("/readyz") == 200, "the node is ready")

    def end(self) -> None:
        self.nginx.terminate()
        print((self.folder / "error.log").read_text()[-3000:])
        for node in self.nodes:
            node.stop()
        self.redis.kill()

    def is_whole(self) -> bool:
        return all(body_of(node, "/readyz") == (200, "ok\n") for node in self.nodes)


@pytest.fixture
def house(tmp_path):
    with contextlib.ExitStack() as servers:
        yield House(tmp_path, servers.enter_context(temporary_server()), servers)


def test_readers_read_on_whatever_is_killed_or_replaced(house, note):
    wait_until(lambda: house.is_whole(), "both nodes are whole")
    with Readers(house.port, PATHS, whole, connections=CONNECTIONS) as readers:
        story = [kill_a_node, kill_redis, kill_the_primary, promote_the_replica, roll]
        for act in story:
            act(house)
            time.sleep(2)
    assert readers.seen.faults == {}
    assert readers.seen.answers > len(PATHS)
    note(rounds=len(story), told=f"{readers.seen.answers} answers, {readers.seen.cut} connections cut")


def kill_a_node(house: House) -> None:
    node = house.nodes[0]
    os.killpg(node.started[-1].pid, signal.SIGKILL)  # nobody is told, nothing is tidied up
    wait_until(lambda: node.ask("/healthz") == 0, "it is gone")
    time.sleep(2)
    house.start(node)


def kill_redis(house: House) -> None:
    house.redis.kill()
    time.sleep(2)
    assert body_of(house.nodes[0], "/accounts/login/", "POST", SIGN_IN)[0] < 500
    house.redis.start()


def kill_the_primary(house: House) -> None:
    assert house.primary.process is not None
    house.primary.process.kill()
    wait_until(
        lambda: "primary unreachable" in body_of(house.nodes[0], "/readyz")[1], "it is seen to be gone"
    )
    status, said = body_of(house.nodes[0], "/accounts/login/", "POST", SIGN_IN)
    assert status == 503
    assert "本站暂时不能使用" in said
    time.sleep(2)


def promote_the_replica(house: House) -> None:
    assert told(house.replica, "SELECT pg_promote()")
    wait_until(lambda: house.is_whole(), "both nodes write to it")
    assert body_of(house.nodes[1], "/accounts/login/", "POST", SIGN_IN)[0] < 500


def roll(house: House) -> None:
    """New code, node by node: the next one only when the one before is ready."""
    for node in house.nodes:
        node.started[-1].send_signal(signal.SIGTERM)
        node.started[-1].wait(timeout=60)
        house.start(node)
    checked = house.nodes[0].start("manage.py", "verify_chain")
    assert checked.wait(timeout=120) == 0, house.nodes[0].log


def whole(path: str, text: str) -> str:
    if path.endswith(".csv"):
        return "" if "清单编号" in text else f"{path}: {text[:80]}"
    return "" if text.rstrip().endswith("</html>") else f"{path}: {text[-80:]}"
