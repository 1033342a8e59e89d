"""Words that villagers and builders say for a kind of product. One word may stand for several kinds."""

from functools import cache
from pathlib import Path

from portal.core.facts import read_table, read_words

TABLE = Path(__file__).parent / "data" / "synonyms.csv"


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """By the name of a kind. Aliases (`Category.aliases`) are its other names in lists and are not repeated here."""
    return {row["name"]: tuple(read_words(row["words"])) for row in read_table(TABLE)}
