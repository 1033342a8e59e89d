"""The signed key of an opened form: it says that this site gave the form out, not too long ago, and for what."""

import secrets

from django.core import signing

FORM_LASTS = 3 * 24 * 3600  # seconds for which an opened form may be sent


def new_form(purpose: str) -> str:
    """The signed key of a form that is about to be shown; `purpose` is `enquiries`, `sign-up` …"""
    return signing.dumps(secrets.token_urlsafe(24), salt=_salt(purpose))


def form_key(signed: str, purpose: str) -> str | None:
    """The key of a form that this site gave out for this purpose not too long ago, else None."""
    try:
        key = signing.loads(signed, salt=_salt(purpose), max_age=FORM_LASTS)
    except signing.BadSignature:
        return None
    return key if isinstance(key, str) else None


def _salt(purpose: str) -> str:
    return f"{purpose}.form"
