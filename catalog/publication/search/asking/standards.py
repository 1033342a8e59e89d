"""Standards as they are printed and typed: GB/T 35609-2017, GBT35609, T/CECS 10038."""

import re

_PREFIX = (
    r"(?:GB|JG|JC|CJ|HG|HJ|QB|JB|NY|DB\d{2,4})(?:\s*/\s*T|T)?|(?:T\s*/?\s*)?[A-Z]{4,6}|T\s*/\s*[A-Z]{2,8}"
)
_PRINTED = re.compile(
    rf"(?<![A-Z0-9])(?P<prefix>{_PREFIX})\s*(?P<number>\d{{3,6}}(?:\.\d+)?)(?:\s*[-‐-―－]\s*\d{{4}})?(?![A-Z0-9])",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"(?!T?CECS)[A-Z]{4}", re.IGNORECASE
)  # SLCGP 777 is the beginning of a certificate number


def standards_in(text: str) -> set[str]:
    """Keys of the standards named in a text, each with its letters and without: "GB/T 35609-2017" → gbt35609, 35609."""
    found: set[str] = set()
    for match in _PRINTED.finditer(text):
        found |= {_key(match), match["number"]}
    return found


def typed_standard(text: str) -> str:
    """The key where `text` is one standard with its letters and nothing else, otherwise empty. The year does not count:
    who asks for a standard means every edition of it."""
    match = _PRINTED.fullmatch(text.strip())
    return _key(match) if match and not _FOREIGN.match(text.strip()) else ""


def _key(match: re.Match[str]) -> str:
    prefix = re.sub(r"[\s/]", "", match["prefix"]).casefold()
    return f"{'t' if prefix == 'cecs' else ''}{prefix}{match['number']}"
