"""Builds a collection anew beside the one that is read, and swaps it in.

What is written meanwhile is in the new one too: a writer writes into both generations and notes its documents as touched,
and the rebuild leaves those alone, whatever it read of them before. Every step holds the collection for a moment only; the
swap changes one row. A rebuild that is killed leaves the old generation as it was, and the next one clears up.
"""

from collections.abc import Iterable, Iterator

from portal.core.index.alone import alone
from portal.core.index.building import Building, sweep
from portal.core.index.collections import Kept
from portal.core.index.documents import Document, in_lists
from portal.core.index.models import IndexState
from portal.core.index.runs import Runs

DOCUMENTS_A_STEP = 2_000
TERMS_A_STEP = 2_000


def rebuild(kept: Kept) -> int:
    """Index everything of a collection anew; the number of documents. Raises AlreadyRunning."""
    with alone(kept.collection):
        was_left = IndexState.objects.filter(pk=kept.collection, building__isnull=False).exists()
        building = Building.begin(kept.collection)
        if was_left:
            sweep(kept.collection)
        close = kept.closing()
        with Runs() as runs:
            count = _read(kept.documents(), building, runs)
            for part in in_lists(runs.merged(), TERMS_A_STEP):
                building.write_postings(dict(part))
        close(building)
        building.swap()
        kept.swapped()
        sweep(kept.collection)
    return count


def _read(documents: Iterable[Document], building: Building, runs: Runs) -> int:
    count = 0
    for part in in_lists(_noting(documents, runs), DOCUMENTS_A_STEP):
        building.write_keys(part)
        count += len(part)
    return count


def _noting(documents: Iterable[Document], runs: Runs) -> Iterator[Document]:
    for document in documents:
        runs.add(document)
        yield document
