"""Bring database and files up to this version: what `make run` does before it serves.

Safe to repeat: a second time it changes nothing. The demonstration is laid only into a database that was empty (and
DEMONSTRATION says so), so an emptied or a real one is never filled with it; a first set-up that was cut short is
taken up again. Whoever comes second waits for the first and finds nothing to do; a database that is away is waited
for, DATABASE_START_SECONDS long.
"""

import io
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import DatabaseError, InterfaceError, connection

from portal.core.busy import Fault, fault_of
from portal.environment import BadSetting
from tools.locks import alone


def say(line: str) -> None:
    print(line, flush=True)


def prepare() -> None:
    call_command("check", stdout=io.StringIO())  # faults and warnings go to stderr
    with alone(Path(settings.VAR_DIR), connection, say):
        _prepare()


def _prepare() -> None:
    unfinished = Path(settings.VAR_DIR) / "first-run-unfinished"
    if not connection.introspection.table_names():
        unfinished.touch()
    say(
        "Collecting static files ..."
    )  # before the demonstration: its notices check their links by drawing the pages
    call_command("collectstatic", interactive=False, verbosity=0)
    say("Preparing the database ...")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("seed_facts")
    if unfinished.exists() and settings.DEMONSTRATION:
        say("Laying the demonstration list (演示数据) ...")
        call_command("seed_demo")
    call_command("log_key", note=True, stdout=io.StringIO())
    call_command("build_index", outdated=True)
    made = io.StringIO()
    call_command("create_admin", stdout=made)
    if made.getvalue():
        say(made.getvalue() + "These generated passwords are shown only now; keep them.")
    unfinished.unlink(missing_ok=True)


def prepare_when_reachable(seconds: float) -> None:
    """Begin again, whatever was done so far, each time the database went away; give up after `seconds` of that."""
    deadline, pause = time.monotonic() + seconds, 1.0
    while True:
        try:
            return prepare()
        except (DatabaseError, InterfaceError) as fault:
            if not is_away(fault) or time.monotonic() + pause > deadline:
                raise
            words = " ".join(str(fault).split())
            left = round(deadline - time.monotonic())
            print(f"Waiting for {place()}, {left} s at most: {words}", file=sys.stderr, flush=True)
        connection.close()
        time.sleep(pause)
        pause = min(2 * pause, 10)


def is_away(fault: Exception) -> bool:
    """Whether waiting may help: SQLite is never away, but it may be busy."""
    found = fault_of(fault)
    return found is Fault.BUSY if connection.vendor == "sqlite" else found is not None


def place() -> str:
    """Where the database is, as far as it may be said: without user and password."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"the database {known['NAME']}"
    return f"the database {known['NAME']} at {known['HOST'] or 'this machine'}:{known['PORT'] or 5432}"


def main() -> int:
    try:
        django.setup()
        prepare_when_reachable(settings.DATABASE_START_SECONDS)
    except (BadSetting, CommandError, SystemCheckError) as fault:
        print(f"The portal cannot start: {fault}", file=sys.stderr)
    except (DatabaseError, InterfaceError) as fault:
        print(f"The portal cannot start: the database refuses: {fault}", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
