"""What must lie in the database but not be readable there: sealed with a key that comes from the installation's secret."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unsealed(token: str) -> str | None:
    """The text again, or None where it was sealed with another secret."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    key = hashlib.sha256(f"portal.accounts.sealing:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
