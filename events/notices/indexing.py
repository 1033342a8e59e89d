"""The terms under which a notice is found. A document is a version; it is indexed when it goes into review, and only then:
its words are fixed from there on, and publication writes nothing."""

from collections import defaultdict
from collections.abc import Iterable

from pyroaring import BitMap

from portal.index.orders import add_to_order, forget_order
from portal.index.postings import add, clear, differences, discard
from portal.text.tokens import index_terms, name_terms, whole_terms

from .article import body_words
from .models import NoticeVersion

COLLECTION = "notices"
ORDER = "dated"


def facet(name: str, value: str) -> str:
    """The term of one value of a filter."""
    return f"{name}:{value}"


def prepare(versions: Iterable[NoticeVersion]) -> int:
    """Index versions before they are public; again, it changes nothing. Returns their number."""
    versions = list(versions)
    add(COLLECTION, _postings(versions))
    add_to_order(COLLECTION, ORDER, [(version.pk, _sort_key(version)) for version in versions])
    return len(versions)


def withdraw(version: NoticeVersion) -> None:
    """Take a version that is sent back out of the index; it still holds what was indexed."""
    discard(COLLECTION, _postings([version]))


def rebuild() -> int:
    clear(COLLECTION)
    forget_order(COLLECTION)
    return prepare(_indexed())


def faults() -> list[str]:
    """Terms whose postings differ from what the versions say; empty when the index is whole."""
    compared = differences(COLLECTION, _postings(_indexed()))
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


def _indexed() -> Iterable[NoticeVersion]:
    states = (NoticeVersion.State.IN_REVIEW, NoticeVersion.State.PUBLISHED)
    return NoticeVersion.objects.filter(state__in=states, is_withdrawn=False).order_by("pk")


def _postings(versions: Iterable[NoticeVersion]) -> dict[str, BitMap]:
    postings: defaultdict[str, BitMap] = defaultdict(BitMap)
    for version in versions:
        for term in terms_of(version):
            postings[term].add(version.pk)
    return postings


def _sort_key(version: NoticeVersion) -> str:
    """By date, and on one day by the number of the notice."""
    return f"{version.dated_on or ''}-{version.notice_id:010d}"
