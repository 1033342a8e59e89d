"""What the index loses when texts of lines are emptied: made before it is held, so that a redaction holds it for a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyroaring import BitMap

from portal.core.index.documents import Document, by_term, in_lists
from portal.core.index.postings import discard
from portal.core.index.sorting import keys_of, place
from portal.core.index.state import hold
from portal.core.index.writing import Gathered, no_collecting, write_gathered, write_sorted

from .preparation import LINES_A_STEP, Register


@dataclass
class Loss:
    """Terms with their lines, and the keys that the lines have afterwards. No term is won by saying less."""

    terms: dict[str, BitMap] = field(default_factory=dict)
    keys: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def add(self, before: Sequence[Document], after: Sequence[Document]) -> None:
        left = by_term(after)
        for term, numbers in by_term(before).items():
            if lost := BitMap(numbers) - BitMap(left.get(term, ())):
                self.terms[term] = self.terms.get(term, BitMap()) | lost
        pairs = zip(before, after, strict=True)
        self.keys |= {new.number: new.keys for old, new in pairs if old.keys != new.keys}

    @property
    def documents(self) -> BitMap:
        return BitMap(self.keys).union(*self.terms.values())


def loss_of(register: Register, emptied: Mapping[int, Mapping[str, Any]]) -> Loss:
    """By the primary keys of lines, the values that they are going to have. What takes time, before the index is held."""
    loss = Loss()
    for pks in in_lists(sorted(emptied), LINES_A_STEP):
        lines = list(register.rows(register.lines.objects.filter(pk__in=pks)))
        after = [_with(line, emptied[line.pk]) for line in lines]
        with no_collecting():
            loss.add(register.documents_of(lines), register.documents_of(after))
    return loss


def _with(line: Any, values: Mapping[str, Any]) -> Any:
    return line._replace(**{name: value for name, value in values.items() if name in line._fields})


def lose(register: Register, loss: Loss) -> None:
    """The caller holds the registers and has emptied the lines."""
    documents = loss.documents
    if not documents:
        return
    held = hold(register.collection, documents)
    discard(register.collection, loss.terms)
    if held.building is not None:  # it leaves these lines to whoever came in between, whole
        lines = register.lines.objects.filter(pk__in=list(documents))
        write_sorted(register.collection, list(register.documents(lines)))
    elif loss.keys:
        _put_keys(register.collection, loss.keys)


def _put_keys(collection: str, keys: Mapping[int, Mapping[str, str]]) -> None:
    """Of those that are indexed: a line has its key no sooner than its terms."""
    indexed = BitMap(keys_of(collection, BitMap(keys)).values_list("document", flat=True))
    write_gathered(collection, Gathered(indexed, {}, {number: keys[number] for number in indexed}))
    place(collection, indexed)
