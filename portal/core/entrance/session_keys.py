"""Keys of sessions that are known to be of this site's making without asking the database.

The second part is an HMAC of the first. It says nothing of who is signed in: only that somebody was given the key here, so
that nobody passes the gate of strangers by a key that was made up.
"""

import hashlib
import hmac

from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import constant_time_compare, get_random_string

DRAWN, PROOF = 20, 12  # signs; what is drawn has 103 bits


def new_key() -> str:
    drawn = get_random_string(DRAWN, VALID_KEY_CHARS)
    return drawn + _proof(settings.SECRET_KEY, drawn)


def is_of_ours(key: str) -> bool:
    drawn, proof = key[:DRAWN], key[DRAWN:]
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(proof, _proof(secret, drawn)) for secret in secrets)


def _proof(secret: str, drawn: str) -> str:
    key = hashlib.sha256(f"portal.entrance.session_keys:{secret}".encode()).digest()
    return hmac.new(key, drawn.encode(), hashlib.sha256).hexdigest()[:PROOF]
