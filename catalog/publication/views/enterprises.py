"""The page of one enterprise."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.enterprise_page import EnterprisePage
from catalog.publication.models import EnterpriseLine
from portal.pages.cache import public_page
from portal.pages.missing import NeverPublic
from portal.pages.pagination import page_of
from portal.pages.parameters import Query
from portal.pages.reading import PARAMETERS, ReadAt, read_at
from portal.text.uscc import normalise as normalise_uscc


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
        return not_yet(request, uscc, reading)
    if dossier.main.uscc != uscc:
        return moved(query, dossier.main.uscc)
    page = page_of(query, dossier.product_count)
    context = {
        "dossier": dossier,
        "page": page,
        "rows": dossier.products(page.start, page.stop),
        "reading": reading,
        "query": query,
        "crumbs": [("企业名录", reverse("enterprises:list")), (dossier.main.name, "")],
    }
    return render(request, "publication/enterprise.html", context)


def moved(query: Query, uscc: str) -> HttpResponse:
    """A code written differently, or one that was corrected: its address leads to the present one, which says so."""
    return HttpResponsePermanentRedirect(query.link(reverse("enterprises:detail", args=[uscc])))


def not_yet(request: HttpRequest, uscc: str, reading: ReadAt) -> HttpResponse:
    """An enterprise that became public later than the edition read; a 404 where it never was."""
    first = (
        EnterpriseLine.objects.filter(uscc=uscc, from_edition__isnull=False)
        .select_related("from_edition")
        .order_by("from_edition_id")
        .first()
    )
    if first is None:
        raise NeverPublic(f"没有公布过统一社会信用代码 {uscc} 的企业。")
    context = {"what": f"企业 {uscc}", "first": first.from_edition, "reading": reading}
    return render(request, "pages/not_yet.html", context)
