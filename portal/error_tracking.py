"""Errors of ours told to a Sentry server as well, where the setting SENTRY_DSN names one.

What is told is what the log has at the level ERROR: message, traceback without the values of variables, the number of the
error. No request, no person, no address of a reader leaves the house; so neither do the words of a database, which quotes
the rows that it refuses, nor more of others than their first line.
"""

import logging
from typing import Any

from portal.incidents import given_to
from portal.logs import without_secrets

DATABASES = ("django.db.", "psycopg", "sqlite3")


def begin(dsn: str) -> None:
    """Not imported where nobody wants it."""
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn,
        default_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        before_send=told,
        include_local_variables=False,
        send_default_pii=False,
        max_breadcrumbs=0,
    )


def told(event: Any, hint: dict[str, Any]) -> Any:
    """The event with nothing of the request but the number of the error."""
    incident = given_to(getattr(hint.get("log_record"), "request", None))
    kept = {
        name: part for name, part in event.items() if name not in ("request", "user", "extra", "breadcrumbs")
    }
    entry = kept.get("logentry") or {}
    kept["logentry"] = {"message": _first_line(entry.get("formatted") or entry.get("message", ""))}
    for broken in (kept.get("exception") or {}).get("values", ()):
        is_of_database = str(broken.get("module")).startswith(DATABASES)
        broken["value"] = "" if is_of_database else _first_line(broken.get("value", ""))
    if incident:
        kept["tags"] = {"incident": incident}
    return kept


def _first_line(words: object) -> str:
    return without_secrets(str(words)).partition("\n")[0]
