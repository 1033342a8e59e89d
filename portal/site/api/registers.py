"""The registers: products, enterprises, certificates. The database writes their rows, as those of the files."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.products.models import Certificate, CertificateCheck
from catalog.publication.exporting import rows as files
from catalog.publication.exporting.columns import (
    Column,
    certificate_row,
    enterprise_row,
    frozen_row,
    product_row,
)
from catalog.publication.exporting.describing import property_of
from catalog.publication.models import CertificateLine, EnterpriseLine, Hold, ProductLine
from catalog.publication.showing.certificates import CertificateFilters, public_certificates
from catalog.publication.showing.choices import Known
from catalog.publication.showing.enterprise_page import EnterprisePage
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from catalog.publication.showing.history import Event
from catalog.publication.showing.product_page import ProductPage, checks_of, renewal_of
from catalog.publication.views.later import first_edition_of
from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from portal.core.text.normalise import fold_number
from portal.core.text.numbers import format_number, parse_number
from portal.core.text.uscc import normalise as normalise_uscc

from .cursors import OWN, Found
from .kinds import (
    DAY_OR_NOT,
    NUMBER,
    NUMBER_OR_NOT,
    TEXT,
    TEXT_OR_NOT,
    Kind,
    Moved,
    Schema,
    listed,
    thing,
    titled,
)
from .problems import not_yet

HOLD = thing({"reason": TEXT, "until": DAY_OR_NOT})
CHECK = thing({"day": DAY_OR_NOT, "source": TEXT, "result": TEXT, "result_word": TEXT, "note": TEXT})
CHANGE = thing({"label": TEXT, "before": TEXT, "after": TEXT})
EVENT = thing(
    {
        "edition": NUMBER,
        "day": DAY_OR_NOT,
        "title": TEXT,
        "batch": TEXT_OR_NOT,
        "position": NUMBER_OR_NOT,
        "reason": TEXT,
        "note": TEXT,
        "changes": listed(CHANGE),
    }
)


class Register(Kind):
    """Rows of one table of lines, their columns declared where the files have them."""

    source: ClassVar["staticmethod[[ReadAt], QuerySet[Any]]"]
    columns: ClassVar["staticmethod[[ReadAt], list[Column]]"]

    def row(self, reading: ReadAt) -> dict[str, Schema]:
        return {column.name: property_of(column) for column in type(self).columns(reading)}

    def sealed(self) -> dict[str, Schema]:
        return {column.name: property_of(column) for column in frozen_row(self.name)}

    def texts(self, lines: Sequence[int], reading: ReadAt) -> list[str]:
        """In the order of their numbers; two queries, and one for the names of publishers."""
        own = type(self)
        return _written(own.source(reading), own.columns(reading), lines)

    def said(self, numbers: Sequence[int], reading: ReadAt) -> Iterable[str]:
        return _written(files.LINES[self.name].objects.all(), frozen_row(self.name), numbers)


def _written(source: QuerySet[Any], columns: list[Column], lines: Sequence[int]) -> list[str]:
    rows = files.Rows(source, columns, [list(lines)] if lines else [], len(lines))
    return [text for chunk in rows.json() for text in chunk]


class Searched(Register):
    """Found by the index, as the list of the page is."""

    declared: ClassVar[type[ListFilters]]

    def find(self, request: HttpRequest, query: Query, reading: ReadAt) -> Found:
        filters = self.declared.read(query, Known.at(reading), more=OWN)
        found = filters.find(reading)
        return Found(
            found.total,
            lambda span: found.between(span.start, span.stop),
            int,
            lambda lines: self.texts(lines, reading),
        )

    def filters(self, reading: ReadAt) -> DeclaredFilters:
        return self.declared(Query(), Known.at(reading))


class Products(Searched):
    name, label, page, front = "products", "产品清单", "/products/", "product"
    declared = ProductFilters
    source, columns = staticmethod(files.products_at), staticmethod(product_row)
    more = {
        "lists": titled(listed({"$ref": "#/components/schemas/products"}), "各发布方的行"),
        "certificate": {"anyOf": [{"$ref": "#/components/schemas/certificates"}, {"type": "null"}]},
        "renewed_by": titled(TEXT_OR_NOT, "换发的证书"),
        "hold": {"anyOf": [HOLD, {"type": "null"}]},
        "checks": listed(CHECK),
        "history": listed(EVENT),
    }

    def record(self, request: HttpRequest, reading: ReadAt, **named: str) -> tuple[str, dict[str, Any]]:
        asked = named["number"]
        serial = parse_number(asked)
        if serial is None:
            raise NeverPublic(f"「{asked}」不是清单编号：7 位数字、一个连字符和一位校验码，校验码须相符。")
        number = format_number(serial)
        if number != asked:
            raise Moved(number)
        page = ProductPage.read(number, reading)
        if page is None:
            what = f"清单编号 {number}"
            raise not_yet(what, first_edition_of(what, ProductLine.objects.filter(number=number)))
        own, *lists = self.texts([page.main.pk, *(line.pk for line in page.current)], reading)
        return own, {
            "lists": Written.several(lists),
            "certificate": certificate_of(page.certificate, reading),
            "renewed_by": page.renewal.number if page.renewal else None,
            "hold": hold_said(page.hold),
            "checks": [check_said(check) for check in page.checks],
            "history": [event_said(event) for event in page.history],
        }


class Enterprises(Searched):
    name, label, page, front = "enterprises", "企业名录", "/enterprises/", "enterprise"
    declared = EnterpriseFilters
    source, columns = staticmethod(files.enterprises_at), staticmethod(enterprise_row)
    more = {
        "lists": titled(listed({"$ref": "#/components/schemas/enterprises"}), "各发布方的行"),
        "former_codes": titled(listed(TEXT), "曾用的信用代码"),
        "hold": {"anyOf": [HOLD, {"type": "null"}]},
        "history": listed(EVENT),
    }

    def record(self, request: HttpRequest, reading: ReadAt, **named: str) -> tuple[str, dict[str, Any]]:
        asked = named["number"]
        code = normalise_uscc(asked)
        if not (code.isascii() and code.isalnum()):
            raise NeverPublic(f"「{asked}」不是统一社会信用代码。")
        page = EnterprisePage.read(code, reading)
        if page is None:
            what = f"企业 {code}"
            raise not_yet(what, first_edition_of(what, EnterpriseLine.objects.filter(uscc=code)))
        if page.main.uscc != asked:
            raise Moved(page.main.uscc)
        own, *lists = self.texts([page.main.pk, *(line.pk for line in page.current)], reading)
        return own, {
            "lists": Written.several(lists),
            "former_codes": page.former_codes,
            "hold": hold_said(page.hold),
            "history": [event_said(event) for event in page.history],
        }


class Certificates(Register):
    """They have no list for people, who look one up; programs have all of them."""

    name, label, page, front = "certificates", "认证证书", "/check/?number=", "certificate"
    parts = ("body", "number")
    source = staticmethod(files.certificates_at)
    columns = staticmethod(certificate_row)
    more = {"renewed_by": titled(TEXT_OR_NOT, "换发的证书"), "checks": listed(CHECK)}

    def find(self, request: HttpRequest, query: Query, reading: ReadAt) -> Found:
        filters = CertificateFilters.read(query, public_certificates(reading), reading, more=OWN)
        numbers = filters.qs.values_list("pk", flat=True)
        return Found(
            filters.total,
            lambda span: list(numbers[span.start : span.stop]),
            int,
            lambda lines: self.texts(lines, reading),
        )

    def filters(self, reading: ReadAt) -> DeclaredFilters:
        return CertificateFilters(Query(), public_certificates(reading), reading)

    def record(self, request: HttpRequest, reading: ReadAt, **named: str) -> tuple[str, dict[str, Any]]:
        body, asked = named["body"], named["number"]
        key = fold_number(asked)[:80]
        if not key:
            raise NeverPublic(f"「{asked}」不是证书编号。")
        if key != asked:
            raise Moved(body, key)
        lines = CertificateLine.objects.filter(body_code=body, number_key=key)
        line = lines.public(reading.edition).first()
        if line is None:
            what = f"证书 {body}/{key}"
            raise not_yet(what, first_edition_of(what, lines))
        (own,) = self.texts([line.pk], reading)
        renewal = renewal_of(line, reading)
        checks = [check_said(check) for check in checks_of(line, reading)]
        return own, {"renewed_by": renewal.number if renewal else None, "checks": checks}


class Written:
    """JSON that the database wrote, within JSON that is written here."""

    def __init__(self, text: str):
        self.text = text

    @classmethod
    def several(cls, texts: Iterable[str]) -> "Written":
        return cls(f"[{','.join(texts)}]")


def certificate_of(line: CertificateLine | None, reading: ReadAt) -> Written | None:
    return Written(Certificates().texts([line.pk], reading)[0]) if line else None


def hold_said(hold: Hold | None) -> dict[str, Any] | None:
    return {"reason": hold.reason, "until": hold.until_on.isoformat()} if hold else None


def check_said(check: CertificateCheck) -> dict[str, Any]:
    return {
        "day": check.checked_on.isoformat(),
        "source": check.source,
        "result": check.result,
        "result_word": str(Certificate.Status(check.result).label),
        "note": check.note,
    }


def event_said(event: Event) -> dict[str, Any]:
    return {
        "edition": event.edition,
        "day": event.day.isoformat(),
        "title": event.title,
        "batch": event.batch.slug if event.batch else None,
        "position": event.position,
        "reason": event.reason,
        "note": event.note,
        "changes": [{"label": one.label, "before": one.before, "after": one.after} for one in event.changes],
    }
