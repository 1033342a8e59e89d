"""`/check/?number=`: what is publicly known of a certificate number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.publication.showing.check import answers_to
from portal.core.pages.cache import public_page
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, read_at


@require_safe
@public_page
def check(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=(*PARAMETERS, "number"))
    reading = read_at(request)
    number = query.first("number")
    context = {
        "number": number,
        "answers": answers_to(number, reading) if number else [],
        "reading": reading,
        "query": query,
        "crumbs": [("证书核验", "")],
    }
    return render(request, "publication/check.html", context)
