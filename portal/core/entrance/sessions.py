"""Sessions in the database. A request that only reads writes nothing: the idle end is moved at most once a minute.

So a person is signed out after `SESSION_IDLE_MINUTES` without a request, or up to a minute sooner.
"""

import datetime
from typing import cast

from django.conf import settings
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.core.busy import fault_of, unless_busy
from portal.core.session_keys import is_of_ours, new_key

LONGEST_STEP = 60  # seconds


def step() -> datetime.timedelta:
    return datetime.timedelta(seconds=min(LONGEST_STEP, settings.SESSION_COOKIE_AGE // 2))


class SessionStore(db.SessionStore):
    """`ends_at` is the end as it was read, None before that and in a new session."""

    ends_at: datetime.datetime | None = None

    def _get_new_session_key(self) -> str:
        """As Django's own, which draws it; one that is taken is nobody's again."""
        return next(key for key in iter(new_key, None) if not self.exists(key))

    def _validate_session_key(self, key: str | None) -> bool:
        """One that was made up is none, and the database is not asked for it."""
        return is_of_ours(key or "")

    def load(self) -> dict:
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # as Django's own load()
        if row is None:
            return {}
        self.ends_at = row.expire_date
        return self.decode(row.session_data)

    @property
    def is_end_due(self) -> bool:
        """Whether the end lies back by a step, and may be moved with this request."""
        return self.ends_at is not None and self.get_expiry_date() - self.ends_at >= step()

    def move_end(self) -> bool:
        """False where somebody else is writing now: the next request does it, nobody waits for this."""
        row = self.model.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
        return bool(unless_busy(lambda: row.update(expire_date=self.get_expiry_date())))

    def save(self, must_create: bool = False) -> None:
        """Django says of every fault that the session is gone: a database that is busy or away says so itself."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if error.__context__ is not None and fault_of(error.__context__):
                raise error.__context__ from error.__context__.__cause__
            raise


class SessionMiddleware(middleware.SessionMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)  # type: ignore[assignment]
        session = cast(SessionStore, request.session)
        if session.is_end_due and not session.modified and response.status_code < 500 and session.move_end():
            self._send_cookie(session, response)
        return response

    @staticmethod
    def _send_cookie(session: SessionStore, response: HttpResponse) -> None:
        """The cookie of the same session with its new end, as Django sets it."""
        lasting = not session.get_expire_at_browser_close()
        response.set_cookie(
            settings.SESSION_COOKIE_NAME,
            session.session_key or "",
            max_age=session.get_expiry_age() if lasting else None,
            domain=settings.SESSION_COOKIE_DOMAIN,
            path=settings.SESSION_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=settings.SESSION_COOKIE_HTTPONLY,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )
