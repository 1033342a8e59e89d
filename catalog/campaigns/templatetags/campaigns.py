"""Links to campaigns, for the pages of every room."""

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from catalog.campaigns.public import slugs_with_page
from portal.core.pages.parameters import Query

register = template.Library()
KNOWN = "campaigns with a page"


@register.simple_tag(takes_context=True)
def campaign_link(context: template.Context, slug: str, name: str) -> SafeString | str:
    """The name of a campaign, linked where it has a page: batches and letters may come before it. One query a template."""
    memory = context.render_context
    if KNOWN not in memory:
        memory[KNOWN] = slugs_with_page(context["reading"])
    if slug not in memory[KNOWN]:
        return conditional_escape(name)
    query = context.get("query") or Query.of(context["request"])
    href = query.keep("as_of", "edition").link(reverse("campaigns:detail", args=[slug]))
    return format_html('<a href="{}">{}</a>', href, name)
