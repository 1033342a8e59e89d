"""How often one network address or one name may do something, counted in the cache: nothing of it is kept longer than
its window.
"""

import ipaddress
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR, DAY = 3600, 24 * 3600
EVERYBODY = "everybody"
SMALLEST_SHARE = 2  # one typing error is forgiven, whichever process is asked


@dataclass(frozen=True)
class Limit:
    """At most `most` in each window of `seconds`.

    Where the processes do not see what the others counted, each of them gives out its share.
    """

    name: str
    most: int
    seconds: int

    def is_full(self, who: str) -> bool:
        return int(cache.get(self._key(who), 0)) >= self._share()

    def take(self, who: str) -> bool:
        """Count one more, if there is one left: of many who ask at once, on several machines, `most` are told so."""
        return not self.is_full(who) and counted_up(self._key(who), self.seconds + 60) <= self._share()

    def give_back(self, who: str) -> None:
        counted_down(self._key(who))

    def left(self, who: str) -> int:
        return max(0, self._share() - int(cache.get(self._key(who), 0)))

    def seconds_left(self) -> int:
        """Until the window ends, at least one."""
        return max(1, int(self.seconds - time.time() % self.seconds))

    def minutes_left(self) -> int:
        return -(-self.seconds_left() // 60)

    def wait(self) -> str:
        """When to try again, in words: 12 分钟, 3 小时."""
        minutes = self.minutes_left()
        return f"{minutes} 分钟" if minutes < 120 else f"{-(-minutes // 60)} 小时"

    def _share(self) -> int:
        if getattr(cache, "is_shared", True):
            return self.most
        processes = settings.WORKERS * settings.NODES
        return max(min(self.most, SMALLEST_SHARE), self.most // processes)

    def _key(self, who: str) -> str:
        window = int(time.time() // self.seconds)
        return f"limit:{self.name}:{window}:{salted_hmac('portal.proof.limits', who).hexdigest()[:32]}"


Counted = tuple[Limit, str]


def taken(counted: Sequence[Counted]) -> Limit | None:
    """Count one for each; or none, where a limit was reached already: that one."""
    for place, (limit, who) in enumerate(counted):
        if not limit.take(who):
            give_back(counted[:place])
            return limit
    return None


def give_back(counted: Sequence[Counted]) -> None:
    """It was right, or came to nothing, and only the rest counts."""
    for limit, who in counted:
        limit.give_back(who)


def counted_up(key: str, seconds: int) -> int:
    """How many there are with this one. Nobody else gets the same answer while the count lasts."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out, or was pushed out, between the two
        cache.set(key, 1, seconds)
        return 1


def counted_down(key: str) -> None:
    with suppress(ValueError):  # it ran out
        cache.decr(key)


def network(address: str) -> str:
    """Whom a limit counts: an IPv4 address, or the network of 64 bits that one line of IPv6 has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
