"""What pages of other rooms show of a kind: its drawing and its plain lines."""

from django import template
from django.utils.safestring import SafeString

from catalog.products import drawings
from catalog.products.guides import guide_at
from portal.core.pages.reading import ReadAt

register = template.Library()


@register.simple_tag
def kind_drawing(code: str, css: str = "") -> SafeString:
    return drawings.kind_drawing(code, css)


@register.inclusion_tag("products/_kind_lines.html", takes_context=True)
def kind_lines(context: template.Context, code: str) -> dict:
    """The lines that a buyer needs, on the page of a product of the kind."""
    return _guide(context, code)


@register.inclusion_tag("products/_kind_note.html", takes_context=True)
def kind_note(context: template.Context, code: str) -> dict:
    """What the kind is, and where more is said of it."""
    return _guide(context, code)


def _guide(context: template.Context, code: str) -> dict:
    reading: ReadAt = context["reading"]
    names = ("mode", "query", "request")
    return {"guide": guide_at(reading, code), **{name: context.get(name) for name in names}}
