"""Words on a page that are for programs, or sentences that were put together badly: none of them helps a person."""

import html
import re

UNREAD = re.compile(r"<(script|style|code|pre|svg|textarea|kbd|head)\b.*?</\1>", re.S)
SAID_IN = re.compile(r'\s(?:title|alt|placeholder|aria-label|data-th)="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|(?:[\w-]+\.)+[a-z]{2,}\b(?:/\S*)?|/[\w./-]+")
MACHINE = re.compile(
    r"\b[a-z]{2,}(?:-[a-z]{2,})+\b"  # uscc-bad-check
    r"|\b[a-z]+(?:_[a-z]+)+\b"  # notice_days
    r"|\b(?!https?:)[a-z]+:[\w-]+"  # import:14
    r"|\bNone\b|\bTrue\b|\bFalse\b|\bnull\b|\bundefined\b|<[A-Z]\w+:"
    r"|\{['\"]|\[['\"]|\{\{|\{%"
    r"|[。，；：、][。，；：、]"  # two stops
)


def machine_words(page: str) -> list[str]:
    """Each with what stands around it."""
    read = UNREAD.sub(" ", page)
    said = html.unescape(TAG.sub(" ", read) + " ".join(SAID_IN.findall(read)))
    said = " ".join(ADDRESS.sub("〇", said).split())
    return [said[max(0, found.start() - 20) : found.end() + 20] for found in MACHINE.finditer(said)]
