"""Proof of work: a script of the page computes for a moment, which costs a person nothing and a flood much.

The challenge names the form it was made for, and a form is good for one thing; so a proof is good once. Without a
script there is no proof: the room that gave the form out decides what it takes all the same.
"""

import base64
import datetime
import json
import secrets
from typing import Any

import altcha
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .keys import FORM_LASTS

ALGORITHM = "PBKDF2/SHA-256"
COST = 1000  # rounds of each try
TRIES = (300, 900)  # about half a second on a desktop computer, two on a plain phone


def challenge(key: str) -> str:
    """The task for the script, as JSON. A salted hash names the form, so that its key is not told twice."""
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=TRIES[0] + secrets.randbelow(TRIES[1] - TRIES[0]),
        expires_at=timezone.now() + datetime.timedelta(seconds=FORM_LASTS),
        data={"form": _name_of(key)},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("key"),
    )
    return json.dumps(made.to_dict())


def solves(payload: str, key: str) -> bool:
    """Whether the payload solves a challenge that was made for this form."""
    if not payload or len(payload) > 4000:
        return False
    found = altcha.verify_solution(payload, _secret("challenge"), hmac_key_secret=_secret("key"))
    return found.verified and _form_of(payload) == _name_of(key)


def spend(key: str) -> bool:
    """Remember that the proof of this form was used; False where it had been."""
    return cache.add(f"proof:{_name_of(key)}", True, FORM_LASTS)


def _form_of(payload: str) -> Any:
    """Of a verified payload."""
    data = json.loads(base64.b64decode(payload))["challenge"]["parameters"].get("data") or {}
    return data.get("form")


def _name_of(key: str) -> str:
    return salted_hmac("portal.proof", key).hexdigest()


def _secret(purpose: str) -> str:
    return salted_hmac("portal.proof.secret", purpose).hexdigest()
