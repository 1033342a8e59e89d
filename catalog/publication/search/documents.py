"""The terms under which the lines of the two registers are found."""

from collections.abc import Iterator

from catalog.products.models import Category
from catalog.publication.models import CertificateLine, EnterpriseLine, ProductLine
from portal.core.index.documents import Document, rows_in_steps
from portal.core.text.pinyin import sort_key
from portal.core.text.runs import segments, words
from portal.core.text.tokens import (
    end_terms,
    index_terms,
    maker_terms,
    name_terms,
    named_terms,
    whole_terms,
)

from .asking.standards import standards_in

PRODUCTS = "products"
ENTERPRISES = "enterprises"

LINES_AT_A_TIME = 2_000
NUMBER_END = 7  # the part of a certificate number that people read out


def facet(name: str, value: str) -> str:
    """The term of one value of a filter."""
    return f"{name}:{value}"


def enterprise_documents(lines) -> Iterator[Document]:
    """From a queryset of EnterpriseLine."""
    for chunk in rows_in_steps(lines, LINES_AT_A_TIME):
        yield from enterprise_documents_of(chunk)


def enterprise_documents_of(lines: list[EnterpriseLine]) -> list[Document]:
    return [enterprise_document(line) for line in lines]


def enterprise_document(line: EnterpriseLine) -> Document:
    former = [name["name"] for name in line.former_names]
    text = name_terms(line.name, *former) | index_terms(line.uscc, line.division_name)
    text |= whole_terms(line.name, *former, line.uscc)
    facets = {
        *_place_terms(line),
        facet("publisher", line.publisher),
        facet("status", line.listing_status),
        *_batch_terms(line),
    }
    return Document(line.pk, frozenset(text | facets), {"name": sort_key(line.name)})


def product_documents(lines) -> Iterator[Document]:
    """From a queryset of ProductLine."""
    for chunk in rows_in_steps(lines.select_related("batch"), LINES_AT_A_TIME):
        yield from product_documents_of(chunk)


def product_documents_of(lines: list[ProductLine]) -> list[Document]:
    """The certificates that they show are read along."""
    categories = {category.code: category for category in Category.objects.all()}
    certificates = certificate_lines_for(lines)
    return [
        product_document(line, certificates.get(line.pk), categories.get(line.category_code))
        for line in lines
    ]


def certificate_lines_for(lines: list[ProductLine]) -> dict[int, CertificateLine]:
    """By product line: the line of its certificate that was frozen or public when the product line was frozen."""
    wanted = {line.certificate_id for line in lines if line.certificate_id}
    history: dict[int, list[CertificateLine]] = {}
    for certificate in CertificateLine.objects.filter(certificate__in=wanted).order_by("pk"):
        history.setdefault(certificate.certificate_id, []).append(certificate)
    return {
        line.pk: found
        for line in lines
        if line.certificate_id and (found := _contemporary(line, history.get(line.certificate_id, [])))
    }


def _contemporary(line: ProductLine, history: list[CertificateLine]) -> CertificateLine | None:
    """The line of its own batch if there is one; otherwise the last one published before its batch, else the first."""
    own = [certificate for certificate in history if certificate.batch_id == line.batch_id]
    if own:
        return own[0]
    limit = line.batch.edition_id
    published = [
        certificate
        for certificate in history
        if certificate.from_edition_id is not None and (limit is None or certificate.from_edition_id <= limit)
    ]
    return published[-1] if published else None


def product_document(
    line: ProductLine, certificate: CertificateLine | None, category: Category | None
) -> Document:
    names = (line.name, line.brand, line.category_name, line.enterprise_name)
    codes = (line.models_text, line.certificate_number, line.number, line.enterprise_uscc, line.division_name)
    standard = certificate.standard if certificate else ""
    text = name_terms(*names) | index_terms(*codes, standard) | named_terms(line.name, line.category_name)
    text |= whole_terms(line.name, line.brand, line.category_name)
    text |= whole_terms(line.certificate_number, *ends_of(line.certificate_number), line.number)
    text |= end_terms(line.name) | maker_terms(line.enterprise_name)
    star = certificate.star if certificate else ""
    facets = {
        facet("category", line.category_code),
        *_place_terms(line),
        facet("publisher", line.publisher),
        facet("basis", line.basis),
        facet("status", line.listing_status),
        facet("enterprise", str(line.enterprise_id)),
        facet("product", str(line.product_id)),
        *_batch_terms(line),
        *(facet("standard", number) for number in standards_in(standard)),
    }
    if category is not None:
        facets |= {facet("category", category.group_code), facet("part", category.house_part)}
    if star:
        facets.add(facet("star", star))
    keys = {
        "name": sort_key(line.name),
        "star": {"3": "0", "green": "0", "2": "1", "1": "2"}.get(star, "3"),
        "end": certificate.valid_until.isoformat() if certificate else "9999-12-31",
    }
    return Document(line.pk, frozenset(text | facets), keys)


def province_of(division_code: str) -> str:
    return f"{division_code[:2]}0000" if division_code else "none"


def _place_terms(line: ProductLine | EnterpriseLine) -> set[str]:
    """Its province, the prefecture in which it lies, and its county."""
    code = line.division_code
    places = {code, f"{code[:4]}00"} if code else set()
    return {facet("province", province_of(code)), *(facet("division", place) for place in places)}


def ends_of(number: str) -> set[str]:
    """What people read out of a certificate number: the last digits, or all from one of its words on."""
    found = words(number)
    return {
        "".join(segments(number))[-NUMBER_END:],
        *("".join(found[start:]) for start in range(1, len(found))),
    }


def _batch_terms(line: ProductLine | EnterpriseLine) -> set[str]:
    """A line is found by the batch that listed it and by the batch that issued it."""
    return {facet("batch", line.listed_in), facet("issued", str(line.batch_id))}
