"""A known name and an unknown one cost the same work: hashes, letters, which leave later, and nearly the same questions.

`manage.py benchmark doors` compares the times themselves.
"""

import smtplib
from typing import NamedTuple

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from portal.core.mail.models import Message
from tools.benchmark.doors import DOORS

from .people import person

pytestmark = pytest.mark.django_db
# So many questions more an unknown name costs, a millisecond in hundreds: looking in the second place too; writing an account down.
MORE = {"sign-in": 2, "reset": 3, "sign-up": 7}
KNOWN, UNKNOWN = "chen@example.com", "neu@example.com"


class Work(NamedTuple):
    hashes: int
    questions: int
    letters: int
    jobs: int


@pytest.fixture
def work(settings, monkeypatch):
    """What one answer costs: hashes, questions, letters kept, jobs ordered. Nothing is sent while it is made."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(
        smtplib, "SMTP", lambda *_given, **_named: pytest.fail("a letter left inside of a request")
    )
    EmailAddress.objects.filter(user=person()).update(email=KNOWN)
    hashes: list[int] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *given: hashes.append(1) or encode(self, *given)
    )

    def of(door: str, address: str) -> Work:
        act, status = DOORS[door]
        before = len(hashes), Message.objects.count(), DBTaskResult.objects.count()
        with CaptureQueriesContext(connection) as asked:
            assert act(address).status_code == status
        after = len(hashes), Message.objects.count(), DBTaskResult.objects.count()
        one, letters, jobs = (now - then for now, then in zip(after, before, strict=True))
        return Work(one, len(asked), letters, jobs)

    Client().get("/accounts/login/")  # what a process remembers after its first answer
    for door in DOORS:
        of(door, f"warm-{door}@example.com")
    return of


@pytest.mark.parametrize("door", DOORS)
def test_a_known_name_costs_the_same_work_as_an_unknown_one(work, door, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        known, unknown = work(door, KNOWN), work(door, UNKNOWN)
    assert (known.hashes, known.letters, known.jobs) == (unknown.hashes, unknown.letters, unknown.jobs)
    assert 0 <= unknown.questions - known.questions <= MORE[door]
