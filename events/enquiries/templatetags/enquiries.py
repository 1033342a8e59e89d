"""Tags of the enquiries."""

from django import template
from django.utils.safestring import SafeString

from events.enquiries.models import Enquiry
from portal.core.pages.templatetags.pages import status

register = template.Library()
SHAPES = {"held": "checking", "open": "approved", "answered": "published", "refused": "returned"}


@register.simple_tag
def enquiry_status(enquiry: Enquiry) -> SafeString:
    """Its state as word, shape and colour."""
    return status(SHAPES[enquiry.state], enquiry.get_state_display())


@register.filter
def label_at(choices: list[tuple[str, str]], place: int) -> str:
    """The label of the choice at a place."""
    return str(choices[place][1])
