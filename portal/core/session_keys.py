"""Keys of sessions that are known to be of this site's making without asking the database.

The second part is an HMAC of the first. It says nothing of who is signed in: only that somebody was given the key here. One
that was made up is nobody's, wherever it is asked: it passes neither the gate of strangers nor the pages that are kept for all.
"""

import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import constant_time_compare, get_random_string

DRAWN, PROOF = 20, 12  # signs; what is drawn has 103 bits


def new_key() -> str:
    drawn = get_random_string(DRAWN, VALID_KEY_CHARS)
    return drawn + _proof(settings.SECRET_KEY, drawn)


def has_session(cookies: Mapping[str, str]) -> bool:
    """Whether a request comes with a session that was begun here. The session may be over."""
    return is_of_ours(cookies.get(settings.SESSION_COOKIE_NAME, ""))


def is_of_ours(key: str) -> bool:
    if len(key) != DRAWN + PROOF or not key.isascii():
        return False
    drawn, proof = key[:DRAWN], key[DRAWN:]
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(proof, _proof(secret, drawn)) for secret in secrets)


def _proof(secret: str, drawn: str) -> str:
    return hmac.new(_key(secret), drawn.encode(), hashlib.sha256).hexdigest()[:PROOF]


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"portal.entrance.session_keys:{secret}".encode()).digest()
