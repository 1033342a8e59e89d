"""`/check/?number=`: what is publicly known of a certificate number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.publication.showing.check import answers_to
from catalog.publication.sought import GATHERED, looked_in_vain
from portal.core.accounts.addresses import client_address
from portal.core.pages.cache import public_page
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, read_at
from portal.core.proof.limits import network


@require_safe
@public_page
def check(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=(*PARAMETERS, "number"))
    reading = read_at(request)
    number = query.first("number")
    answers = answers_to(number, reading) if number else []
    context = {
        "number": number,
        "answers": answers,
        "reading": reading,
        "query": query,
        "crumbs": [("证书核验", "")],
    }
    response = render(request, "publication/check.html", context)
    unknown = [answer.asked for answer in answers if answer.is_unknown and answer.code == "unknown"]
    if unknown and reading.edition and not reading.is_past:
        count_later(request, response, unknown)
    return response


def count_later(request: HttpRequest, response: HttpResponse, numbers: list[str]) -> None:
    """When the answer has gone out. No cache keeps it: whoever looks next is counted too."""
    who = network(client_address(request))
    counted = [looked_in_vain(number, who) for number in numbers]
    response.headers["Cache-Control"] = "no-store"
    if any(counted):
        response._resource_closers.append(GATHERED.write_if_due)  # type: ignore[attr-defined]
