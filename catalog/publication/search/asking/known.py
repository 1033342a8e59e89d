"""The vocabulary of an edition, read once and kept in memory."""

import datetime

from catalog.products.models import Category
from catalog.products.synonyms import synonyms_at
from catalog.publication.models import Batch
from catalog.regions.models import Division

from ..bitmaps import remembered
from .vocabulary import Kind, Place, Vocabulary, vocabulary_of

NO_WORDS = Vocabulary()


def known_words(edition: int) -> Vocabulary:
    """One query where the words of the edition are kept, under its token: a version of the words of a kind is public from an
    edition on, so every process reads the newest with the first request after it.
    """
    if not edition:
        return NO_WORDS
    return remembered("words", edition, datetime.date.min, lambda: _read(edition))


def _read(edition: int) -> Vocabulary:
    said = synonyms_at(edition)
    columns = ("code", "name", "name_en", "aliases", "standard_number", "group_code", "group_name")
    rows = list(Category.objects.values_list(*columns))
    kinds = [
        Kind(code, name, (name_en, *aliases, *said.get(code, ())), standard)
        for code, name, name_en, aliases, standard, *_group in rows
    ]
    groups = sorted({(code, name) for *_kind, code, name in rows})
    places = [Place(code, name) for code, name in Division.objects.values_list("code", "name")]
    batches = Batch.objects.published(edition).values_list("slug", "title")
    return vocabulary_of([*kinds, *(Kind(*group) for group in groups)], places, batches)
