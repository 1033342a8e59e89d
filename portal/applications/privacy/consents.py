"""Giving and withdrawing consent. Every act is a row with version and digest of the text that was shown."""

from django.db import transaction

from portal.core.accounts.models import User
from portal.core.audit.record import record

from .models import Consent
from .texts import PURPOSES, ConsentText


def give_consent(user: User, purpose: str, *, by: User, about: str = "") -> Consent:
    """`user` consents to the current text of `purpose` (a code of `texts.PURPOSES`); `by` ticked the box.

    `about` narrows it to one object, as `enterprise:<USCC>`. Who has consented already gets the row that stands.
    """
    newest, text = _newest(user, purpose, about), PURPOSES[purpose].current
    if newest is not None and newest.is_given and newest.text_version == text.version:
        return newest
    return _added(user, purpose, text, by=by, about=about, is_given=True)


def withdraw_consent(user: User, purpose: str, *, by: User, about: str = "") -> Consent | None:
    """The consent ends now; None where there was none."""
    newest = _newest(user, purpose, about)
    if newest is None or not newest.is_given:
        return None
    text = PURPOSES[purpose].version(newest.text_version)
    return _added(user, purpose, text, by=by, about=about, is_given=False)


def withdraw_all(purpose: str, *, about: str, by: User) -> int:
    """What stood for one object ends, whoever gave it; how many. For things that several people may switch off."""
    givers = Consent.objects.filter(purpose=purpose, about=about, is_given=True).order_by("user_id")
    users = {consent.user for consent in givers.select_related("user")}
    return sum(withdraw_consent(user, purpose, by=by, about=about) is not None for user in users)


def has_consent(user: User, purpose: str, about: str = "") -> bool:
    """Whether the newest word of this person is a consent to the text as it stands now: a new text asks anew."""
    newest = _newest(user, purpose, about)
    return newest is not None and newest.is_given and newest.text_version == PURPOSES[purpose].current.version


def standing(user: User) -> list[Consent]:
    """The consents of a person that are in force, whatever version they are of."""
    seen: dict[tuple[str, str], Consent] = {}
    for consent in Consent.objects.filter(user=user).order_by("id"):
        seen[consent.purpose, consent.about] = consent
    return [consent for consent in seen.values() if consent.is_given]


def _newest(user: User, purpose: str, about: str) -> Consent | None:
    return Consent.objects.filter(user=user, purpose=purpose, about=about).order_by("-id").first()


@transaction.atomic
def _added(user: User, purpose: str, text: ConsentText, *, by: User, about: str, is_given: bool) -> Consent:
    consent = Consent.objects.create(
        user=user,
        purpose=purpose,
        about=about,
        text_version=text.version,
        text_digest=text.digest,
        is_given=is_given,
        by_id=getattr(by, "pk", None),
    )
    record("consent.agreed" if is_given else "consent.revoked", consent, by=by, purpose=purpose)
    return consent
