"""Under which terms the data may be used, and whom to ask: settings of the installation, told wherever data are given out."""

from django.conf import settings


def licence() -> dict[str, str]:
    """Name and address; empty while the working group has published none."""
    said = {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL}
    return {name: value for name, value in said.items() if value} if settings.DATA_LICENCE else {}


def contact() -> str:
    return settings.DATA_CONTACT or settings.OBJECTION_CONTACT
