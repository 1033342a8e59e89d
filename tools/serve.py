"""Prepare the portal, then run its parts side by side: `make run`, or one of them alone.

    python -m tools.serve [all | web | worker | schedule] [--unprepared]

Ctrl-C stops them. A part that ends by itself is started again, the other one goes on. The schedule needs no part of its own,
since every worker keeps it, but may have one. `--unprepared` leaves database
and files as they are, for a node that somebody else has prepared.
"""

import errno
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser, Namespace
from pathlib import Path
from urllib.parse import urlsplit

from portal.environment import BadSetting
from tools.processes import leave_cleanly_on_signals, start_tied, stop
from tools.supervision import Part, stop_all, tend_for_ever

START_PATIENCE = 60
WEB = "The web server"
JOBS = "The job worker"
SCHEDULE = "The schedule"
PARTS = {"all": (WEB, JOBS), "web": (WEB,), "worker": (JOBS,), "schedule": (SCHEDULE,)}


def hindrance(host: str, port: int) -> str:
    """Why nothing can listen there, and what to do; empty where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            return _sentence_of(fault, host, port)
    return ""


def _sentence_of(fault: OSError, host: str, port: int) -> str:
    if fault.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop it, or choose another port: "
            f"make run PORT={port + 1}"
        )
    if fault.errno == errno.EADDRNOTAVAIL:
        return f"LISTEN = {host} is no address of this machine. `ip address` shows which ones it has."
    return f"{at(host, port)} cannot be listened on: {fault.strerror}. Choose another LISTEN or PORT."


def at(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def commands(host: str, port: int, workers: int, threads: int) -> dict[str, list[str]]:
    python = sys.executable
    web = [python, "-m", "gunicorn", "portal.wsgi:application", "--bind", at(host, port)]
    web += [
        "--worker-class",
        "tools.intake.PatientWorker",
        "--workers",
        str(workers),
        "--threads",
        str(threads),
    ]
    web += ["--no-control-socket", "--log-level", "error", "--graceful-timeout", "10"]
    return {
        WEB: web,
        JOBS: [python, "manage.py", "run_jobs"],
        SCHEDULE: [python, "manage.py", "run_schedule"],
    }


def answers(host: str, port: int, site_url: str) -> bool:
    """Asked under the site's own name: another one may not be among those that are answered."""
    if ipaddress.ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    question = urllib.request.Request(
        f"http://{at(host, port)}/healthz", headers={"Host": urlsplit(site_url).netloc}
    )
    try:
        with urllib.request.urlopen(question, timeout=5) as answer:  # noqa: S310 - as above
            return answer.status == 200
    except OSError:
        return False


def came_up(web: Part, host: str, port: int, site_url: str) -> bool:
    """Wait for the first answer. False when the web server ended before it: then its own words say why."""
    deadline = time.monotonic() + START_PATIENCE
    while not web.has_ended and time.monotonic() < deadline:
        if answers(host, port, site_url):
            return True
        time.sleep(0.2)
    return not web.has_ended


def supervise(parts: list[Part], host: str, port: int, site_url: str) -> int:
    try:
        for part in parts:
            part.start()
        web = next((part for part in parts if part.name == WEB), None)
        if web and not came_up(web, host, port, site_url):
            print(f"{WEB} could not start.", file=sys.stderr)
            return 1
        if web:
            print(f"\n    Portal          {site_url}/\n    Administration  {site_url}/admin/\n")
        print("Ctrl-C stops it.", flush=True)
        tend_for_ever(parts)
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
    finally:
        stop_all(parts)
    return 0


def prepared() -> int:
    """Run the preparation as a child of ours; gives its exit code."""
    child = start_tied([sys.executable, "-m", "tools.prepare"], stdin=subprocess.DEVNULL)
    try:
        return child.wait()
    except KeyboardInterrupt:
        return 1
    finally:
        stop(child, signal.SIGTERM)


def emptied(folder: Path) -> Path:
    """Where the processes of the web server add up their counts; those of an earlier start count no more."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def asked_for(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tools.serve")
    parser.add_argument("parts", nargs="?", choices=PARTS, default="all")
    parser.add_argument("--unprepared", action="store_true")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = asked_for(arguments)
    leave_cleanly_on_signals()
    try:
        from portal import settings  # takes over .env, too
    except BadSetting as fault:
        print(f"The portal cannot start: {fault}", file=sys.stderr)
        return 1
    os.environ.setdefault("LOG_FORMAT", "plain")
    host, port = settings.LISTEN, settings.PORT
    names = PARTS[options.parts]
    if WEB in names and (sentence := hindrance(host, port)):
        print(sentence, file=sys.stderr)
        return 1
    if not options.unprepared and (code := prepared()):
        return code
    if WEB in names:  # the worker may be a unit of its own, beside a web server that goes on counting
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(emptied(settings.VAR_DIR / "metrics"))
    command_of = commands(host, port, settings.WORKERS, settings.THREADS)
    parts = [Part(name, command_of[name]) for name in names]
    return supervise(parts, host, port, settings.SITE_URL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
