"""A web archive (.mht), as Excel and some systems save a table under the name .xls: the pages that are packed in it."""

import email
from email.message import Message

from .refusals import Refused

WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}  # what calls itself so holds characters of the larger one


def is_archive(text: str) -> bool:
    return text.lstrip("\ufeff \r\n")[:13].lower() == "mime-version:"


def pages_in(content: bytes) -> str:
    """One after the other. Raises Refused where none holds a table."""
    try:
        parts = list(email.message_from_bytes(content).walk())
    except RecursionError:
        raise Refused("broken-workbook", what="网页存档套得太深") from None
    pages = [_text(part) for part in parts if part.get_content_type() == "text/html"]
    tables = [page for page in pages if "<table" in page.lower()]
    if not tables:
        raise Refused("web-table", what="网页存档（MHT）")
    return "\n".join(tables)


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    named = (part.get_content_charset() or "utf-8").lower()
    try:
        return content.decode(WIDER.get(named, named), "replace") if isinstance(content, bytes) else ""
    except LookupError:
        return ""
