"""What a page says about the words of a query: chips for those that are understood, and the way to take them literally."""

from dataclasses import dataclass

from catalog.publication.search.asking.understanding import Understanding
from catalog.publication.search.listing import FoundLines, Way
from portal.core.pages.listing import Chip
from portal.core.pages.parameters import BadParameter, Query

_SENTENCES = {
    Way.INITIALS: "没有印着「{typed}」的，按拼音首字母查找。",
    Way.MAKER: "清单上没有「{typed}」，按企业名称（含曾用名）查找。",
    Way.LIKELY: "没有找到「{typed}」，按「{meant}」查找。",
    Way.FEWER: "没有同时符合「{typed}」的，按「{meant}」查找。",
}
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
    """How the words were read, and the way back to them as they were typed."""

    asked: Understanding
    way: Way
    typed: str
    literal_href: str

    @classmethod
    def of(cls, found: FoundLines, query: Query, path: str) -> "WordsNote | None":
        asked, way = found.asked, found.question.way
        if not asked.understood and way is Way.AS_TYPED:
            return None
        return cls(asked, way, query.first("q"), query.drop("page").put(literal="1").link(path))

    @property
    def sentence(self) -> str:
        """What was done in place of what was typed; empty where that was asked."""
        return _SENTENCES.get(self.way, "").format(typed=self.typed, meant=self.asked.text)
