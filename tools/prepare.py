"""Bring database and files up to this version: what `make run` does before it serves.

Safe to repeat: a second time it changes nothing. The demonstration is laid only into a database that was empty (and
DEMONSTRATION says so), so an emptied or a real one is never filled with it; a first set-up that was cut short is
taken up again.
"""

import io
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import DatabaseError, connection

from portal.environment import BadSetting


def say(line: str) -> None:
    print(line, flush=True)


def prepare() -> None:
    call_command("check", stdout=io.StringIO())  # faults and warnings go to stderr
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
    call_command("build_index", outdated=True)
    made = io.StringIO()
    call_command("create_admin", stdout=made)
    if made.getvalue():
        say(made.getvalue() + "These generated passwords are shown only now; keep them.")
    unfinished.unlink(missing_ok=True)


def main() -> int:
    try:
        django.setup()
        prepare()
    except (BadSetting, CommandError, SystemCheckError) as fault:
        print(f"The portal cannot start: {fault}", file=sys.stderr)
    except DatabaseError as fault:
        print(f"The portal cannot start: the database refuses: {fault}", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
