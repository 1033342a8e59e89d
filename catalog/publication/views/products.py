"""The page of one product."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.models import ProductLine
from catalog.publication.showing.product_page import ProductPage
from catalog.publication.showing.where_to_buy import PARAMETER, WhereToBuy, asked_place
from catalog.publication.views.later import not_yet
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.place import chosen_code
from portal.core.pages.reading import PARAMETERS, read_at
from portal.core.text.numbers import format_number, parse_number


@require_safe
@public_page
def detail(request: HttpRequest, number: str) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS, several=(PARAMETER,))
    serial = parse_number(number)
    if serial is None:
        raise NeverPublic(f"「{number}」不是清单编号：7 位数字、一个连字符和一位校验码，校验码须相符。")
    if format_number(serial) != number:
        canonical = reverse("products:detail", args=[format_number(serial)])
        return HttpResponsePermanentRedirect(query.link(canonical))
    reading = read_at(request)
    page = ProductPage.read(number, reading)
    if page is None:
        lines = ProductLine.objects.filter(number=number)
        return not_yet(request, f"清单编号 {number}", lines, reading)
    crumbs = [
        ("产品清单", reverse("products:list")),
        (page.main.category_name, f"{reverse('products:list')}?category={page.main.category_code}"),
        (number, ""),
    ]
    where = WhereToBuy(
        reading,
        asked_place(query, chosen_code(request)),
        page.main,
        page.enterprise,
        is_current=page.standing.is_current,
    )
    context = {
        "page": page,
        "where": where,
        "where_kept": query.keep(*PARAMETERS).pairs,
        "reading": reading,
        "query": query,
        "crumbs": crumbs,
    }
    return render(request, "publication/product.html", context)
