"""Tags of the counter: how a case stands, in word, shape and colour."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.applications.cases.models import Application, Item
from portal.core.pages.templatetags.pages import icon

register = template.Library()
State = Application.State

# (class of the colour, shape)
_CASES: dict[str, tuple[str, str]] = {
    State.DRAFT: ("fix", "dash"),
    State.SUBMITTED: ("wait", "half"),
    State.RETURNED: ("bad", "back"),
    State.APPROVED: ("ok", "ok"),
    State.REJECTED: ("bad", "cross"),
    State.WITHDRAWN: ("old", "slash"),
}
_ITEMS: dict[str, tuple[str, str]] = {
    Item.State.PENDING: ("wait", "half"),
    Item.State.APPROVED: ("ok", "ok"),
    Item.State.RETURNED: ("bad", "back"),
    Item.State.REJECTED: ("bad", "cross"),
}


@register.simple_tag
def case_status(application: Application) -> SafeString:
    return _shown(*_CASES[application.state], application.get_state_display())


@register.simple_tag
def item_status(item: Item) -> SafeString:
    return _shown(*_ITEMS[item.state], item.get_state_display())


def _shown(colour: str, shape: str, word: str) -> SafeString:
    return format_html('<span class="st {}">{}{}</span>', colour, icon(shape), word)
