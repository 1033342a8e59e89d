"""The terms under which search finds a text, and the terms that a query asks for.

A term is a short string without white space; every kind has its own shape, so kinds never meet:

    防  防水          characters and pairs of neighbours of a Chinese run
    c  ca  cab       letters and digits, 1 to 3 in a row; a longer word is all its threes
    p:fang p:fangshui   syllables of a name, one and two in a row
    i:fs  i:fsj      first letters of syllables, two and three in a row
    =:防水卷材        a whole run, word or field
    e:567            the last three signs of a number, and of each word in it
    4:防水卷材        four characters of a Chinese run
    n:防水  n:cab     what the thing itself is called: neighbours in its own name, not in its maker's
    $:卷材            the end of a word of its own name, one to four characters: what kind of thing it is
    m:示例防水公司      the whole name of its maker

A query is a list of groups, one for each word and each run in it; a text is found when every group is. A group is a list of
alternatives (a Latin word may be a code, pinyin or initials), an alternative a set of terms that must all be there. Words that
stand far apart can satisfy it where the query's own order does not occur; `literal_tiers()` lets the literal hits come first.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, product

from portal.core.text.han import is_han
from portal.core.text.pinyin import readings, segmentations, unfinished
from portal.core.text.runs import Run, runs, segments, words

RULES = 4  # raised with every change of what is a term; an index built by other rules has to be built again
MAX_QUERY = 100  # characters; what follows is not searched, the caller says so
MAX_TERM = 96

_LONGEST_WHOLE = 64
_LONGEST_END = 4
_SHORTEST_INITIALS = 2
_SIGNS_OF_AN_END = 3
_MOST_ENDINGS = 40

Alternative = frozenset[str]
Group = list[Alternative]


def index_terms(*texts: str) -> set[str]:
    """Terms of texts that are found by what is printed in them."""
    return {term for text in texts for term in printed(text)}


def name_terms(*names: str) -> set[str]:
    """Terms of names: what is printed, pinyin and initials."""
    found = {term for name in names for term in printed(name)}
    for name in names:
        for segment in segments(name):
            for run in runs(segment):
                found.update(pinyin_terms(run) if run.is_han else ())
    return found


def whole_terms(*texts: str) -> set[str]:
    """Terms by which `literal_tiers()` tells literal hits: whole fields, words and runs, and fours of Chinese runs."""
    return {term for text in texts for term in whole(text)}


def number_terms(*texts: str) -> set[str]:
    """Terms by which `literal_tiers()` tells hits in numbers."""
    return {term for text in texts for term in numbered(text)}


def named_terms(*names: str) -> set[str]:
    """Terms by which a hit in a thing's own name is told from one elsewhere."""
    return {f"n:{term}" for name in names for term in printed(name)}


def printed(text: str) -> list[str]:
    """Characters of a text and what stands beside each other in it; a term may come twice."""
    return [term for segment in segments(text) for run in runs(segment) for term in _parts(run)]


def longest(run: Run) -> list[str]:
    """The terms of a run from which all that are printed in it follow (`shorter`)."""
    return run.grams(min(len(run.text), 2 if run.is_han else 3))


def shorter(term: str) -> tuple[str, ...]:
    """The terms one character shorter that a run with this one has as well."""
    front, body = ("n:", term[2:]) if term.startswith("n:") else ("", term)
    if ":" in body or not 2 <= len(body) <= 3:
        return ()
    return front + body[:-1], front + body[1:]


def whole(text: str) -> Iterator[str]:
    for segment in segments(text):
        yield f"=:{segment[:_LONGEST_WHOLE]}"
        for run in runs(segment):
            yield f"=:{run.text[:_LONGEST_WHOLE]}"
            yield from _fours(run) or ()
    for word in words(text):
        yield f"=:{word[:_LONGEST_WHOLE]}"


def numbered(text: str) -> Iterator[str]:
    """The whole number. People type its end, too, from any of its words on: a term of each such end would be a row of the index
    that stands for one certificate, so that there are more of them than of all else. Its last signs are shared by many.
    """
    for segment in segments(text):
        yield f"=:{segment[:_LONGEST_WHOLE]}"
        for run in runs(segment):
            yield from _fours(run) or ()
    for word in words(text):
        if len(word) >= _SIGNS_OF_AN_END:
            yield f"e:{word[-_SIGNS_OF_AN_END:]}"


def named(*words: str) -> Alternative:
    """What a name must have (`named_terms`) to bear these words of a query."""
    return frozenset(f"n:{term}" for word in words for run in runs(word) for term in _needed(run))


def end_terms(*names: str) -> set[str]:
    """Ends of the words of a thing's own name: a Chinese name says last what kind of thing it is, as 防水涂料 says that
    聚合物水泥防水涂料 is no 水泥.
    """
    ends = (run.text for name in names for word in words(name) for run in runs(word) if run.is_han)
    return {f"$:{text[-length:]}" for text in ends for length in range(1, min(_LONGEST_END, len(text)) + 1)}


