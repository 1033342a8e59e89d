"""Days as terms: each document has three for its day, and "that day or later" is about a hundred terms, not thousands."""

from calendar import monthrange
from datetime import date

from portal.core.text.dates import LAST_YEAR


def day_terms(name: str, day: date) -> list[str]:
    """Terms of a document whose day is `day`: day, month, year."""
    return [f"{name}:{day}", f"{name}:{day:%Y-%m}", f"{name}:{day:%Y}"]


def from_day_terms(name: str, day: date) -> list[str]:
    """Terms of which every document with `day` or a later one has exactly one, as far as `LAST_YEAR`."""
    days = range(day.day, monthrange(day.year, day.month)[1] + 1)
    months = range(day.month + 1, 13)
    years = range(day.year + 1, LAST_YEAR + 1)
    return [
        *(f"{name}:{day:%Y-%m}-{later:02d}" for later in days),
        *(f"{name}:{day:%Y}-{later:02d}" for later in months),
        *(f"{name}:{later}" for later in years),
    ]
