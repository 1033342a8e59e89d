"""The key that a form of a case carries: whose it is, for which case, and which state of the draft it was opened on.

It stands in for the session's own protection against forged forms: only a page drawn for that account has it. So a form
that comes in after the session ended still says to whom it belongs.
"""

from dataclasses import dataclass

from django.core import signing

from portal.applications.cases.models import Application
from portal.core.accounts.models import User

SALT = "desk.form"
LASTS = 24 * 3600


@dataclass(frozen=True)
class Key:
    application: int
    user: int
    revision: int


def new_key(application: Application, user: User) -> str:
    return signing.dumps([application.pk, user.pk, application.revision], salt=SALT, compress=True)


def read_key(signed: str) -> Key | None:
    """None for a key that is not ours or older than a day."""
    try:
        return Key(*signing.loads(signed, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, TypeError, ValueError):
        return None
