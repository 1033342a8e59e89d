"""How many strangers' pages are drawn at a time. Past that they wait a little, and past that they are told to come again.

Whoever has a session that was begun here, whoever sends something and whoever knocks at the entrance never waits here.
"""

import re
import time
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.conf import settings
from gunicorn.util import split_request_uri

from portal.core.pages.links import INTERNAL
from portal.core.session_keys import is_of_ours

if TYPE_CHECKING:
    from tools.intake import Conn

MOST_WAITING = 40
WAIT_SECONDS = 5
OPEN = (*INTERNAL, settings.STATIC_URL, "/files/", "/mode/", "/healthz", "/readyz", "/metrics")
LOOK = re.compile(rb"(?:GET|HEAD) ([!-~]*)")
SESSION = re.compile(
    rb"^cookie:(?:[^\r\n]*;)?[ \t]*%s=([0-9a-z]*)" % re.escape(settings.SESSION_COOKIE_NAME.encode()),
    re.IGNORECASE | re.MULTILINE,
)
WHOLE = (".csv", ".xlsx", ".jsonl", "/manifest.json")  # files of lists, which are long to make and to send


class Gate:
    """`at_once` may be inside, files of whole lists at most half of them; `MOST_WAITING` stand before it."""

    def __init__(self, at_once: int):
        self.at_once = at_once
        self.inside: dict[Conn, bool] = {}
        self.waiting: deque[tuple[float, Conn, bool]] = deque()

    @staticmethod
    def guards(head: bytes) -> bool:
        """Whether it asks for a public page and comes without a session."""
        path = _path(head)
        return path is not None and not path.startswith(OPEN) and not _has_session(head)

    def enters(self, conn: "Conn", head: bytes) -> bool:
        """False where it has to wait."""
        is_export = (_path(head) or "").endswith(WHOLE)
        if not self._has_room(is_export):
            self.waiting.append((time.monotonic() + WAIT_SECONDS, conn, is_export))
            return False
        self.inside[conn] = is_export
        return True

    @property
    def is_crowded(self) -> bool:
        return len(self.waiting) >= MOST_WAITING

    def leaves(self, conn: "Conn") -> "Conn | None":
        """Who comes in now that this one is done."""
        if self.inside.pop(conn, None) is None:
            return None
        for place, (_until, other, is_export) in enumerate(self.waiting):
            if self._has_room(is_export):
                del self.waiting[place]
                self.inside[other] = is_export
                return other
        return None

    def gives_up(self, now: float) -> "list[Conn]":
        """Who has waited long enough."""
        tired = []
        while self.waiting and self.waiting[0][0] < now:
            tired.append(self.waiting.popleft()[1])
        return tired

    def _has_room(self, is_export: bool) -> bool:
        exports = sum(self.inside.values())
        return len(self.inside) < self.at_once and (not is_export or exports < max(1, self.at_once // 2))


def _has_session(head: bytes) -> bool:
    """One that was made up lets nobody in."""
    return any(is_of_ours(found[1].decode()) for found in SESSION.finditer(head))


def _path(head: bytes) -> str | None:
    """What is looked at, as the portal will read it: also of a target with a host in it, or with needless escapes."""
    look = LOOK.match(head)
    if look is None:
        return None
    try:
        return unquote(split_request_uri(look[1].decode("ascii")).path)
    except ValueError:
        return ""  # gunicorn refuses it
