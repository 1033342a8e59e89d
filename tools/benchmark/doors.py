"""Whether the time of an answer tells who has an account: `manage.py benchmark doors`.

Known and unknown names are asked about in turn, each once, in pairs. Where the time tells nothing, the known one takes longer in
about half of the pairs; what lies beyond two standard deviations of that is told.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.http.response import HttpResponseBase
from django.test import Client, override_settings

from portal.core.accounts.models import User
from portal.core.proof import keys

PAIRS = 200
PASSWORD = "Jinxiang-2026"  # noqa: S105 - of accounts that live as long as the measurement
NO_LIMITS = override_settings(
    ALLOWED_HOSTS=["*"],
    SECURE_SSL_REDIRECT=False,
    SIGN_INS_AN_HOUR=10**6,
    SIGN_UPS_AN_HOUR=10**6,
    UNPROVEN_SIGN_UPS_A_DAY=10**6,
    UNPROVEN_SIGN_UPS_OF_ALL_AN_HOUR=10**6,
    RESETS_AN_HOUR=10**6,
)
HEADINGS = "door | known, ms | unknown, ms | known took longer in | of | noise | held"


@dataclass(frozen=True)
class Door:
    name: str
    known: list[float]
    unknown: list[float]

    @property
    def longer(self) -> int:
        return sum(one > other for one, other in zip(self.known, self.unknown, strict=True))

    @property
    def noise(self) -> int:
        """Two standard deviations of tosses of a coin."""
        return round(len(self.known) ** 0.5)

    @property
    def is_held(self) -> bool:
        return abs(self.longer - len(self.known) / 2) <= self.noise

    def __str__(self) -> str:
        words = [self.name, f"{median(self.known) * 1000:.1f}", f"{median(self.unknown) * 1000:.1f}"]
        words += [str(self.longer), str(len(self.known)), f"±{self.noise}", "yes" if self.is_held else "no"]
        return " | ".join(words)


def sign_in(address: str) -> HttpResponseBase:
    return Client().post("/accounts/login/", {"login": address, "password": "falsch"})


def sign_up(address: str) -> HttpResponseBase:
    sent = {"email": address, "password1": PASSWORD, "password2": PASSWORD, "name": "示例", "consent": "on"}
    return Client().post("/accounts/signup/", sent | {"form": keys.new_form("sign-up")})


def ask_for_reset(address: str) -> HttpResponseBase:
    return Client().post("/accounts/password/reset/", {"email": address})


DOORS: dict[str, tuple[Callable[[str], HttpResponseBase], int]] = {
    "sign-in": (sign_in, 400),
    "reset": (ask_for_reset, 302),
    "sign-up": (sign_up, 302),
}


def people(count: int) -> None:
    encoded = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=f"e-{number:016d}", email=f"known{number}@example.com", password=encoded)
        for number in range(count)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )


def seconds(act: Callable[[str], HttpResponseBase], address: str, status: int) -> float:
    began = time.perf_counter()
    answer = act(address)
    taken = time.perf_counter() - began
    if answer.status_code != status:
        raise AssertionError(f"{address}: {answer.status_code}, not {status}")
    return taken


@NO_LIMITS
def measure(name: str, pairs: int) -> Door:
    logging.disable(logging.WARNING)  # each refusal would write a line
    act, status = DOORS[name]
    for number in range(3):
        seconds(act, f"warm{name}{number}@example.com", status)
    known: list[float] = []
    unknown: list[float] = []
    for number in range(pairs):
        turns = [(known, f"known{number}@example.com"), (unknown, f"{name}{number}@example.com")]
        for noted, address in turns if number % 2 else reversed(turns):
            noted.append(seconds(act, address, status))
    return Door(name, known, unknown)
