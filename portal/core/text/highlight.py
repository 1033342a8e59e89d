"""Why a text was found: the parts of it that a query hits."""

from collections.abc import Iterator
from itertools import groupby

from portal.core.text.pinyin import readings, segmentations, unfinished
from portal.core.text.runs import Run, positions, runs
from portal.core.text.tokens import query_words

Span = tuple[int, int]
# For each character in turn the beginnings that one of its readings must have; a blank closes a syllable.
Pattern = list[tuple[str, ...]]


def highlight(text: str, query: str) -> list[tuple[str, bool]]:
    """`text` in parts, each with whether it is a hit; joined they are `text`.

    A word of the query is looked for as it is typed, then as initials or pinyin, then in the pieces that search knows, where
    all of them are there: one of them alone is no reason why something was found. Two letters are no initials here.
    """
    squeezed, places = positions(text)
    hit = [False] * len(text)
    for word in query_words(query):
        for run in runs(word):
            for start, end in _spans(squeezed, run):
                first, last = places[start], places[end - 1] + 1
                hit[first:last] = [True] * (last - first)
    parts = groupby(zip(text, hit, strict=True), lambda pair: pair[1])
    return [("".join(char for char, _ in part), is_hit) for is_hit, part in parts]


def is_reason(text: str, query: str) -> bool:
    """Whether anything in `text` is hit: the caller asks field by field."""
    return any(is_hit for _, is_hit in highlight(text, query))


def _spans(squeezed: str, run: Run) -> list[Span]:
    return (
        list(_occurrences(squeezed, run.text))
        or (run.is_latin and len(run.text) > 1 and list(_spelled(squeezed, run.text)))
        or _pieces(squeezed, run.grams(2 if run.is_han else 3))
    )


def _pieces(squeezed: str, grams: list[str]) -> list[Span]:
    found = [list(_occurrences(squeezed, gram)) for gram in grams]
    return [span for spans in found for span in spans] if all(found) else []


def _occurrences(squeezed: str, wanted: str) -> Iterator[Span]:
    start = squeezed.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        start = squeezed.find(wanted, start + 1)


def _spelled(squeezed: str, letters: str) -> Iterator[Span]:
    """Where the Chinese of a text is spelled by `letters`."""
    patterns = _patterns(letters)
    offset = 0
    for segment in squeezed.split("\n"):
        for run in runs(segment):
            if run.is_han:
                yield from _spelled_run(readings(run.text), patterns, offset)
            offset += len(run.text)
        offset += 1


def _patterns(letters: str) -> list[Pattern]:
    """Each way to read `letters`: as initials, as syllables, or with the last syllable only begun."""
    ways: list[Pattern] = [[(letter,) for letter in letters]] if len(letters) > 2 else []
    for syllables in segmentations(letters):
        ways.append([(f"{syllable} ",) for syllable in syllables])
    if not segmentations(letters):
        finished, endings = unfinished(letters)
        if finished:
            ways.append(
                [*((f"{syllable} ",) for syllable in finished), tuple(f"{ending} " for ending in endings)]
            )
    return ways


def _spelled_run(spelled: list[tuple[str, ...]], patterns: list[Pattern], offset: int) -> Iterator[Span]:
    closed = [[f"{syllable} " for syllable in syllables] for syllables in spelled]
    for pattern in patterns:
        for start in range(len(closed) - len(pattern) + 1):
            chars = closed[start : start + len(pattern)]
            if all(
                any(syllable.startswith(begins) for syllable in char)
                for char, begins in zip(chars, pattern, strict=True)
            ):
                yield offset + start, offset + start + len(pattern)
