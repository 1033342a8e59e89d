"""People at the door, and what they hold in their hands: a phone with an authenticator app, a letter."""

import html
import json
import re
import time

import altcha
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from portal.core.accounts.models import User
from tests.make import make_user

PASSWORD = "Jinxiang-2026"
DOOR = "/accounts/login/"
SIGN_UP = "/accounts/signup/"


def person(*roles: str, **fields) -> User:
    """Staff with roles; without any, somebody of an enterprise whose address is verified."""
    user = make_user(*roles, **fields)
    user.set_password(PASSWORD)
    user.save()
    if not roles:
        EmailAddress.objects.create(
            user=user, email=f"{user.username}@example.com", verified=True, primary=True
        )
    return user


def knock(client, username: str, password: str = PASSWORD, **more):
    return client.post(DOOR, {"login": username, "password": password, **more})


def code_of(secret: str, steps: int = 0) -> str:
    """What the app of a phone shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def secret_on(page: str) -> str:
    found = re.search(r'<code class="key">([A-Z2-7]+)</code>', page)
    assert found is not None, page
    return found[1]


def set_up(client) -> tuple[str, list[str]]:
    """The key and the recovery codes of whoever is signed in, after setting the app up."""
    secret = secret_on(client.get("/accounts/2fa/totp/activate/").content.decode())
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302, said(answer)
    codes = client.get(answer["Location"]).content.decode()
    return secret, re.findall(r"<li><code>(\d+)</code></li>", codes)


def said(answer) -> str:
    """What the box of faults says."""
    box = re.search(r'role="alert".*?<ul>(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return re.sub("<[^>]*>", "", box[1]) if box else ""


def sign_up_form(client) -> dict[str, str]:
    page = client.get(SIGN_UP).content.decode()
    form = re.search(r'name="form" value="([^"]*)"', page)
    challenge = re.search(r'data-challenge="([^"]*)"', page)
    assert form is not None, page
    assert challenge is not None, page
    return {"form": html.unescape(form[1]), "challenge": html.unescape(challenge[1])}


def proof_for(challenge: str) -> str:
    given = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return altcha.Payload(given, solution).to_base64()


def sign_up(client, email: str = "chen@example.com", *, form=None, is_proven: bool = True, **changes):
    form = form or sign_up_form(client)
    words = {
        "name": "陈大明",
        "email": email,
        "password1": PASSWORD,
        "password2": PASSWORD,
        "homepage": "",
        "form": form["form"],
        "proof": proof_for(form["challenge"]) if is_proven else "",
        **changes,
    }
    return client.post(SIGN_UP, words)


def link_in(letter) -> str:
    found = re.search(r"https?://[^/]+(/accounts/\S+)", letter.body)
    assert found is not None, letter.body
    return found[1]
