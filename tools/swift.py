"""What the loop of the web server answers by itself: finished pages, and that there are too many visitors."""

import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from gunicorn import SERVER
from gunicorn.util import http_date

from portal.core.pages import cache as page_cache
from portal.core.pages.entry import answered, key_asked
from portal.core.pages.unavailable import crowded_page
from tools import heads

END = b"\r\n"


class Swift:
    """`cfg` is gunicorn's; where it counts or logs each request, or speaks TLS, every request goes to a thread."""

    def __init__(self, cfg: Any):
        self.is_on = not (cfg.accesslog or cfg.max_requests or cfg.is_ssl)
        self.crowded = _crowded()

    def answer(self, head: bytes) -> bytes:
        """A whole answer to a whole request without a body; empty where a thread has to look."""
        meta = _plain(head) if self.is_on else None
        if meta is None or meta.get("HTTP_CONNECTION", "keep-alive").lower() != "keep-alive":
            return b""
        key = key_asked(meta, page_cache.seen.fresh, asks=False)
        page = page_cache.kept_here(key) if key else None
        if key is None or page is None or page.frame is None:
            return b""
        sent = answered(meta, key, page)
        body = sent.body if meta["REQUEST_METHOD"] == "GET" else b""
        return sent.head + _lines(int(time.time())) + body

    def is_likely_kept(self, head: bytes) -> bool:
        """Whether it was there in the state that this process saw last: the second is over, and a thread asks again."""
        meta = _plain(head)
        key = key_asked(meta, lambda: page_cache.seen.value, asks=False) if meta else None
        return key is not None and page_cache.kept_here(key) is not None


def _plain(head: bytes) -> dict[str, Any] | None:
    meta = heads.read(head)
    is_believed = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
    if meta and "HTTP_X_FORWARDED_PROTO" in meta and not is_believed:
        return None  # gunicorn may take it for the scheme
    return {"wsgi.url_scheme": "http", **meta} if meta else None


@lru_cache(maxsize=2)
def _lines(second: int) -> bytes:
    return f"Server: {SERVER}\r\nDate: {http_date(second)}\r\nConnection: keep-alive\r\n\r\n".encode()


def _crowded() -> bytes:
    """503, drawn once: it must cost nothing."""
    page = crowded_page()
    head = f"HTTP/1.1 503 Service Unavailable\r\nContent-Length: {len(page.content)}\r\nConnection: close\r\n"
    lines = "".join(f"{name}: {value}\r\n" for name, value in page.items())
    return (head + lines).encode() + END + page.content