def ending(*words: str) -> Alternative:
    """What a name must have to bear these words and to end a word of its own with the last of them."""
    last = runs(words[-1])[-1] if words and words[-1] else None
    end = [f"$:{last.text[-_LONGEST_END:]}"] if last and last.is_han else []
    return named(*words) | frozenset(end)


def end_of(*words: str) -> Alternative:
    """The last two characters of words of three or more, as the end of a name; empty for others."""
    last = words[-1] if words else ""
    return frozenset({f"$:{last[-2:]}"} if len(last) > 2 and all(map(is_han, last)) else ())


def maker_terms(name: str) -> set[str]:
    """Of the name of a maker, besides what is printed: the whole, and the fours by which literal hits are told."""
    return {f"m:{segment[:_LONGEST_WHOLE]}" for segment in segments(name)} | {
        term for segment in segments(name) for run in runs(segment) for term in _fours(run) or ()
    }


def maker(query: str) -> Alternative:
    """The whole name of a maker."""
    return frozenset(f"m:{segment[:_LONGEST_WHOLE]}" for segment in segments(query))


def phrase(*words: str, initials_from: int = _SHORTEST_INITIALS) -> Group:
    """One group for words that mean one thing together: it is met where all of them are printed or, for one run, spelled."""
    found = [run for word in words for run in runs(word)]
    printed = frozenset(term for run in found for term in _needed(run))
    return [printed, *(_spelled(found[0], initials_from) if len(found) == 1 else ())]


def query_words(query: str) -> list[str]:
    """Parts between white space, each squeezed: in a query only a space parts what a mark joins."""
    return [segment for word in query[:MAX_QUERY].split() for segment in segments(word)]


def query_terms(query: str, initials_from: int = _SHORTEST_INITIALS) -> list[Group]:
    """Groups that must all be found. [] for a query without a letter, digit or Chinese character: nothing can match it.

    Words shorter than `initials_from` are not taken for initials: any two letters are the initials of half a register.
    """
    return [
        [_needed(run), *_spelled(run, initials_from)] for word in query_words(query) for run in runs(word)
    ]


def literal_tiers(query: str) -> list[list[Group]]:
    """Two stricter readings of the query, best first: each word is a whole field, word or run, or the end of a number; each word
    stands there as typed."""
    asked = query_words(query)
    if not asked:
        return []
    wholly = [[frozenset({f"=:{word[:_LONGEST_WHOLE]}"}), *_read_out(word)] for word in asked]
    literal = [[_fours(run) or _needed(run)] for word in asked for run in runs(word)]
    return [wholly, literal]


def _parts(run: Run) -> Iterator[str]:
    for length in (1, 2) if run.is_han else (1, 2, 3):
        yield from run.grams(length)


def _needed(run: Run) -> Alternative:
    """The longest terms of the index that cover a run of the query."""
    return frozenset(longest(run))


def _fours(run: Run) -> Alternative | None:
    if run.is_han and len(run.text) >= 4:
        return frozenset(f"4:{gram}" for gram in run.grams(4))
    return None


def _read_out(word: str) -> Iterator[Alternative]:
    """A word of letters and digits is all that people read out of a number, which ends there."""
    if len(word) >= _SIGNS_OF_AN_END and not any(map(is_han, word)):
        yield frozenset({f"e:{word[-_SIGNS_OF_AN_END:]}", *longest(Run(word, is_han=False))})


def _spelled(run: Run, initials_from: int) -> Iterator[Alternative]:
    """A word of two letters or more may be initials, or pinyin, complete or with its last syllable begun."""
    if len(run.text) < 2 or not run.is_latin:
        return
    if len(run.text) >= initials_from:
        yield frozenset(f"i:{gram}" for gram in run.grams(min(len(run.text), 3)))
    complete = segmentations(run.text)
    for syllables in complete:
        yield _syllable_terms(syllables)
    if complete:
        return
    finished, endings = unfinished(run.text)
    for ending in endings[:_MOST_ENDINGS]:
        yield _syllable_terms((*finished, ending))


def _syllable_terms(syllables: tuple[str, ...]) -> Alternative:
    if len(syllables) == 1:
        return frozenset({f"p:{syllables[0]}"})
    return frozenset(f"p:{one}{next_one}" for one, next_one in pairwise(syllables))


def pinyin_terms(run: Run) -> Iterator[str]:
    """Syllables and initials of a Chinese run."""
    spelled = readings(run.text)
    initials = [tuple(dict.fromkeys(syllable[0] for syllable in syllables)) for syllables in spelled]
    for syllables in spelled:
        yield from _joined("p:", syllables)
    for pair in pairwise(spelled):
        yield from _joined("p:", *pair)
    for pair in pairwise(initials):
        yield from _joined("i:", *pair)
    for three in zip(initials, initials[1:], initials[2:], strict=False):
        yield from _joined("i:", *three)


@lru_cache(65_536)
def _joined(front: str, *parts: tuple[str, ...]) -> tuple[str, ...]:
    """What stands beside each other in any reading. Kept, for names are made of the same few syllables."""
    return tuple([front + "".join(chosen) for chosen in product(*parts)])
