"""What pages tell search engines about themselves: data blocks of schema.org, in JSON-LD."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.core.pages.navigation import href_of

CONTEXT = "https://schema.org"
SITE_NAME = "绿色建材下乡公共信息发布平台"
# Nothing in a block may end it or open a comment, whatever an editor or a workbook wrote.
ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def thing(kind: str, **properties: Any) -> dict[str, Any]:
    """A schema.org object of `kind`. What has no value is not told; an object of which nothing is known is empty."""
    told = {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    return {"@type": kind, **told} if told else {}


def data_block(about: dict[str, Any]) -> SafeString:
    """The block as it stands in a page. Browsers do not run its type, so the content policy has nothing to allow."""
    text = json.dumps({"@context": CONTEXT, **about}, ensure_ascii=False, default=str).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


def website() -> dict[str, Any]:
    """The site itself with its search box, for the front page."""
    search = href_of("search") or reverse("products:list")
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{settings.SITE_URL}{search}?q={{words}}"},
        "query-input": "required name=words",
    }
    return thing(
        "WebSite", name=SITE_NAME, url=f"{settings.SITE_URL}/", inLanguage="zh-CN", potentialAction=action
    )
