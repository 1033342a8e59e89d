"""Agreements with institutions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.campaigns.public import name_of
from events.commitments.models import AgreementVersion
from portal.core.pages.cache import public_page
from portal.core.pages.reading import read_at
from portal.core.pages.records import came_later, versions_until

from .asking import asked, held


@require_safe
@public_page
def agreement_list(request: HttpRequest) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    visible = AgreementVersion.objects.visible(reading.edition, reading.day).standing()
    context = {
        "query": query,
        "reading": reading,
        "agreements": [(version, version.is_over(reading.day)) for version in visible.newest_first()],
        "crumbs": [("合作承诺", query.link(reverse("commitments:list"))), ("合作协议", None)],
    }
    return render(request, "commitments/agreement_list.html", context)


@require_safe
@public_page
def agreement_detail(request: HttpRequest, number: int) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    versions = versions_until(AgreementVersion, number, reading, "campaign", "organisation")
    if not versions:
        return came_later(request, AgreementVersion, number, reading, what="合作协议")
    version = versions[0]
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "versions": versions,
        "organisation": name_of(version.organisation, reading),
        "is_over": version.is_over(reading.day),
        "signed_at": held(version.activity_id, reading),
        "takes": [],
        "crumbs": [
            ("合作承诺", query.link(reverse("commitments:list"))),
            ("合作协议", query.link(reverse("commitments:agreements"))),
            (version.title, None),
        ],
    }
    return render(request, "commitments/agreement_detail.html", context)
