"""The terms under which the lines of the two registers are found."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from catalog.products.models import Category
from catalog.publication.models import Batch, CertificateLine
from portal.core.index.documents import Document
from portal.core.text.remembered import (
    Terms,
    called_texts,
    code_text,
    maker_text,
    name_text,
    number_text,
    own_name_texts,
    sort_key,
)

from .asking.standards import standards_in

PRODUCTS = "products"
ENTERPRISES = "enterprises"

# What is read of a line. Salts and hashes, two thirds of it, are not.
OF_LINE = (
    "pk",
    "batch_id",
    "publisher",
    "listed_in",
    "listing_status",
    "division_code",
    "division_name",
)
OF_ENTERPRISE = (*OF_LINE, "uscc", "name", "former_names")
OF_PRODUCT = (
    *OF_LINE,
    "enterprise_id",
    "certificate_id",
    "number",
    "name",
    "models_text",
    "brand",
    "category_code",
    "category_name",
    "enterprise_uscc",
    "enterprise_name",
    "basis",
    "certificate_number",
)
OF_CERTIFICATE = ("certificate_id", "batch_id", "from_edition_id", "star", "standard", "valid_until")

Row = Any  # with these columns as attributes


def facet(name: str, value: str) -> str:
    """The term of one value of a filter."""
    return f"{name}:{value}"


def enterprise_documents_of(lines: Sequence[Row]) -> list[Document]:
    return [enterprise_document(line) for line in lines]


def enterprise_document(line: Row) -> Document:
    names = (line.name, *(name["name"] for name in line.former_names))
    texts = (
        *map(name_text, names),
        number_text(line.uscc),
        code_text(line.division_name),
        _listed(line.publisher, line.listing_status, line.listed_in, line.batch_id),
        _place(line.division_code),
    )
    return Document(line.pk, (), {"name": sort_key(line.name)}, texts)


def product_documents_of(lines: Sequence[Row]) -> list[Document]:
    """The certificates that they show are read along."""
    categories = {category.code: category for category in Category.objects.all()}
    certificates = certificate_lines_for(lines)
    return [
        product_document(line, certificates.get(line.pk), categories.get(line.category_code))
        for line in lines
    ]


def former_product_documents(lines: Sequence[Row]) -> list[Document]:
    """The same lines as they were indexed while their certificates said something else that is searched by."""
    categories = {category.code: category for category in Category.objects.all()}
    shown, history = certificate_lines_for(lines), _history_of(lines)
    return [
        product_document(line, former, categories.get(line.category_code))
        for line in lines
        for former in history.get(line.certificate_id, ())
        if former.from_edition_id is not None and _searched_by(former) != _searched_by(shown.get(line.pk))
    ]


def _searched_by(certificate: Row | None) -> tuple[str, str]:
    return (certificate.star, certificate.standard) if certificate else ("", "")


def certificate_lines_for(lines: Sequence[Row]) -> dict[int, Row]:
    """By product line: the line of its certificate that was frozen or public when the product line was frozen."""
    history = _history_of(lines)
    batches = Batch.objects.filter(pk__in={line.batch_id for line in lines})
    editions: dict[int, int | None] = dict(batches.values_list("pk", "edition_id"))
    shown = {line.pk: _contemporary(line, editions, history.get(line.certificate_id, [])) for line in lines}
    return {pk: certificate for pk, certificate in shown.items() if certificate}


def _history_of(lines: Sequence[Row]) -> dict[int, list[Row]]:
    wanted = {line.certificate_id for line in lines if line.certificate_id}
    found = CertificateLine.objects.filter(certificate__in=wanted).order_by("pk")
    history: dict[int, list[Row]] = {}
    for certificate in found.values_list(*OF_CERTIFICATE, named=True):
        history.setdefault(certificate.certificate_id, []).append(certificate)
    return history


def _contemporary(line: Row, editions: dict[int, int | None], history: list[Row]) -> Row | None:
    """The line of its own batch if there is one; otherwise the last one published before its batch, else the first."""
    own = [certificate for certificate in history if certificate.batch_id == line.batch_id]
    if own:
        return own[0]
    limit = editions[line.batch_id]
    published = [
        certificate
        for certificate in history
        if certificate.from_edition_id is not None and (limit is None or certificate.from_edition_id <= limit)
    ]
    return published[-1] if published else None


def product_document(line: Row, certificate: Row | None, category: Category | None) -> Document:
    standard = certificate.standard if certificate else ""
    star = certificate.star if certificate else ""
    texts = (
        *own_name_texts(line.name),
        _kind(
            line.category_name,
            line.category_code,
            category.group_code if category else "",
            category.house_part if category else "",
        ),
        name_text(line.brand),
        _maker(
            line.enterprise_id,
            line.enterprise_name,
            line.enterprise_uscc,
            line.division_code,
            line.division_name,
        ),
        number_text(line.certificate_number),
        number_text(line.number),
        code_text(line.models_text),
        _listed(line.publisher, line.listing_status, line.listed_in, line.batch_id),
        _ground(line.basis, standard, star),
    )
    keys = {
        "name": sort_key(line.name),
        "star": {"3": "0", "green": "0", "2": "1", "1": "2"}.get(star, "3"),
        "end": certificate.valid_until.isoformat() if certificate else "9999-12-31",
    }
    return Document(line.pk, (), keys, texts)


# What many lines have in common is one text: it is gone through once for all of them.


@lru_cache(1_024)
def _listed(publisher: str, status: str, listed_in: str, batch_id: int) -> Terms:
    """A line is found by the batch that listed it and by the batch that issued it."""
    return (
        facet("publisher", publisher),
        facet("status", status),
        facet("batch", listed_in),
        facet("issued", str(batch_id)),
    )


@lru_cache(8_192)
def _maker(enterprise_id: int, name: str, uscc: str, code: str, place: str) -> Terms:
    own = facet("enterprise", str(enterprise_id))
    return _once(maker_text(name), code_text(uscc), code_text(place), _place(code), (own,))


@lru_cache(1_024)
def _place(code: str) -> Terms:
    """Its province, the prefecture in which it lies, and its county."""
    places = {code, f"{code[:4]}00"} if code else set()
    return (facet("province", province_of(code)), *(facet("division", place) for place in places))


@lru_cache(1_024)
def _kind(name: str, code: str, group: str, part: str) -> Terms:
    of_group = (facet("category", group), facet("part", part)) if group else ()
    return _once(*called_texts(name), (facet("category", code),), of_group)


@lru_cache(1_024)
def _ground(basis: str, standard: str, star: str) -> Terms:
    said = [facet("standard", number) for number in standards_in(standard)]
    return (*code_text(standard), facet("basis", basis), *said, *([facet("star", star)] if star else []))


def _once(*texts: Terms) -> Terms:
    return tuple(dict.fromkeys(chain(*texts)))


def province_of(division_code: str) -> str:
    return f"{division_code[:2]}0000" if division_code else "none"
