"""The number and the secret word with which a sender follows an enquiry.

The word is derived from the key of the form, so that a form that is sent twice, because the line was lost, gives the
same receipt twice; only its hash is stored.
"""

import hashlib
import hmac
import secrets
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from portal.core.proof.words import ALPHABET, plain

from .models import Enquiry

WORD_LENGTH = 8


def new_number() -> str:
    """Eight random digits, so that no number tells how many there are or what the next one is."""
    digits = f"{secrets.randbelow(10**8):08d}"
    return f"{digits[:4]}-{digits[4:]}"


def word_of(key: str) -> str:
    """abcd-efgh, out of the key of the form and the secret of the installation."""
    secret = hashlib.sha256(f"enquiries.word:{settings.SECRET_KEY}".encode()).digest()
    number = int.from_bytes(hmac.digest(secret, key.encode(), "sha256"), "big")
    letters = []
    for _place in range(WORD_LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def hashed(word: str) -> str:
    return make_password(plain(word))


def opened(number: str, word: str) -> Enquiry | None:
    """The enquiry of that number if the word is right. It takes as long where there is no such number."""
    digits = plain(number)
    found = Enquiry.objects.filter(number=f"{digits[:4]}-{digits[4:]}").first() if len(digits) == 8 else None
    is_right = check_password(plain(word)[:64], found.secret_hash if found else _nobodys_hash())
    return found if is_right else None


@cache
def _nobodys_hash() -> str:
    return make_password(secrets.token_urlsafe(24))
