"""The page of one product."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.models import ProductLine
from catalog.publication.product_page import ProductPage
from portal.pages.cache import public_page
from portal.pages.missing import NeverPublic
from portal.pages.parameters import Query
from portal.pages.reading import PARAMETERS, read_at
from portal.text.numbers import format_number, parse_number


@require_safe
@public_page
def detail(request: HttpRequest, number: str) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    serial = parse_number(number)
    if serial is None:
        raise NeverPublic(f"「{number}」不是清单编号：7 位数字、一个连字符和一位校验码，校验码须相符。")
    if format_number(serial) != number:
        canonical = reverse("products:detail", args=[format_number(serial)])
        return HttpResponsePermanentRedirect(query.link(canonical))
    reading = read_at(request)
    page = ProductPage.read(number, reading)
    if page is None:
        return not_yet(request, number, reading)
    crumbs = [
        ("产品清单", reverse("products:list")),
        (page.main.category_name, f"{reverse('products:list')}?category={page.main.category_code}"),
        (number, ""),
    ]
    return render(
        request,
        "publication/product.html",
        {"page": page, "reading": reading, "query": query, "crumbs": crumbs},
    )


def not_yet(request: HttpRequest, number: str, reading) -> HttpResponse:
    """A product that became public later than the edition read; a 404 where it never was."""
    first = (
        ProductLine.objects.filter(number=number, from_edition__isnull=False)
        .select_related("from_edition")
        .order_by("from_edition_id")
        .first()
    )
    if first is None:
        raise NeverPublic(f"没有公布过清单编号 {number}。")
    context = {"what": f"清单编号 {number}", "first": first.from_edition, "reading": reading}
    return render(request, "pages/not_yet.html", context)
