"""Words that were typed with one slip: another character of the same sound, or one wrong, dropped, added or exchanged."""

from collections.abc import Iterator

from portal.core.text.han import is_han
from portal.core.text.pinyin import readings

from .understanding import Piece, Understanding
from .vocabulary import Vocabulary

_SHORTEST_MISSPELLED = 3  # two characters with one of them wrong may be anything
_LONGEST = 20


def mended(asked: Understanding, vocabulary: Vocabulary) -> str:
    """The query with every word that is not known put right. Empty where a word is near to nothing known, or none is unknown."""
    likely = [piece.text if piece.meanings else _likeliest(piece, vocabulary) for piece in asked.pieces]
    text = " ".join(likely)
    return text if all(likely) and text != " ".join(piece.text for piece in asked.pieces) else ""


def _likeliest(piece: Piece, vocabulary: Vocabulary) -> str:
    word = "".join(piece.words)
    if not (2 <= len(word) <= _LONGEST and all(map(is_han, word))):
        return ""
    near = sorted(_near(word, vocabulary))
    return near[0][-1] if near else ""


def _near(word: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """Rank and word: the same sound first, then as many characters as were typed."""
    sound = readings(word)
    for known in vocabulary.phrases:
        if abs(len(known) - len(word)) > 1 or not all(map(is_han, known)) or len(known) < 2:
            continue
        if len(known) == len(word) and _sounds_like(sound, known):
            yield 0, 0, known
        elif min(len(known), len(word)) >= _SHORTEST_MISSPELLED and is_one_slip(word, known):
            yield 1, abs(len(known) - len(word)), known


def is_one_slip(typed: str, meant: str) -> bool:
    """One character wrong, dropped or added, or two neighbours exchanged."""
    start = next((at for at, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return abs(len(typed) - len(meant)) == 1
    one, other = typed[start:], meant[start:]
    exchanged = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return exchanged or one[1:] == other[1:] or one[1:] == other or one == other[1:]


def _sounds_like(sound: list[tuple[str, ...]], known: str) -> bool:
    return all(set(one) & set(other) for one, other in zip(sound, readings(known), strict=True))
