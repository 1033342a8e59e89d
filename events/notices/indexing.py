"""The terms under which a notice is found. A document is a version; it is indexed when it goes into review, and only then:
its words are fixed from there on, and publication writes nothing."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet

from portal.core.index.differences import differences
from portal.core.index.documents import Document, by_term, rows_in_steps
from portal.core.index.writing import take_out, write_sorted
from portal.core.text.tokens import index_terms, name_terms, whole_terms

from .article import body_words
from .models import NoticeVersion

COLLECTION = "notices"
ORDER = "dated"
VERSIONS_AT_A_TIME = 200


def facet(name: str, value: str) -> str:
    """The term of one value of a filter."""
    return f"{name}:{value}"


def prepare(versions: Iterable[NoticeVersion]) -> int:
    """Index versions before they are public; again, it changes nothing. Returns their number.

    One that was sent back by the time its row is held is left alone.
    """
    with transaction.atomic():
        rows = _indexed().filter(pk__in=[version.pk for version in versions])
        held = list(rows.select_for_update())
        write_sorted(COLLECTION, [_document(version) for version in held])
    return len(held)


def withdraw(version: NoticeVersion) -> None:
    """Take a version that is sent back out of the index; it still holds what was indexed."""
    take_out(COLLECTION, [_document(version)])


def everything() -> Iterator[Document]:
    for versions in rows_in_steps(_indexed(), VERSIONS_AT_A_TIME):
        yield from map(_document, versions)


def faults() -> list[str]:
    """Terms whose postings differ from what the versions say; empty when the index is whole."""
    compared = differences(COLLECTION, by_term(everything()))
    return [
        f"{COLLECTION} {kind} {term} ({len(documents)})"
        for kind, terms in (("missing", compared.missing), ("surplus", compared.surplus))
        for term, documents in sorted(terms.items())
    ]


def terms_of(version: NoticeVersion) -> set[str]:
    """Words, and a term for each value of a filter."""
    texts = [
        version.document_number,
        version.issuer,
        version.source,
        version.contact,
        version.summary,
        body_words(version),
        *(text for picture in version.shown_pictures for text in (picture.alt, picture.caption)),
        *(text for file in version.shown_attachments for text in (file.title, file.transcript)),
    ]
    terms = name_terms(version.title) | index_terms(*texts)
    terms |= whole_terms(version.title, version.document_number)
    terms |= {facet("kind", version.kind), *(facet("batch", slug) for slug in version.batches)}
    terms |= {facet("region", f"{code[:2]}0000") for code in version.regions}
    terms |= {facet("place", code) for code in version.regions}
    terms |= {facet("enterprise", uscc) for uscc in version.enterprises}
    terms |= {facet("activity", key) for key in version.activities}
    if version.dated_on:
        terms.add(facet("year", str(version.dated_on.year)))
    return terms


def _indexed() -> QuerySet[NoticeVersion]:
    states = (NoticeVersion.State.IN_REVIEW, NoticeVersion.State.PUBLISHED)
    return NoticeVersion.objects.filter(state__in=states, is_withdrawn=False).order_by("pk")


def _document(version: NoticeVersion) -> Document:
    return Document(version.pk, terms_of(version), {ORDER: _sort_key(version)})


def _sort_key(version: NoticeVersion) -> str:
    """By date, and on one day by the number of the notice."""
    return f"{version.dated_on or ''}-{version.notice_id:010d}"
