"""The site that is pictured: a disposable installation with the demonstration, and accounts with a known password."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.processes import start_tied, stop

ROOT = Path(__file__).resolve().parents[2]
PORT = 8123
URL = f"http://127.0.0.1:{PORT}"
PASSWORD = "Bamboo-2022!"  # noqa: S105 - of accounts that live for a minute
REGION = "350000"


@contextmanager
def served() -> Iterator[None]:
    """A site of its own in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        os.environ |= {"VAR_DIR": folder, "PORT": str(PORT), "SITE_URL": URL, "ENV_FILE": f"{folder}/none"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
        subprocess.run([sys.executable, "-m", "tools.prepare"], check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{PORT}"]
        command += [
            "--worker-class",
            "gthread",
            "--threads",
            "4",
            "--no-control-socket",
            "--log-level",
            "error",
        ]
        worker = [sys.executable, "-m", "tools.serve", "worker"]  # imports are read by jobs
        started = [start_tied(one, stdin=subprocess.DEVNULL) for one in (command, worker)]
        try:
            yield
        finally:
            for process in started:
                stop(process)


def make_people() -> None:
    """Accounts with a known password; the enterprise's address counts as confirmed."""
    import django

    django.setup()
    from allauth.account.models import EmailAddress

    from portal.core.accounts.models import User
    from portal.site.grants import give_role

    officer = User.objects.create(username="fujian", first_name="福建工作人员（演示）", is_staff=True)
    give_role(officer, "pilot_officer", REGION)
    owner = User.objects.create(username="qingzhu", first_name="张三", email="zhangsan@example.com")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    for user in (officer, owner, *User.objects.filter(username__in=["editor", "reviewer", "publisher"])):
        user.set_password(PASSWORD)
        user.save()
