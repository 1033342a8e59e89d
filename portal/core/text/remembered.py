"""Terms of the texts of long lists, each text and each run of it taken apart once.

What is given is what a document holds as its `texts`: the longest terms only, one object for each text or run, the same wherever
it stands. The shorter terms follow from them (`shorter`), and are put in once for all documents together.
"""

from functools import lru_cache
from sys import intern

from portal.core.text import pinyin
from portal.core.text.runs import Run, runs, segments
from portal.core.text.tokens import end_terms, longest, maker_terms, numbered, pinyin_terms, whole

Terms = tuple[str, ...]

# Texts come again, with the next line or all over a list: so many are remembered, some 50 MB of them.
_NAMES, _CODES = 16_384, 2_048


@lru_cache(_CODES)
def code_text(text: str) -> Terms:
    """What is found by what is printed in it."""
    return tuple([term for segment in segments(text) for run in runs(segment) for term in longest(run)])


@lru_cache(_CODES)
def number_text(text: str) -> Terms:
    """What is found by a part of it, best by the whole, and nearly so by its end."""
    return (*code_text(text), *numbered(text))


@lru_cache(_NAMES)
def name_text(text: str) -> Terms:
    """What is found by what is printed in it, by pinyin and by initials, and best by the whole."""
    spelled = [term for segment in segments(text) for run in runs(segment) for term in _name_run(run)]
    return tuple(map(intern, dict.fromkeys([*spelled, *whole(text)])))


@lru_cache(_NAMES)
def called_texts(text: str) -> tuple[Terms, ...]:
    """The same for what a thing is called, run by run, for many names differ by a number; a hit in it is told from one in its
    maker's."""
    found = [run for segment in segments(text) for run in runs(segment)]
    return (*map(_own_run, found), tuple(whole(text)))


@lru_cache(_NAMES)
def own_name_texts(text: str) -> tuple[Terms, ...]:
    """The same for a thing's own name, whose end says what kind of thing it is."""
    *found, wholes = called_texts(text)
    return (*found, (*wholes, *end_terms(text)))


@lru_cache(_NAMES)
def maker_text(name: str) -> Terms:
    """The name of a maker, on the line of what it makes."""
    spelled = [term for segment in segments(name) for run in runs(segment) for term in _name_run(run)]
    return tuple(map(intern, dict.fromkeys([*spelled, *maker_terms(name)])))


@lru_cache(_NAMES)
def sort_key(name: str) -> str:
    return pinyin.sort_key(name)


@lru_cache(_NAMES)
def _own_run(run: Run) -> Terms:
    own = [f"n:{term}" for term in longest(run)]
    return tuple(map(intern, dict.fromkeys([*_name_run(run), *own])))


@lru_cache(_NAMES)
def _name_run(run: Run) -> Terms:
    """A maker has the same name in its own register and on the lines of what it makes."""
    return (*longest(run), *(pinyin_terms(run) if run.is_han else ()))
