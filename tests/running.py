"""Real processes of the portal, on the database of the test or on one of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from portal import environment

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds; a machine that does much else is slow, not wrong


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(holds: Callable[[], object], words: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still waiting: {words}"
        time.sleep(0.1)


def database_of_the_test() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return (
        f"postgres://{quote(known['USER'])}:{quote(known['PASSWORD'])}"
        f"@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    )


class Installation:
    """Variables and folder of one. What it starts ends with `stop`, and its log is printed for a test that fails."""

    def __init__(self, folder: Path, **variables: str):
        self.folder, self.port = folder, free_port()
        clean = {name: value for name, value in os.environ.items() if name not in environment.DEFAULTS}
        clean |= {"DJANGO_SETTINGS_MODULE": "tests.running_settings", "ENV_FILE": str(folder / "none")}
        clean |= {"VAR_DIR": str(folder / "var"), "PORT": str(self.port), "DEMONSTRATION": "false"}
        self.environment = clean | {"LOG_FORMAT": "plain"} | variables
        self.started: list[subprocess.Popen] = []

    @property
    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def start(self, *command: str) -> subprocess.Popen:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def ask(self, path: str, seconds: float = 30) -> int:
        """The status of an answer; 0 where none came."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=seconds) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(timeout=45)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        print(self.log)
