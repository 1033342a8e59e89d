"""What a page says about the words of a query: chips for those that are understood, and the way to take them literally."""

from dataclasses import dataclass

from catalog.publication.search.asking.understanding import Understanding
from portal.core.pages.listing import Chip
from portal.core.pages.parameters import BadParameter, Query

LITERAL = "literal"  # the parameter: its only value is 1


def refuse_half_literal(query: Query) -> None:
    if query.first(LITERAL) not in ("", "1"):
        raise BadParameter.one(query, LITERAL, query.first(LITERAL))


def word_chips(asked: Understanding, query: Query, path: str) -> list[Chip]:
    """Removing one keeps the other words."""
    bare = query.drop("q", "page")
    if not asked.understood:
        return [Chip(f"搜索「{asked.text}」", bare.drop(LITERAL).link(path))] if asked.text else []
    chips = [
        Chip(piece.label, bare.put(q=asked.without(piece) or None).link(path)) for piece in asked.understood
    ]
    if asked.literal:
        chips.insert(0, Chip(f"搜索「{asked.literal}」", bare.put(q=asked.understood_text).link(path)))
    return chips


@dataclass(frozen=True)
class WordsNote:
    """How the words were read: `meant` is what was looked for in place of `typed`, which finds nothing."""

    asked: Understanding
    typed: str
    literal_href: str

    @classmethod
    def of(cls, asked: Understanding, query: Query, path: str) -> "WordsNote | None":
        typed = query.first("q")
        if not asked.understood and asked.text == typed:
            return None
        return cls(asked, typed, query.drop("page").put(literal="1").link(path))

    @property
    def meant(self) -> str:
        return self.asked.text if self.asked.text != self.typed else ""
