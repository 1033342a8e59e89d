"""What happens when somebody has lost phone and codes."""

from django.db import transaction

from portal.core.accounts import second_factor
from portal.core.accounts.models import User
from portal.core.audit.record import record


def take_factor(account: User, *, by: User | None) -> None:
    """Forget every factor of the account and end all its sessions, on record."""
    with transaction.atomic():
        second_factor.take_away(account)
        account.end_sessions()
        record("user.second_factor_taken", account, by=by)
