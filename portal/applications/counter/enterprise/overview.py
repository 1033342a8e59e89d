"""The pages of an enterprise: its certificates and products, and how each stands in public."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishers import publisher_names
from catalog.publication.showing.tables import ProductRow, product_rows
from catalog.standing.days import days_left
from catalog.standing.registers import CERTIFICATE
from portal.applications.cases.models import Application
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

from ..crumbs import HOME
from ..reach import at_the_counter, my_enterprise

PAGE = 50


@dataclass(frozen=True)
class OwnCertificate:
    """A certificate with the number of this enterprise's products that rest on it."""

    certificate: Certificate
    product_count: int
    today: datetime.date

    @property
    def standing(self) -> str:
        """The code of its status in the look."""
        return CERTIFICATE.of(self.certificate, self.today).code

    @property
    def days(self) -> int:
        return days_left(self.certificate.valid_until, self.today)


@dataclass(frozen=True)
class OwnProduct:
    """A product with what each publisher's list says of it; no rows while it was never published."""

    product: Product
    rows: list[ProductRow]


def present() -> ReadAt:
    edition, today = Edition.objects.current_number(), clock.today()
    return ReadAt(edition, today, edition, today)


def certificates_of(enterprise: Enterprise, today: datetime.date) -> list[OwnCertificate]:
    own = Count("products", filter=Q(products__enterprise=enterprise))
    found = (
        Certificate.objects.filter(products__enterprise=enterprise).annotate(own=own).select_related("body")
    )
    return [
        OwnCertificate(certificate, certificate.own, today)
        for certificate in found.order_by("valid_until", "pk")
    ]


def with_standing(products: Sequence[Product], reading: ReadAt) -> list[OwnProduct]:
    """Each product with its public lines, in a constant number of queries."""
    lines = ProductLine.objects.public(reading.edition).filter(product__in=products)
    by_product: dict[int, list[ProductRow]] = defaultdict(list)
    ids = list(lines.order_by("id").values_list("pk", flat=True))
    for row in product_rows(ids, reading, publisher_names()):
        by_product[row.line.product_id].append(row)
    return [OwnProduct(product, by_product.get(product.pk, [])) for product in products]


@require_safe
@at_the_counter
def enterprise(request: SignedInRequest, uscc: str) -> HttpResponse:
    membership = my_enterprise(request.user, uscc)
    own, reading = membership.enterprise, present()
    cases = Application.objects.of_account(request.user).filter(enterprise=own)
    public = EnterpriseLine.objects.public(reading.edition).filter(enterprise=own)
    context = {
        "membership": membership,
        "enterprise": own,
        "certificates": certificates_of(own, reading.today),
        "product_count": Product.objects.filter(enterprise=own).count(),
        "cases": cases.order_by("-id")[:10],
        "publishers": [publisher_names().get(line.publisher, line.publisher) for line in public],
        "former_names": own.former_names.all(),
        "crumbs": [HOME, (own.name, None)],
    }
    return render(request, "counter/enterprise.html", context)


@require_safe
@at_the_counter
def products(request: SignedInRequest, uscc: str) -> HttpResponse:
    """Every product of the enterprise with its number and its standing on each list."""
    membership = my_enterprise(request.user, uscc)
    own = membership.enterprise
    query = Query.of(request)
    query.refuse_unknown(single=("page",))
    found = Product.objects.filter(enterprise=own).select_related("category", "certificate").order_by("-id")
    page = page_of(query, found.count(), PAGE)
    context: dict[str, Any] = {
        "membership": membership,
        "enterprise": own,
        "page": page,
        "query": query,
        "products": with_standing(list(found[page.start : page.stop]), present()),
        "crumbs": [HOME, (own.name, f"/desk/enterprises/{own.uscc}/"), ("产品", None)],
    }
    return render(request, "counter/products.html", context)
