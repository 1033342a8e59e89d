"""Where a question finds nothing in any state: the nearest one that finds something, so that nothing found is never the end."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from catalog.publication.models import EnterpriseLine
from portal.core.index.search import search
from portal.core.text import pasted
from portal.core.text.han import is_han
from portal.core.text.tokens import query_terms

from .asking.slips import ALIKE, known_near
from .asking.understanding import Piece, known_within
from .asking.vocabulary import Meaning, squeeze
from .bitmaps import enterprise_bitmaps
from .documents import ENTERPRISES
from .listing import FoundLines, Question, Way
from .printed import printed_near

Ask = Callable[[Question], FoundLines]
_MOST_WORDS = 8  # of a query that are tried one by one
_MOST_MAKERS = 5


def forgiving(ask: Ask, question: Question) -> FoundLines:
    """What is asked; where that finds nothing in any state, what was likely meant, `question.way` of the answer saying how.

    Choices of filters are never given up: whoever chose them can see them and take them away.
    """
    found = ask(question)
    if question.literal or not question.edition or not question.words.strip() or not found.is_nothing:
        return found
    if question.chosen and not ask(replace(question, chosen={}, facets={})).is_nothing:
        return found
    nearest = (ask(other) for other in _nearest(found))
    return next((other for other in nearest if not other.is_nothing), found)


def _nearest(found: FoundLines) -> Iterator[Question]:
    question, pieces = found.question, found.asked.pieces[:_MOST_WORDS]
    if any(len(word) == 2 and word.isascii() and word.isalpha() for piece in pieces for word in piece.words):
        yield replace(question, way=Way.INITIALS)
    unknown = [piece for piece in pieces if not piece.meanings and not found.would_find(piece.text)]
    makers = {piece.text: meant for piece in unknown if (meant := _makers(piece, question))}
    if makers:
        yield replace(question, told=makers, way=Way.MAKER)
    likely = [
        word for piece in pieces for word in ([piece.text] if piece not in unknown else _likely(piece, found))
    ]
    if unknown and likely:
        yield replace(question, words=" ".join(likely), way=Way.LIKELY)
    if fewer := _fewer(found, likely):
        yield replace(question, words=" ".join(fewer), way=Way.FEWER)


def _likely(piece: Piece, found: FoundLines) -> list[str]:
    """What may have been meant by a word that finds nothing: one that sounds alike; the kind with which it ends; one slip away; a
    number with its label; the known words within.
    """
    vocabulary, text = found.question.vocabulary, piece.text
    if near := known_near(text, vocabulary, ALIKE):
        return [near]
    within = known_within(squeeze(text), vocabulary)
    if within and len(within[-1]) > 1 and squeeze(text).endswith(within[-1]):
        return within
    if near := known_near(text, vocabulary) or printed_near(found.collection, text, found.bitmaps.everything):
        return [near]
    numbers = [part for one in pasted.pieces(text) for part in one.parts if found.would_find(part)]
    return numbers[:1] or within


def _makers(piece: Piece, question: Question) -> tuple[Meaning, ...]:
    """Enterprises of this name: a former one reaches the products of an enterprise, which bear the present one."""
    if sum(map(is_han, piece.text)) < 2:
        return ()
    everything = enterprise_bitmaps(question.edition, question.day).everything
    lines = list(search(ENTERPRISES, query_terms(piece.text), everything)[:_MOST_MAKERS])
    rows = EnterpriseLine.objects.filter(pk__in=lines).values_list("enterprise", "name") if lines else ()
    return tuple(dict.fromkeys(Meaning("enterprise", str(pk), name) for pk, name in rows))


def _fewer(found: FoundLines, words: list[str]) -> list[str]:
    """As many of the words as find something together, kinds before others; of two kinds the last: 厕所瓷砖 are tiles."""
    vocabulary = found.question.vocabulary
    words = list(dict.fromkeys(words))[:_MOST_WORDS]
    is_kind = {word: any(one.facet == "category" for one in vocabulary.meanings(word)) for word in words}
    kept: list[str] = []
    kinds = [word for word in reversed(words) if is_kind[word]]
    for word in (*kinds, *(word for word in words if not is_kind[word])):
        if found.would_find(" ".join([*kept, word])):
            kept.append(word)
    return [word for word in words if word in kept]
