"""认证采信: who recognises certificates for what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.regions.models import Division
from events.commitments.models import AdoptionVersion
from portal.core.pages.cache import public_page
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, read_at
from portal.core.pages.records import came_later, versions_until

from .asking import asked


@require_safe
@public_page
def adoption_list(request: HttpRequest) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=("region", "page", *PARAMETERS))
    reading = read_at(request)
    rows = AdoptionVersion.objects.visible(reading.edition, reading.day).standing()
    region = None
    if code := query.first("region"):
        region = Division.objects.filter(pk=code).first()
        if region is None:
            raise BadParameter.one(query, "region", code)
        rows = rows.within(code)
    page = page_of(query, rows.count())
    shown = rows.newest_first().select_related("division__parent__parent")[page.start : page.stop]
    context = {
        "query": query,
        "reading": reading,
        "region": region,
        "page": page,
        "adoptions": [(version, *version.status_on(reading.day)) for version in shown],
        "crumbs": [
            ("合作承诺", query.keep(*PARAMETERS).link(reverse("commitments:list"))),
            ("认证采信", None),
        ],
    }
    return render(request, "commitments/adoption_list.html", context)


@require_safe
@public_page
def adoption_detail(request: HttpRequest, number: int) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    versions = versions_until(AdoptionVersion, number, reading, "division__parent__parent")
    if not versions:
        return came_later(request, AdoptionVersion, number, reading, what="采信规定")
    version = versions[0]
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "versions": versions,
        "status": version.status_on(reading.day),
        "takes": [],
        "crumbs": [
            ("合作承诺", query.link(reverse("commitments:list"))),
            ("认证采信", query.link(reverse("commitments:adoptions"))),
            (version.recognised_by, None),
        ],
    }
    return render(request, "commitments/adoption_detail.html", context)
