"""Rows that many tests of one file read: laid once, in a transaction that is taken back after the last of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def rows_of_a_module(request: pytest.FixtureRequest, blocker: DjangoDbBlocker) -> Iterator[bool]:
    """Holds a transaction that the tests of the file nest in; no transaction, and False, where one of them commits."""
    if any(commits(item) for item in request.session.items if item.path == request.path):
        yield False
        return
    with blocker.unblock(), transaction.atomic():
        yield True
        transaction.set_rollback(True)


def laid_once(lay: Callable[[], Any], *, name: str | None = None, autouse: bool = False) -> Any:
    """The fixture of a file whose tests read what `lay` lays: it gives a function that gives each test what that was.

    Without `autouse` nobody says when it is laid: a test of the file that does not ask for it finds the rows or not.
    """

    @pytest.fixture(scope="module", name=name, autouse=autouse)
    def laid(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ) -> Iterator[Callable[[], Any]]:
        with rows_of_a_module(request, django_db_blocker) as can_share:
            rows = lay() if can_share else None
            yield lambda: deepcopy(rows) if can_share else lay()

    return laid


def laid_for_all(name: str, lay: Callable[[], Any]) -> tuple[Any, Any]:
    """Two fixtures: `name` is for each test what `lay` gave, and the other lays it before the first test of the file, whichever
    that is, and outside of its transaction: every test finds the rows.
    """
    of_the_module = laid_once(lay, name=f"{name}_of_the_module", autouse=True)

    @pytest.fixture(name=name)
    def of_the_test(request: pytest.FixtureRequest, db: None) -> Any:
        return request.getfixturevalue(f"{name}_of_the_module")()

    return of_the_test, of_the_module


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server", "django_db_reset_sequences"}
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        fixtures & set(getattr(item, "fixturenames", ()))
    )
