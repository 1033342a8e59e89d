"""The portal's settings for tests: nothing of this machine's environment but DATABASE_URL reaches them."""

import os
import re
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = {"DATABASE_URL"}

# One folder for each process. The workers of pytest-xdist end without cleaning up: theirs lie in the folder of the
# process that started them, which goes when that one ends.
_scratch = tempfile.TemporaryDirectory(prefix="portal-test-", dir=os.environ.get("PORTAL_TEST_SCRATCH"))
os.environ.setdefault("PORTAL_TEST_SCRATCH", _scratch.name)

for name in re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE):
    if name not in KEPT:
        os.environ.pop(name, None)
os.environ |= {
    "ENV_FILE": str(Path(_scratch.name) / "no-such-file"),
    "VAR_DIR": _scratch.name,
    "SECRET_KEY": "for tests only, never used by an installation",
    "LOG_LEVEL": "WARNING",
    "LOG_FORMAT": "plain",
}

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES, STATIC_ROOT, STORAGES, VAR_DIR  # noqa: E402

STATIC_ROOT.mkdir()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for every file with every client
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and only here
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file, as in an installation: a shared in-memory connection would hide what threads do to each other.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

DISPOSABLE_DATABASE = True  # the suite empties its own databases between tests
PAGE_TOKEN_SECONDS = 0  # a test looks at what it has just published

STAFF_NEEDS_SECOND_FACTOR = False  # the tests of the entrance switch it on
HAS_MAIL_SERVER = True  # Django's test runner puts an outbox in its place
