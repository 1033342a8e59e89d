"""The partners and their letters."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.campaigns.public import name_of
from events.commitments.listing import Entry, Letters, entries
from events.commitments.models import LetterVersion
from events.commitments.roles import roles_at
from portal.core.pages.cache import public_page
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt, read_at
from portal.core.pages.records import came_later, versions_until

from .asking import asked, has_page, held


@require_safe
@public_page
def letter_list(request: HttpRequest) -> HttpResponse:
    """All partners: whoever signed, and whoever is named a partner without a letter at hand."""
    query, reading = Query.of(request), read_at(request)
    letters = Letters.read(query, reading)
    page = page_of(query, letters.total)
    rows = letters.rows().select_related("campaign")[page.start : page.stop]
    context = {
        "query": query,
        "reading": reading,
        "letters": letters,
        "listing": letters.listing(request.path),
        "page": page,
        "entries": entries(rows, reading),
        "without_letter": partners_without_letter(letters, reading),
        "crumbs": [("合作承诺", None)],
    }
    return render(request, "commitments/letter_list.html", context)


def partners_without_letter(letters: Letters, reading: ReadAt) -> list[Any]:
    signed = set(letters.visible.values_list("organisation", "campaign__slug"))
    return [
        role
        for role in roles_at(reading)
        if role.code == "partner" and (role.organisation, role.campaign_slug) not in signed
    ]


@require_safe
@public_page
def letter_detail(request: HttpRequest, number: int) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    versions = versions_until(
        LetterVersion, number, reading, "campaign", "organisation", "template_version__from_edition"
    )
    if not versions:
        return came_later(request, LetterVersion, number, reading, what="承诺书")
    version = versions[0]
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "versions": versions,
        "entry": Entry(version, version.standing_at(reading.day)),
        "organisation": name_of(version.organisation, reading),
        "has_page": has_page(version.uscc, reading),
        "signed_at": held(version.activity_id, reading),
        "takes": [],
        "crumbs": [("合作承诺", query.link(reverse("commitments:list"))), (version.party_name, None)],
    }
    return render(request, "commitments/letter_detail.html", context)
