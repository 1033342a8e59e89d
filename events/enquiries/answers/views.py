"""Published answers: a list by kind, and each answer with what was corrected in it."""

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.pages.cache import public_page
from portal.core.pages.listing import Facet, Listing, Option
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, read_at

from ..models import AnswerVersion, Kind
from ..office_names import OfficeNames
from .shown import answers_at


@require_safe
@public_page
def answer_list(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=("page", *PARAMETERS), several=("kind",))
    reading = read_at(request)
    answers = answers_at(reading)
    facet = kind_facet(query, answers)
    kinds = query.all("kind")
    page = page_of(query, sum(option.count for option in facet if not kinds or option.is_chosen))
    rows = answers.filter(kind__in=kinds) if kinds else answers
    context = {
        "query": query,
        "reading": reading,
        "listing": Listing(query, request.path, facets=(facet,)),
        "page": page,
        "answers": rows[page.start : page.stop],
        "crumbs": [("咨询投诉", reverse("enquiries:list")), ("公开答复", None)],
    }
    return render(request, "enquiries/answer_list.html", context)


def kind_facet(query: Query, answers) -> Facet:
    chosen = query.all("kind")
    for value in chosen:
        if value not in Kind.values:
            raise BadParameter.one(query, "kind", value)
    counts = dict(answers.order_by().values_list("kind").annotate(Count("pk")))
    options = tuple(
        Option(value, label, counts.get(value, 0), value in chosen) for value, label in Kind.choices
    )
    return Facet("kind", "种类", options)


@require_safe
@public_page
def answer_detail(request: HttpRequest, number: int) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    reading = read_at(request)
    ever_public = AnswerVersion.objects.filter(answer_id=number).ever_visible(reading.today)
    version = (
        ever_public.visible(reading.edition, reading.day).select_related("from_edition", "replaces").first()
    )
    if version is None and not ever_public.exists():
        raise Http404
    crumbs = [
        ("咨询投诉", reverse("enquiries:list")),
        ("公开答复", query.keep(*PARAMETERS).link(reverse("enquiries:answers"))),
        (f"第 {number} 则", None),
    ]
    context = {"query": query, "reading": reading, "crumbs": crumbs, "version": version}
    if version is None:
        return render(request, "enquiries/answer_later.html", context)
    names = OfficeNames()
    context |= {"office": names.of(version), "place": names.place(version.place)}
    return render(request, "enquiries/answer_detail.html", context)
