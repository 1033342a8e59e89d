"""Secret words that people copy by hand: written without what is misread, and compared without what does not matter."""

import unicodedata

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread for another character


def plain(typed: str) -> str:
    """What was typed without case, width, spaces and hyphens."""
    text = unicodedata.normalize("NFKC", typed).lower()
    return "".join(char for char in text if char.isascii() and char.isalnum())
