"""Tags of the review desk: a finding, a case and a line in word, shape and colour."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.applications.cases.models import Application, ApplicationState, Document, Item, ItemState
from portal.applications.cases.reasons import words_of_reason
from portal.applications.review.checks import Finding
from portal.core.pages.templatetags.pages import icon

register = template.Library()

# (class of the colour, shape)
CASES = {
    ApplicationState.DRAFT: ("fix", "dash"),
    ApplicationState.SUBMITTED: ("wait", "half"),
    ApplicationState.RETURNED: ("hold", "pause"),
    ApplicationState.APPROVED: ("ok", "ok"),
    ApplicationState.REJECTED: ("bad", "cross"),
    ApplicationState.WITHDRAWN: ("old", "slash"),
}
ITEMS = {
    ItemState.PENDING: ("wait", "half"),
    ItemState.APPROVED: ("ok", "ok"),
    ItemState.RETURNED: ("bad", "back"),
    ItemState.REJECTED: ("bad", "cross"),
}
# (class of the line, shape, word)
LEVELS = {"error": ("f", "cross", "不符"), "warning": ("w", "dia", "提醒"), "ok": ("p", "ok", "无误")}


@register.simple_tag
def case_status(case: Application) -> SafeString:
    return shown(*CASES[ApplicationState(case.state)], case.get_state_display())


@register.simple_tag
def item_status(item: Item) -> SafeString:
    return shown(*ITEMS[ItemState(item.state)], item.get_state_display())


@register.simple_tag
def finding_line(finding: Finding) -> SafeString:
    css, shape, word = LEVELS[finding.level]
    return format_html(
        '<li class="{}">{}<span><b>{}</b>　{}</span></li>', css, icon(shape), word, finding.sentence
    )


def shown(colour: str, shape: str, word: str) -> SafeString:
    return format_html('<span class="st {}">{}{}</span>', colour, icon(shape), word)


@register.filter
def reason_words(item: Item, kind: str) -> list[str]:
    """Why a line was returned or rejected, without the word 「产品」 that a table of products need not repeat."""
    return [words_of_reason(kind, reason).partition("：")[2] for reason in item.reasons]


@register.filter
def is_picture(paper: Document) -> bool:
    return paper.file.media_type.startswith("image/")
