"""How often one network address may send, open pictures, and try to follow an enquiry."""

from django.conf import settings

from portal.core.proof.limits import DAY, EVERYBODY, HOUR, Counted, Limit

OF_ALL = "unproven-of-all"


def sending(network: str, *, is_proven: bool) -> list[Counted]:
    counted = [(Limit("sent", settings.ENQUIRIES_AN_HOUR, HOUR), network)]
    if not is_proven:
        counted.append((Limit("unproven", settings.UNPROVEN_ENQUIRIES_A_DAY, DAY), network))
        counted.append((Limit(OF_ALL, settings.UNPROVEN_ENQUIRIES_OF_ALL_AN_HOUR, HOUR), EVERYBODY))
    return counted


def pictures_opened() -> Limit:
    """Opening pictures costs time, also of those that are refused."""
    return Limit("pictures", settings.ENQUIRIES_AN_HOUR * 3, HOUR)


def followed() -> Limit:
    return Limit("followed", settings.FOLLOW_TRIES_AN_HOUR, HOUR)


def followed_number() -> Limit:
    """Tries from everywhere at one number; wider than that of one address, so that no stranger shuts the sender out."""
    return Limit("followed-number", settings.FOLLOW_TRIES_AN_HOUR * 5, HOUR)
