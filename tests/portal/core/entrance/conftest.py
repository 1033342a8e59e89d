"""A test has no commit: what waits for one happens at once."""

import pytest


@pytest.fixture
def letters_leave(monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, *more, **named: call())
