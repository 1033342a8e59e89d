"""Whole numbers as strangers send them: keys, pages, revisions."""

MOST_DIGITS = 18  # what a key of either database holds


def whole(text: object, digits: int = MOST_DIGITS) -> int | None:
    """The number that these ASCII digits say, at most so many; None for everything else, a sign and a blank too."""
    said = str(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= digits else None
