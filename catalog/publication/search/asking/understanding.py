"""One understanding of a query: which of its words mean a star, a kind, a place, a standard, a status or a batch.

A word that is understood asks for what it means *or* for itself, so nothing that is found literally is ever lost. Words glued
together are parted only along known words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from portal.core.text.han import is_han
from portal.core.text.runs import segments
from portal.core.text.tokens import MAX_QUERY, Group, literal_tiers, named, phrase, query_terms

from .standards import typed_standard
from .vocabulary import Meaning, Vocabulary, squeeze

LABELS = {
    "star": "星级",
    "category": "产品类别",
    "province": "企业所在地",
    "division": "企业所在地",
    "standard": "标准",
    "validity": "状态",
    "batch": "批次",
}
LEADS = ("star", "province", "division", "validity")  # what may be glued to a word that is not known itself
_LONGEST_REST = 6
_LONGEST_STANDARD = 3  # words: T / CECS 10038
_DRAWN_STARS = re.compile("[★☆]{1,3}")
_NUMERALS = "一二三"


@dataclass(frozen=True)
class Piece:
    """A word or phrase of the query, as typed, as search compares it, and what it means besides itself."""

    text: str
    words: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()

    @property
    def label(self) -> str:
        """「产品类别：卫生洁具」."""
        named_values = "、".join(dict.fromkeys(meaning.label for meaning in self.meanings))
        return f"{LABELS[self.meanings[0].facet]}：{named_values}"

    @property
    def group(self) -> Group:
        return [*phrase(*self.words), *self._meant]

    @property
    def named_group(self) -> Group:
        """Met by what the thing is or is called, not by who makes it."""
        return [named(*self.words), *self._meant]

    @property
    def _meant(self) -> Group:
        return [frozenset({meaning.term}) for meaning in self.meanings]


@dataclass(frozen=True)
class Understanding:
    text: str
    pieces: tuple[Piece, ...]

    @cached_property
    def understood(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.meanings)

    @property
    def literal(self) -> str:
        """The words that mean only themselves."""
        return " ".join(piece.text for piece in self.pieces if not piece.meanings)

    @property
    def understood_text(self) -> str:
        return " ".join(piece.text for piece in self.understood)

    def without(self, gone: Piece) -> str:
        return " ".join(piece.text for piece in self.pieces if piece is not gone)

    @property
    def statuses(self) -> list[str]:
        return [one.value for piece in self.understood for one in piece.meanings if one.facet == "validity"]

    @property
    def groups(self) -> list[Group]:
        return [
            group
            for piece in self.pieces
            for group in ([piece.group] if piece.meanings else query_terms(piece.text))
        ]

    @property
    def tiers(self) -> list[list[Group]]:
        """Whole before the thing's own name and kind, that before letters as typed, that before the rest."""
        read = literal_tiers(self.text)
        if not read:
            return []
        whole, literal = read
        return [whole, [piece.named_group for piece in self.pieces], literal]


def literally(text: str) -> Understanding:
    return Understanding(text, tuple(_literal(word) for word in text[:MAX_QUERY].split() if squeeze(word)))


def understand(text: str, vocabulary: Vocabulary) -> Understanding:
    words = _DRAWN_STARS.sub(lambda drawn: f" {_NUMERALS[len(drawn[0]) - 1]}星 ", text[:MAX_QUERY]).split()
    return Understanding(text, tuple(_pieces(words, vocabulary)))


def _pieces(words: list[str], vocabulary: Vocabulary) -> Iterator[Piece]:
    start = 0
    while start < len(words):
        piece, taken = _standard(words[start:], vocabulary)
        yield from [piece] if piece else _pieces_of(words[start], vocabulary)
        start += taken


def _standard(words: list[str], vocabulary: Vocabulary) -> tuple[Piece | None, int]:
    for count in range(min(len(words), _LONGEST_STANDARD), 0, -1):
        typed = " ".join(words[:count])
        key = typed_standard(typed)
        if count == 1 and typed in vocabulary.standards:
            key, typed = typed, vocabulary.standards[typed]
        if key:
            meanings = (Meaning("standard", key, typed.upper()), *vocabulary.phrases.get(key, ()))
            return Piece(" ".join(words[:count]), tuple(map(squeeze, words[:count])), meanings), count
    return None, 1


def _pieces_of(word: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    if meanings := vocabulary.meanings(word):
        yield Piece(word, (squeeze(word),), meanings)
        return
    parted = segments(word)
    for segment in parted:
        known = _cut(segment, vocabulary)
        if known:
            yield from known
        else:
            yield _literal(word if len(parted) == 1 else segment)


def _literal(word: str) -> Piece:
    return Piece(word, tuple(segments(word)))


def _cut(word: str, vocabulary: Vocabulary) -> list[Piece]:
    """三星级瓷砖 → 三星级, 瓷砖. [] where the word cannot be parted: kinds are not chained, and one rest at most stays literal."""
    if not any(map(is_han, word)):
        return []
    for end in range(len(word), 1, -1):
        head, rest = word[:end], word[end:]
        meanings = vocabulary.phrases.get(head, ())
        if not meanings:
            continue
        first = Piece(head, (head,), meanings)
        if not rest:
            return [first]
        is_lead = meanings[0].facet in LEADS
        if is_lead and (others := _cut(rest, vocabulary)):
            return [first, *others]
        if is_lead and 2 <= len(rest) <= _LONGEST_REST:
            return [first, _literal(rest)]
        if not is_lead and (last := vocabulary.phrases.get(rest)) and last[0].facet in LEADS:
            return [first, Piece(rest, (rest,), last)]
    return []
