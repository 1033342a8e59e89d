"""The cache that several processes and machines share, in Redis; and what takes its place while Redis does not answer.

Then each process remembers for itself, so that nobody sees an error: pages are made again, and limits count in shares (see
`portal.core.proof.limits`). A word in the log says when that began and when it ended.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PAUSE = 5  # seconds in which a server that did not answer is not asked again: its silence costs every request the wait
PATIENCE = 0.5  # seconds for a connection, and for an answer

logger = logging.getLogger(__name__)


class SharedMemory(RedisCache):
    """Django's cache in Redis, that never raises for want of Redis."""

    def __init__(self, server: str, params: dict[str, Any]):
        at_once = Retry(NoBackoff(), 0)  # by itself the client would ask again for seconds
        options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "retry": at_once}
        options |= params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})
        self._server = server
        self._own = LocMemCache(f"instead of {server}", {})

    @property
    def is_shared(self) -> bool:
        """Whether what is remembered now is seen by the others."""
        return time.monotonic() >= _silent_until.get(self._server, 0)

    def _asked(self, act: str, *args: Any, **keywords: Any) -> Any:
        if not self.is_shared:
            return getattr(self._own, act)(*args, **keywords)
        try:
            answer = getattr(super(), act)(*args, **keywords)
        except (RedisError, OSError) as fault:
            self._fell_silent(fault)
            return getattr(self._own, act)(*args, **keywords)
        self._answered()
        return answer

    def _fell_silent(self, fault: Exception) -> None:
        if self._server not in _silent_until:
            self._own.clear()  # what an earlier silence left is older than what Redis had since
            logger.warning("Redis does not answer; each process remembers for itself: %s", fault)
        _silent_until[self._server] = time.monotonic() + PAUSE

    def _answered(self) -> None:
        if _silent_until.pop(self._server, None) is not None:
            logger.warning("Redis answers again")


def _guarded(act: str) -> Callable[..., Any]:
    def guarded(self: SharedMemory, *args: Any, **keywords: Any) -> Any:
        return self._asked(act, *args, **keywords)

    return guarded


_silent_until: dict[str, float] = {}  # by server: Django makes a cache for each thread

for _act in (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "has_key",
    "incr",
    "get_many",
    "set_many",
    "delete_many",
    "clear",
):
    setattr(SharedMemory, _act, _guarded(_act))
