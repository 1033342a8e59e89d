"""Rows that many tests of one file read: laid once, in a transaction that is taken back after the last of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import models, transaction
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


def laid_once(make: Callable[[], models.Model]) -> Callable[..., Iterator[Callable[[], models.Model]]]:
    """The fixture of a file whose tests read what `make` lays: it gives a function that reads the row anew for each.

    Where a test of the file that does not ask for it runs is not said, so it may find the rows or not.
    """

    @pytest.fixture(scope="module")
    def laid(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ) -> Iterator[Callable[[], models.Model]]:
        with rows_of_a_module(request, django_db_blocker) as can_share:
            row = make() if can_share else None
            yield lambda: row._meta.base_manager.get(pk=row.pk) if row else make()

    return laid


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server", "django_db_reset_sequences"}
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        fixtures & set(getattr(item, "fixturenames", ()))
    )


def laid_for_all(name: str, lay: Callable[[], Any]) -> tuple[Any, Any]:
    """Two fixtures: `name` gives each test what `lay` gave, as it was, and the other lays it once for the file.

    It is laid before the first test, whichever that is, and outside of its transaction: every test of the file finds the rows.
    """

    @pytest.fixture(scope="module", name=f"{name}_of_the_module", autouse=True)
    def of_the_module(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
    ) -> Iterator[Callable[[], Any]]:
        with rows_of_a_module(request, django_db_blocker) as can_share:
            laid = lay() if can_share else None
            yield lambda: deepcopy(laid) if can_share else lay()

    @pytest.fixture(name=name)
    def of_the_test(request: pytest.FixtureRequest, db: None) -> Any:
        return request.getfixturevalue(f"{name}_of_the_module")()

    return of_the_test, of_the_module
