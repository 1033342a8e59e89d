"""One understanding of a query: which of its words mean a star, a kind, a place, a standard, a status or a batch.

A word that is understood asks for what it means *or* for itself, so nothing that is found literally is ever lost. Words glued
together are parted only along known words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from portal.core.text.han import is_han
from portal.core.text.runs import segments
from portal.core.text.tokens import (
    MAX_QUERY,
    Group,
    end_of,
    ending,
    literal_tiers,
    maker,
    named,
    phrase,
    query_terms,
)

from .standards import typed_standard
from .vocabulary import LEADS, Meaning, Vocabulary, squeeze

LABELS = {
    "star": "星级",
    "category": "产品类别",
    "province": "企业所在地",
    "division": "企业所在地",
    "standard": "标准",
    "validity": "状态",
    "batch": "批次",
    "enterprise": "企业",
}
_LONGEST_REST = 6
_LONGEST_STANDARD = _LONGEST_PHRASE = 3  # words: T / CECS 10038; 防水 卷材
SHORTEST_INITIALS = 3  # two letters are initials only where nothing bears them
_DRAWN_STARS = re.compile("[★☆]{1,3}")
_NUMERALS = "一二三"
_COUNTIES = ("区", "县", "市", "旗")
_LONGEST_KNOWN = 12


@dataclass(frozen=True)
class Piece:
    """A word or phrase of the query, as typed, as search compares it, and what it means besides itself.

    `written` is the Chinese of a kind that was spelled in pinyin.
    """

    text: str
    words: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()
    written: str = ""

    @property
    def ranked(self) -> tuple[str, ...]:
        """The words that a name bears which stands before others."""
        return (self.written,) if self.written else self.words

    @property
    def label(self) -> str:
        """「产品类别：卫生洁具」."""
        named_values = "、".join(dict.fromkeys(meaning.label for meaning in self.meanings))
        return f"{LABELS[self.meanings[0].facet]}：{named_values}"

    @property
    def is_kind(self) -> bool:
        return any(meaning.facet == "category" for meaning in self.meanings)

    @property
    def group(self) -> Group:
        return [*phrase(*self.words, initials_from=SHORTEST_INITIALS), *self._meant]

    @property
    def named_group(self) -> Group:
        """Met by what the thing is or is called, not by who makes it."""
        return [named(*self.ranked), *self._meant]

    @property
    def kind_group(self) -> Group:
        """Met by a thing of this kind: its kind is meant, or its name ends with the words."""
        return [ending(*self.ranked), *self._meant]

    @property
    def called_groups(self) -> list[Group]:
        """Met by a thing of the kind that is called so by its own name."""
        return [self._meant, [ending(*self.ranked)]] if self.is_kind else [self.kind_group]

    @property
    def bearing_groups(self) -> list[Group]:
        """Met by a thing of the kind whose name bears the words anywhere."""
        return [self._meant, [named(*self.ranked)]] if self.is_kind else [self.kind_group]

    @property
    def nearly_called(self) -> Group:
        """Met by a thing of the kind whose name ends like the words."""
        ends = end_of(*self.ranked) if self.is_kind else frozenset()
        return [ends | {meaning.term} for meaning in self.meanings] if ends else self.kind_group

    @property
    def _meant(self) -> Group:
        return [frozenset({meaning.term}) for meaning in self.meanings]


@dataclass(frozen=True)
class Understanding:
    """`with_initials`: two letters may be the initials of a name too."""

    text: str
    pieces: tuple[Piece, ...]
    with_initials: bool = False

    def told(self, meanings: Mapping[str, tuple[Meaning, ...]]) -> "Understanding":
        """With what some of the words mean by a vocabulary of their own."""
        pieces = (replace(piece, meanings=meanings.get(piece.text, piece.meanings)) for piece in self.pieces)
        return replace(self, pieces=tuple(pieces)) if meanings else self

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

    def without(self, *gone: Piece) -> str:
        return " ".join(piece.text for piece in self.pieces if piece not in gone)

    @property
    def statuses(self) -> list[str]:
        return [one.value for piece in self.understood for one in piece.meanings if one.facet == "validity"]

    @property
    def groups(self) -> list[Group]:
        return [group for piece in self.pieces for group in self._groups_of(piece)]

    def _groups_of(self, piece: Piece) -> list[Group]:
        if piece.meanings:
            return [piece.group]
        return query_terms(piece.text, 2 if self.with_initials else SHORTEST_INITIALS)

    @property
    def tiers(self) -> list[list[Group]]:
        """Stricter readings, best first: the whole of a name or number; a thing of the kind that is called so, then nearly so,
        then any; all words beside each other in its own name, then anywhere there; the kind of any maker; the whole name of
        the maker; letters as typed.
        """
        read = literal_tiers(self.text)
        if not read:
            return []
        whole, literal = read
        joined = "".join(word for piece in self.pieces for word in piece.ranked)
        tiers = [
            [[frozenset({f"=:{joined}"})]],
            whole,
            [group for piece in self.pieces for group in piece.called_groups],
            [group for piece in self.pieces for group in piece.bearing_groups],
            [piece.nearly_called for piece in self.pieces],
            [piece.kind_group for piece in self.pieces],
            [[named(joined)]],
            [piece.named_group for piece in self.pieces],
            self._kinds_first,
            [[maker(self.text)]],
            literal,
        ]
        return [tier for place, tier in enumerate(tiers) if tier and tier not in tiers[:place]]

    @property
    def _kinds_first(self) -> list[Group]:
        kinds = [piece for piece in self.pieces if piece.is_kind]
        if not kinds or len(kinds) == len(self.pieces):
            return []
        others = [group for piece in self.pieces if not piece.is_kind for group in self._groups_of(piece)]
        return [*(piece.kind_group for piece in kinds), *others]


def literally(text: str) -> Understanding:
    return Understanding(text, tuple(_literal(word) for word in text[:MAX_QUERY].split() if squeeze(word)))


def understand(text: str, vocabulary: Vocabulary) -> Understanding:
    words = _DRAWN_STARS.sub(lambda drawn: f" {_NUMERALS[len(drawn[0]) - 1]}星 ", text[:MAX_QUERY]).split()
    return Understanding(text, tuple(_pieces(words, vocabulary)))


def _pieces(words: list[str], vocabulary: Vocabulary) -> Iterator[Piece]:
    start = 0
    while start < len(words):
        piece, taken = _standard(words[start:], vocabulary)
        if piece is None:
            piece, taken = _spaced(words[start:], vocabulary)
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


def _spaced(words: list[str], vocabulary: Vocabulary) -> tuple[Piece | None, int]:
    """防水 卷材, LED 灯: one known word, typed with blanks; 绿色产品 涂料 is two."""
    for count in range(min(len(words), _LONGEST_PHRASE), 1, -1):
        squeezed = tuple(map(squeeze, words[:count]))
        meanings = vocabulary.phrases.get("".join(squeezed), ())
        if meanings and all(squeezed) and not any(map(vocabulary.leads, squeezed)):
            written = vocabulary.written.get("".join(squeezed), "")
            return Piece(" ".join(words[:count]), squeezed, meanings, written), count
    return None, 1


def _pieces_of(word: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    if meanings := vocabulary.meanings(word):
        yield Piece(word, (squeeze(word),), meanings, vocabulary.written.get(squeeze(word), ""))
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
        if is_lead and _may_lead(head, meanings) and 2 <= len(rest) <= _LONGEST_REST:
            return [first, _literal(rest)]
        if not is_lead and (last := vocabulary.phrases.get(rest)) and last[0].facet in LEADS:
            return [first, Piece(rest, (rest,), last)]
    return []


def _may_lead(head: str, meanings: tuple[Meaning, ...]) -> bool:
    """Whether what follows may be anything: 东方雨虹 is no 雨虹 of the county 东方市."""
    return not any(one.is_county for one in meanings) or head.endswith(_COUNTIES)


def known_within(word: str, vocabulary: Vocabulary) -> list[str]:
    """The known words that stand in a longer one, from the left, of several kinds the last: 农村化粪池 → 化粪池, 福建的陶瓷马桶 →
    福建, 马桶. Where there is none, its last character may say what it is: 盖房用的砖 → 砖.
    """
    found, start = [], 0
    while start < len(word):
        ends = range(min(len(word), start + _LONGEST_KNOWN), start + 1, -1)
        end = next((end for end in ends if word[start:end] in vocabulary.phrases), 0)
        found += [word[start:end]] if end else []
        start = end or start + 1
    kinds = [one for one in found if vocabulary.phrases[one][0].facet == "category"]
    found = [one for one in found if one not in kinds[:-1]]
    return found or [word[-1]] * (word[-1:] in vocabulary.phrases)
