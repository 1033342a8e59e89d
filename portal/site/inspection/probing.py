"""Trying to reach the site as a visitor does, over the network. Each try is kept.

Nothing but this site is ever called: its own host by SITE_URL, or this machine.
"""

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from portal.core.accounts.addresses import is_this_machine
from portal.core.pages.reading import ReadAt
from portal.core.workflow import NotAllowed

from .checks import Check, Finding
from .models import Probe
from .quarters import Quarter

LIMIT_SECONDS = 15
FAILING_PERCENT = 5
MOST_REDIRECTS = 5
CHUNK = 64 * 1024
MOST_BYTES = 20 * 1024 * 1024


def probe(url: str) -> Probe:
    """Try once and keep what happened. Raises NotAllowed for an address that is not ours, before anything is sent."""
    check_address(url)
    started = time.monotonic()
    status, fault = None, ""
    try:
        status = _open(url, started + LIMIT_SECONDS)
        if status >= 400:
            fault = f"服务器回答 {status}"
    except NotAllowed as refusal:
        fault = f"被转到别处：{refusal}"
    except (OSError, http.client.HTTPException, ValueError) as problem:
        fault = f"连接不上：{problem or type(problem).__name__}"
    seconds = time.monotonic() - started
    if seconds >= LIMIT_SECONDS:
        fault = f"{LIMIT_SECONDS} 秒内没有打开"
    return Probe.objects.create(
        url=url[:300], status=status, milliseconds=round(1000 * seconds), fault=fault[:200]
    )


def check_address(url: str) -> SplitResult:
    """Raises NotAllowed unless it is http or https to our own host or to this machine, without user and password."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError as problem:
        raise NotAllowed("probe.address", f"「{url}」不是网址。") from problem
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise NotAllowed("probe.address", f"「{url}」须以 http:// 或 https:// 开头，不带用户名。")
    if any(char <= " " or char == "\x7f" for char in url):
        raise NotAllowed("probe.address", f"「{url!r}」含有空格或控制字符。")
    if parts.hostname != urlsplit(settings.SITE_URL).hostname and not is_this_machine(parts.hostname):
        raise NotAllowed(
            "probe.host", f"只能探测本站（SITE_URL = {settings.SITE_URL}）或本机，不能探测 {parts.hostname}。"
        )
    return parts


def _open(url: str, deadline: float) -> int:
    """The status of the page in the end, its bytes read; TimeoutError when the time is over."""
    for _step in range(MOST_REDIRECTS + 1):
        status, location = _get(check_address(url), deadline)
        if status not in (301, 302, 303, 307, 308) or not location:
            return status
        url = urljoin(url, location)
    raise ValueError(f"转了 {MOST_REDIRECTS} 次还没有到")


def _get(parts: SplitResult, deadline: float) -> tuple[int, str | None]:
    connection = _connection(parts, _left(deadline))
    watch = threading.Timer(_left(deadline), _hang_up, [connection])
    watch.daemon = True
    try:
        connection.connect()
        watch.start()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "self-inspection"})
        response = connection.getresponse()
        _read(response, deadline)
        return response.status, response.getheader("Location")
    finally:
        watch.cancel()
        connection.close()


def _connection(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    host = str(parts.hostname)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            host, parts.port, timeout=seconds, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, parts.port, timeout=seconds)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """The time of a socket begins anew with every byte: one that drips is ended from outside."""
    if connection.sock:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _read(response: http.client.HTTPResponse, deadline: float) -> None:
    """All of it: a page that never ends is not open."""
    taken = 0
    while (chunk := response.read1(CHUNK)) and taken < MOST_BYTES:
        taken += len(chunk)
        _left(deadline)


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


@dataclass(frozen=True)
class Reachability:
    """The tries of one quarter."""

    tries: int
    failed: int
    slowest: int
    mean: int

    @classmethod
    def of(cls, quarter: Quarter) -> "Reachability":
        figures = Probe.objects.between(quarter.first_day, quarter.last_day).figures()
        return cls(figures["tries"], figures["failed"], figures["slowest"] or 0, round(figures["mean"] or 0))

    @property
    def percent(self) -> float:
        return 100 * self.failed / self.tries if self.tries else 0.0

    @property
    def is_failing(self) -> bool:
        return self.tries > 0 and self.failed * 100 >= FAILING_PERCENT * self.tries


def reachable(reading: ReadAt) -> Check:
    """Decides the whole table: a site that cannot be opened is not inspected any further."""
    quarter = Quarter.of(reading.day)
    reach = Reachability.of(quarter)
    item = "网站可用性"
    requirement = f"{LIMIT_SECONDS} 秒内打开，打不开的次数不到 {FAILING_PERCENT}%"
    if not reach.tries:
        return Check(item, requirement, f"{quarter}没有探测记录", is_decisive=True, is_done=False)
    measured = (
        f"{quarter}探测 {reach.tries} 次，打不开 {reach.failed} 次（{reach.percent:.1f}%），"
        f"平均 {reach.mean} 毫秒，最慢 {reach.slowest} 毫秒"
    )
    found: tuple[Finding, ...] = ()
    if reach.is_failing:
        sentence = f"{quarter}打不开的次数占 {reach.percent:.1f}%，达到 {FAILING_PERCENT}%，单项否决。"
        remedy = "查服务器、网络和域名；逐次的原因在工作台「网站自查」"
        found = (Finding(sentence, settings.SITE_URL, remedy),)
    return Check(item, requirement, measured, found, is_decisive=True)
