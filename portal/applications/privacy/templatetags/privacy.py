"""The words that a person consents to, for the form that asks."""

from django import template

from portal.applications.privacy.texts import PURPOSES

register = template.Library()


@register.simple_tag
def consent_words(purpose: str) -> str:
    """The current text of a purpose; it stands beside the button or box, which is never ticked beforehand."""
    return PURPOSES[purpose].current.words
