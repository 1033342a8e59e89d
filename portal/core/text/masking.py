"""Personal data as they are shown to whoever need not know them: enough to tell two persons apart, not to reach them."""

import re
import unicodedata

from .normalise import clean

_PHONE = re.compile(r"\+?\d[\d\s()-]*\d|\d")
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d\d)")  # area codes: 010, 02x, and four digits elsewhere
_CHINA = re.compile(r"(?:00)?86(?=\d{10,12}$)")
_MOBILE = re.compile(r"1[3-9]")
MOST_STARS = 3


def mask_phone(text: str) -> str:
    """13812341234 → 138****1234, 0591-87654321 → 0591-****4321. Words beside the number are left out.

    A number too short for both ends keeps its last two digits.
    """
    numbers = _PHONE.finditer(unicodedata.normalize("NFKC", clean(text)))
    return " ".join(_masked(match.group()) for match in numbers)


def mask_email(address: str) -> str:
    """zhang@example.com → z***@example.com. What is no address shows nothing of itself."""
    name, at, host = clean(address).rpartition("@")
    if not at:
        return "*" * MOST_STARS if name or host else ""
    return f"{name[:1]}***@{host}"


def mask_name(name: str) -> str:
    """陈大明 → 陈**. The number of stars tells at most that a name is long."""
    name = clean(name)
    return name[:1] + "*" * min(MOST_STARS, max(1, len(name) - 1)) if name else ""


def _masked(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if country := _CHINA.match(digits):
        digits = digits[country.end() :]
        digits = digits if _MOBILE.match(digits) else f"0{digits.removeprefix('0')}"
    area = _AREA.match(digits)
    if area and len(digits) >= len(area.group()) + 7:
        return f"{area.group()}-****{digits[-4:]}"
    if len(digits) >= 10:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:] if len(digits) > 4 else ''}"
