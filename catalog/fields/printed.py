"""Names and numbers as printed on a paper: no letter may pass for another one."""

import re

from catalog.fields.invalid import InvalidValue
from portal.core.text.deceptive import foreign_letter, lookalike_character

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2}")


def printed(text: str) -> str:
    if reason := lookalike_character(text):
        raise InvalidValue("lookalike-character", reason=reason)
    return text


def registered_name(text: str) -> str:
    """The name of a firm: besides, of Chinese and Latin letters only."""
    if reason := foreign_letter(printed(text)):
        raise InvalidValue("foreign-letter", reason=reason)
    return text


def printed_number(text: str) -> str:
    """A number that is really a text: digits that Excel rounded away cannot be guessed back."""
    refuse_rounded(text)
    return printed(text)


def refuse_rounded(text: str) -> None:
    if _SCIENTIFIC.fullmatch(text):
        raise InvalidValue("digits-lost")
