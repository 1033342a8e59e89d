"""A PostgreSQL server for one test run, on a free loopback port, removed afterwards."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from tools.machine import postgres_programs
from tools.processes import start_tied, stop

USER = "portal"
# The data live for minutes: durability would only cost time.
SERVER_SETTINGS = {
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}
START_TRIES = 3


class DidNotStart(Exception):
    """The server could not be started; the message holds its own words."""


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root, so root lends it a system user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DidNotStart("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


def _as_owner(folder: Path) -> dict[str, Any]:
    """Popen arguments: who runs it, where, and without the PG* variables of this shell."""
    arguments: dict[str, Any] = {
        "cwd": folder,
        "stdin": subprocess.DEVNULL,
        "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
    }
    if owner := _owner():
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        arguments |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return arguments


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def _create_cluster(programs: Path, folder: Path, password: str) -> None:
    password_file = folder / "password"
    password_file.write_text(password)
    password_file.chmod(0o644)  # for the lent user; the folder is closed to all others
    command = [
        str(programs / "initdb"),
        *("--pgdata", "data", "--username", USER, "--pwfile", "password"),
        *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
    ]
    made = subprocess.run(command, capture_output=True, text=True, **_as_owner(folder))
    if made.returncode:
        raise DidNotStart(f"initdb failed: {made.stderr.strip()}")


def _start(programs: Path, folder: Path, host: str, port: int) -> subprocess.Popen:
    settings = SERVER_SETTINGS | {"listen_addresses": host}
    options = [part for item in settings.items() for part in ("-c", "=".join(item))]
    command = [str(programs / "postgres"), "-D", "data", "-p", str(port), *options]
    # Its own session: Ctrl-C in the terminal must reach the tests first and the server last. SIGINT ends it at once
    # and in order; SIGTERM would wait for its clients.
    with (folder / "log").open("ab") as log:
        return start_tied(
            command,
            dies_by=signal.SIGINT,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_as_owner(folder),
        )


def _answers(server: subprocess.Popen, url: str, seconds: float = 30) -> bool:
    """True when the server lets us in with the password; False when it ended or took too long."""
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg2.connect(url, connect_timeout=3).close()
            return True
        except psycopg2.OperationalError:
            time.sleep(0.1)
    return False


class Server:
    """A server of our own in `folder`; it may be stopped and started again on the same address.

    `host` is a loopback address: on another one than its primary's, a replica has the same port, as on another machine.
    """

    def __init__(self, programs: Path, folder: Path, host: str):
        self.programs, self.folder, self.host = programs, folder, host
        self.password, self.port = secrets.token_hex(16), 0
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self.password}@{self.host}:{self.port}/postgres"

    def create(self) -> None:
        _create_cluster(self.programs, self.folder, self.password)
        self._start_somewhere()

    def _start_somewhere(self) -> None:
        for _ in range(START_TRIES):  # another process may take the free port before the server does
            self.port = _free_port(self.host)
            if self.start():
                return
        raise DidNotStart(f"PostgreSQL did not answer: {(self.folder / 'log').read_text().strip()}")

    def follow(self, primary: "Server") -> None:
        """Become a streaming replica: the primary's bytes, and from then on its changes. Who may enter is the primary's word."""
        self.password = primary.password
        arguments = _as_owner(self.folder)
        arguments["env"] |= {"PGPASSWORD": primary.password}
        command = [
            str(self.programs / "pg_basebackup"),
            *("--host", primary.host, "--port", str(primary.port), "--username", USER, "--no-password"),
            *(
                "--pgdata",
                "data",
                "--write-recovery-conf",
                "--wal-method",
                "stream",
                "--checkpoint",
                "fast",
                "--no-sync",
            ),
        ]
        made = subprocess.run(command, capture_output=True, text=True, **arguments)
        if made.returncode:
            raise DidNotStart(f"pg_basebackup failed: {made.stderr.strip()}")
        self.port = primary.port
        if self.host == primary.host or not self.start():
            self._start_somewhere()

    def start(self) -> bool:
        self.process = _start(self.programs, self.folder, self.host, self.port)
        if _answers(self.process, self.url):
            return True
        self.stop()
        return False

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGINT, signal.SIGQUIT)


@contextmanager
def temporary_server(following: Server | None = None, host: str = "127.0.0.1") -> Iterator[Server]:
    """Yield a fresh server, or a replica; stop it and remove its data whatever happens."""
    programs = postgres_programs()
    if programs is None:
        raise DidNotStart("No PostgreSQL server is installed.")
    # Root's own TMPDIR may be closed to the lent user; /tmp is open to all.
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-", dir="/tmp" if os.geteuid() == 0 else None))
    server = Server(programs, folder, host)
    try:
        if following:
            server.follow(following)
        else:
            server.create()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh server."""
    with temporary_server() as server:
        yield server.url
