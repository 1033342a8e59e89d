"""Fixtures of the whole suite: a migrated database kept from run to run, a clean cache, and a real browser."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import settings as properties

from portal.core.proof import work
from tools.repeated import WHOLE, listed

# No test is judged by the clock: the machine may be busy with other things.
properties.register_profile("portal", deadline=None)
# For each of hundreds of mutants; what fails under one is not tried again under the next.
properties.register_profile("mutants", deadline=None, max_examples=20, database=None)
properties.load_profile("portal")

SOME = 500  # fewer were named on purpose: all of them are run, wherever

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # the checks run as root, where the sandbox refuses to work
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Whoever has done its half takes from the end of the other's: what takes long must not stand there.
    items.sort(key=lambda item: "long" not in item.keywords)
    if connection.vendor != "postgresql":
        only_there = pytest.mark.skip(reason="proves what only PostgreSQL has")
        for item in items:
            if "postgres_only" in item.keywords:
                item.add_marker(only_there)
        return
    # What asks no database, or nothing that others do not ask, was proved in the run on SQLite.
    left_out = set() if os.environ.get(WHOLE) or len(items) < SOME else listed()
    runs = {item: asks_the_database(item) and item.nodeid not in left_out for item in items}
    config.hook.pytest_deselected(items=[item for item, is_run in runs.items() if not is_run])
    items[:] = [item for item, is_run in runs.items() if is_run]


def asks_the_database(item: pytest.Item) -> bool:
    if "once" in item.keywords:
        return False
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"}
    is_marked = any(name in item.keywords for name in ("django_db", "postgres_only", "browser"))
    is_case = isinstance(item, pytest.Function) and item.cls and issubclass(item.cls, TransactionTestCase)
    return is_marked or bool(is_case) or bool(fixtures & set(getattr(item, "fixturenames", ())))


# Migrating an empty SQLite file takes longer than most tests. The file is kept under a name that says what made it: the
# migrations, ours and those of the pinned packages. What is done after every migration is done on the copy as well.
ROOT = Path(__file__).resolve().parent.parent
MIGRATED = ROOT / ".pytest_cache" / "migrated"


def migrated_file() -> Path:
    ours = (
        path for floor in ("portal", "catalog", "events") for path in (ROOT / floor).rglob("migrations/*.py")
    )
    made_by = [ROOT / "requirements.txt", *sorted(ours)]
    name = hashlib.sha256()
    for source in made_by:
        name.update(str(source.relative_to(ROOT)).encode() + source.read_bytes())
    return MIGRATED / f"{name.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Begin with the kept file where there is one; migrating it again finds nothing to do."""
    if connection.vendor != "sqlite" or not migrated_file().exists():
        return False
    shutil.copyfile(migrated_file(), connection.settings_dict["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any) -> None:
    """After the first run with these migrations: keep the file, whole or not at all."""
    kept = migrated_file()
    if connection.vendor != "sqlite" or django_db_keepdb or kept.exists():
        return
    MIGRATED.mkdir(parents=True, exist_ok=True)
    for older in MIGRATED.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    with django_db_blocker.unblock(), sqlite3.connect(unfinished) as target:
        connection.ensure_connection()  # whoever brought a database of their own may not have opened it yet
        connection.connection.backup(target)
    unfinished.replace(kept)


# The same after every test: what models there are, and what may be permitted of them.
ALWAYS_THERE = {"django_content_type", "auth_permission", "django_migrations"}


def empty_the_database(_case: TransactionTestCase) -> None:
    """After a test that commits: delete what it left. Django's own flush goes through all tables and fills some anew."""
    from portal.core.editions import protection  # not before the settings are read

    is_postgres = connection.vendor == "postgresql"
    present = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted(set(present) - ALWAYS_THERE)
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables))
        filled = [table for table, has_rows in zip(tables, cursor.fetchone(), strict=True) if has_rows]
        if is_postgres:  # neither foreign keys nor our own triggers are asked
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            protection.remove()
        for table in filled:
            cursor.execute(f'DELETE FROM "{table}"')
        if not is_postgres:
            protection.install()


TransactionTestCase._fixture_teardown = empty_the_database  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _short_proofs() -> Iterator[None]:
    """As many rounds as ever, and fewer tries: the tests are the flood that a proof of work is to slow down."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "TRIES", (3, 9))
        yield


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()
    settings.LOG_SIGNED_FILE.unlink(missing_ok=True)  # each test has a log of its own
    from portal.core.pages.memory import forget_everything  # not before the settings are read

    forget_everything()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the session; its absence is an error, never a skip."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: install chromium, or name it with CHROMIUM=")
    # Playwright keeps an event loop in this thread, and Django would refuse the test's own queries beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """A fresh visitor of the running site; fails afterwards when a page broke the policy or called a stranger."""
    settings.SITE_URL = live_server.url
    complaints: list[str] = []
    context = chromium.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 800},
    )
    context.on("weberror", lambda error: complaints.append(f"script error: {error.error}"))
    context.on("console", lambda line: _note_violation(line.text, complaints))
    context.on("request", lambda request: _note_stranger(request.url, live_server.url, complaints))
    yield context
    context.close()
    assert not complaints, complaints


@pytest.fixture
def browser_page(browser_context: Any) -> Any:
    """A page of `browser_context`, 1280 px wide; addresses may be given without the host."""
    return browser_context.new_page()


def _note_violation(line: str, complaints: list[str]) -> None:
    if "Content Security Policy" in line:
        complaints.append(line)


def _note_stranger(url: str, own: str, complaints: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != urlsplit(own).netloc:
        complaints.append(f"request to a third party: {url}")
