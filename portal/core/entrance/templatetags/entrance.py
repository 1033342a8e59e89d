"""How the forms of allauth are drawn in the look of the house."""

from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField

from portal.core.entrance.lock import FAILURES, LOCKED_FOR

register = template.Library()


@register.inclusion_tag("admin/field.html")
def typed(
    field: BoundField, label: str = "", hint: str | None = None, autocomplete: str = ""
) -> dict[str, Any]:
    """One field with our label and hint, in place of those that came with it."""
    inner: Any = field.field
    inner.widget.attrs.pop("placeholder", None)
    inner.widget.attrs["class"] = "input"
    if autocomplete:
        inner.widget.attrs["autocomplete"] = autocomplete
    field.label = label or field.label
    if hint is not None:
        field.help_text = hint
    return {"field": field}


@register.simple_tag
def lock_words() -> str:
    return f"连续 {FAILURES} 次不对，账号暂停登录 {LOCKED_FOR.seconds // 60} 分钟。"


@register.simple_tag
def idle_minutes() -> int:
    return settings.SESSION_COOKIE_AGE // 60
