"""The page of one enterprise."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.models import EnterpriseLine
from catalog.publication.showing.drawing import products_of_enterprise
from catalog.publication.showing.enterprise_page import EnterprisePage
from catalog.publication.views.later import not_yet
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, read_at
from portal.core.text.uscc import normalise as normalise_uscc


@require_safe
@public_page
def detail(request: HttpRequest, uscc: str) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=(*PARAMETERS, "page"))
    code = normalise_uscc(uscc)
    if not (code.isascii() and code.isalnum()):
        raise NeverPublic(f"「{uscc}」不是统一社会信用代码。")
    if code != uscc:
        return moved(query, code)
    reading = read_at(request)
    dossier = EnterprisePage.read(uscc, reading)
    if dossier is None:
        lines = EnterpriseLine.objects.filter(uscc=uscc)
        return not_yet(request, f"企业 {uscc}", lines, reading)
    if dossier.main.uscc != uscc:
        return moved(query, dossier.main.uscc)
    page = page_of(query, dossier.product_count)
    context = {
        "dossier": dossier,
        "page": page,
        "rows": products_of_enterprise(dossier.products(page.start, page.stop), query),
        "reading": reading,
        "query": query,
        "crumbs": [("企业名录", reverse("enterprises:list")), (dossier.main.name, "")],
    }
    return render(request, "publication/enterprise.html", context)


def moved(query: Query, uscc: str) -> HttpResponse:
    """A code written differently, or one that was corrected: its address leads to the present one, which says so."""
    return HttpResponsePermanentRedirect(query.link(reverse("enterprises:detail", args=[uscc])))
