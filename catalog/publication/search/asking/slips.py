"""Words that were typed with one slip: another character of the same sound, or one wrong, dropped, added or exchanged."""

from collections.abc import Iterator

from portal.core.text.han import is_han

from .vocabulary import Meaning, Vocabulary, sounds, squeeze

_SHORTEST_MISSPELLED = 4  # 防火门 is no 防水门: in short words only the sound counts
ALIKE = 1  # the highest likeness of words that sound alike
_SHORTEST_SPELLED = 5  # letters of pinyin
_LONGEST = 20
# What is not told apart in the south: z and zh, n and l, an and ang …
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
_ALIKE_AT_THE_FRONT = {"l": "n", "f": "h"}


def known_near(text: str, vocabulary: Vocabulary, worst: int = 9) -> str:
    """The known word that was likeliest meant by one that is not known, otherwise empty; none that is less alike than `worst`."""
    word = squeeze(text)
    is_chinese, is_pinyin = all(map(is_han, word)), word.isascii() and word.isalpha()
    if not 2 <= len(word) <= _LONGEST or not (is_chinese or is_pinyin):
        return ""
    rank, *_rest, known = min(_near(word, is_chinese, vocabulary), default=(0, 0, False, ""))
    return known if rank <= worst else ""


def kinds_near(text: str, vocabulary: Vocabulary, most: int = 4) -> list[Meaning]:
    """Kinds whose words have the most characters in common with a text, or end like it: offered, never taken for what was meant."""
    typed = [char for char in squeeze(text) if is_han(char)]
    scores: dict[Meaning, float] = {}
    for word in vocabulary.of_kinds if typed else ():
        shared = len(set(typed) & set(word))
        if shared > 1 or (len(word) > 1 and word[-1] == typed[-1]):
            for meaning in vocabulary.phrases[word]:
                scores[meaning] = max(scores.get(meaning, 0), shared + shared / len(word))
    return sorted(scores, key=lambda meaning: -scores[meaning])[:most]


def _near(word: str, is_chinese: bool, vocabulary: Vocabulary) -> Iterator[tuple[int, int, bool, str]]:
    """Rank and word: the same sound first, then as many characters as were typed; kinds before others."""
    shortest = _SHORTEST_MISSPELLED if is_chinese else _SHORTEST_SPELLED
    for length in (len(word), len(word) - 1, len(word) + 1):
        for known in vocabulary.mendable.get(length, ()):
            if is_chinese != is_han(known[0]) or known == word:
                continue
            rank = likeness(word, known) if is_chinese and length == len(word) else 9
            if rank == 9 and min(length, len(word)) >= shortest and is_one_slip(word, known):
                rank = 2
            if rank < 9:
                is_other = vocabulary.phrases[known][0].facet != "category"
                yield rank, abs(length - len(word)), is_other, known


def likeness(word: str, known: str) -> int:
    """0 for the same sound; 1 for one that many do not tell from it, where a character is the same; 9 for another."""
    pairs = list(zip(sounds(word), sounds(known), strict=False))
    if len(pairs) < len(word) or len(word) != len(known):
        return 9
    if all(set(one) & set(other) for one, other in pairs):
        return 0
    has_same = any(one == other for one, other in zip(word, known, strict=True))
    sounds_alike = all(set(map(_loose, one)) & set(map(_loose, other)) for one, other in pairs)
    return 1 if has_same and sounds_alike else 9


def _loose(syllable: str) -> str:
    for sound, alike in _ALIKE:
        syllable = syllable.replace(sound, alike)
    return _ALIKE_AT_THE_FRONT.get(syllable[:1], syllable[:1]) + syllable[1:]


def is_one_slip(typed: str, meant: str) -> bool:
    """One character wrong, dropped or added, or two neighbours exchanged."""
    start = next((at for at, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return abs(len(typed) - len(meant)) == 1
    one, other = typed[start:], meant[start:]
    exchanged = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return exchanged or one[1:] == other[1:] or one[1:] == other or one == other[1:]
