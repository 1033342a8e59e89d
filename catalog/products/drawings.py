"""The small drawings of the kinds: symbols of one file, named by the code of the kind. A kind added later has none yet."""

import re
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FILE = settings.BASE_DIR / "static" / "kinds.svg"
_SYMBOL = re.compile(r'<symbol id="k-(\w+)" viewBox="0 0 32 32">(.*?)</symbol>')


@cache
def shapes() -> dict[str, str]:
    """By the code of a kind, what its symbol holds."""
    return dict(_SYMBOL.findall(FILE.read_text(encoding="utf-8")))


@cache
def kind_drawing(code: str, css: str = "") -> SafeString:
    """Always beside the name of the kind or of a thing of it, so hidden from screen readers."""
    if code not in shapes():
        return mark_safe("")
    return format_html(
        '<svg class="ln {}" width="32" height="32" aria-hidden="true"><use href="{}#k-{}"/></svg>',
        css or "kd",
        static("kinds.svg"),
        code,
    )
