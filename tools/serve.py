"""Prepare the portal, then run the web server and one job worker side by side: `make run`.

Ctrl-C stops both. When one of them ends by itself, the other is stopped too, and it is said which.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from portal.environment import BadSetting
from tools.processes import leave_cleanly_on_signals, stop, tied

START_PATIENCE = 60
STOP_PATIENCE = 30  # a running job may come to its end
WEB = "The web server"
JOBS = "The job worker"


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def commands(port: int, workers: int, threads: int) -> dict[str, list[str]]:
    python = sys.executable
    web = [python, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    web += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    web += ["--no-control-socket", "--log-level", "error", "--graceful-timeout", "10"]
    jobs = [python, "manage.py", "db_worker", "--queue-name", "*", "--no-startup-delay", "--no-reload"]
    return {WEB: web, JOBS: jobs}


def start(command: list[str]) -> subprocess.Popen:
    """Start a child in its own session, so that Ctrl-C reaches us alone and we stop both in order."""
    return subprocess.Popen(tied(command), stdin=subprocess.DEVNULL, start_new_session=True)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def ended(children: dict[str, subprocess.Popen]) -> str | None:
    return next((name for name, child in children.items() if child.poll() is not None), None)


def wait_until_up(children: dict[str, subprocess.Popen], port: int) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while not ended(children) and not answers(port) and time.monotonic() < deadline:
        time.sleep(0.2)


def wait_for_an_end(children: dict[str, subprocess.Popen]) -> str:
    """Sleep until one child has ended, and name it."""
    while not (name := ended(children)):
        try:
            # Tells without reaping, so that Popen still learns the exit code itself.
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            continue
    return name


def supervise(port: int, workers: int, threads: int, site_url: str) -> int:
    children: dict[str, subprocess.Popen] = {}
    try:
        for name, command in commands(port, workers, threads).items():
            children[name] = start(command)
        wait_until_up(children, port)
        if not ended(children):
            print(f"\n    Portal          {site_url}/\n    Administration  {site_url}/admin/\n")
            print("Ctrl-C stops it.", flush=True)
        name = wait_for_an_end(children)
        print(f"{name} ended by itself (code {children[name].returncode}); stopping.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
        return 0
    finally:
        for child in children.values():
            stop(child, signal.SIGTERM, patience=STOP_PATIENCE)


def main() -> int:
    leave_cleanly_on_signals()
    try:
        from portal import settings  # takes over .env, too
    except BadSetting as fault:
        print(f"The portal cannot start: {fault}", file=sys.stderr)
        return 1
    os.environ.setdefault("LOG_FORMAT", "plain")
    if is_taken(settings.PORT):
        print(
            f"Port {settings.PORT} is taken by another program. Stop it, or choose another port: "
            f"make run PORT={settings.PORT + 1}",
            file=sys.stderr,
        )
        return 1
    try:
        prepared = subprocess.run([sys.executable, "-m", "tools.prepare"], stdin=subprocess.DEVNULL)
    except KeyboardInterrupt:
        return 1
    if prepared.returncode:
        return prepared.returncode
    return supervise(settings.PORT, settings.WORKERS, settings.THREADS, settings.SITE_URL)


if __name__ == "__main__":
    sys.exit(main())
