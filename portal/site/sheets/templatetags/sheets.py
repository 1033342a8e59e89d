"""What only a sheet draws."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.core.pages.statuses import STATUSES
from portal.core.pages.templatetags.pages import icon
from portal.core.typesetting import qr_code

register = template.Library()


@register.simple_tag
def verdict_icon(code: str) -> SafeString:
    return icon(STATUSES[code][1], "")


@register.simple_tag
def sheet_code(address: str) -> SafeString:
    return mark_safe(qr_code(address))  # noqa: S308 - drawn by segno
