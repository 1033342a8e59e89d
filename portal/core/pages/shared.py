"""Finished pages in Redis, where `CACHE_URL` names one: what one process has drawn, no other draws again.

The key holds what a page depends on besides its address and the state: the program and its settings.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from portal.core.pages.finished import Finished

HOUR = 3600
PROGRAM = ("*.py", "*.html", "*.css", "*.js", "*.svg", "*.txt", "*.xml")
FOLDERS = ("portal", "catalog", "events", "templates", "static")


def is_there() -> bool:
    """Not while Redis is silent, either: a page is drawn then."""
    return getattr(caches["default"], "is_shared", False)


def get(key: tuple[str, ...]) -> Finished | None:
    found = caches["default"].get(_name(key)) if is_there() else None
    return Finished(*found) if found else None


def put(key: tuple[str, ...], page: Finished) -> None:
    if is_there():
        kept = (page.type, page.etag, page.bodies, page.close, page.frame, page.is_for_all)
        caches["default"].set(_name(key), kept, timeout=HOUR)


def _name(key: tuple[str, ...]) -> str:
    return "page:" + hashlib.blake2b(repr((release(), key)).encode(), digest_size=20).hexdigest()


@cache
def release() -> str:
    """The same on every node that runs the same program with the same settings."""
    name = hashlib.blake2b(digest_size=12)
    for path in _files():
        name.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    name.update(repr([(one, getattr(settings, one, None)) for one in settings.DECLARED]).encode())
    return name.hexdigest()


def _files() -> list[Path]:
    return sorted(
        path
        for folder in FOLDERS
        for pattern in PROGRAM
        for path in (settings.BASE_DIR / folder).rglob(pattern)
    )
