"""How often one network address, and one name, may sign up, fail at the door, ask for a reset, and try a code."""

from django.conf import settings

from portal.core.proof.limits import DAY, EVERYBODY, HOUR, Counted, Limit


def signing_up(network: str, *, is_proven: bool) -> list[Counted]:
    counted = [(Limit("sign-up", settings.SIGN_UPS_AN_HOUR, HOUR), network)]
    if not is_proven:
        counted.append((Limit("sign-up-unproven", settings.UNPROVEN_SIGN_UPS_A_DAY, DAY), network))
        of_all = settings.UNPROVEN_SIGN_UPS_OF_ALL_AN_HOUR
        counted.append((Limit("sign-up-unproven-of-all", of_all, HOUR), EVERYBODY))
    return counted


def signing_in(network: str) -> list[Counted]:
    """Failures of one address, whatever names it tries; the lock counts by name."""
    return [(Limit("sign-in-failed", settings.SIGN_INS_AN_HOUR, HOUR), network)]


def resetting(network: str, address: str) -> list[Counted]:
    most = settings.RESETS_AN_HOUR
    return [(Limit("reset", most, HOUR), network), (Limit("reset-of", max(3, most // 2), HOUR), address)]


def activating(network: str) -> list[Counted]:
    return [(Limit("activate", settings.SIGN_INS_AN_HOUR, HOUR), network)]
