"""What an account consents to at the counter: by a box that is not ticked beforehand, on record, and taken back as easily."""

from portal.applications.cases.models import Application
from portal.applications.privacy.consents import give_consent, has_consent, withdraw_consent
from portal.applications.privacy.texts import CONTACT_PUBLICATION
from portal.core.accounts.models import User


def about_enterprise(application: Application) -> str:
    return f"enterprise:{application.uscc}"


def consents(application: Application, user: User) -> bool:
    """Whether this account has said that the contact of the enterprise may be made public."""
    return has_consent(user, CONTACT_PUBLICATION, about_enterprise(application))


def keep_contact_consent(application: Application, user: User, is_given: bool) -> None:
    act = give_consent if is_given else withdraw_consent
    act(user, CONTACT_PUBLICATION, by=user, about=about_enterprise(application))
