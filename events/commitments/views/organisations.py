"""The organisations of the campaigns: their roles, what was said of them, what they signed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.campaigns.models import Organisation, OrganisationVersion
from catalog.campaigns.public import name_of
from events.commitments.listing import entries
from events.commitments.models import AgreementVersion, ClaimVersion, LetterVersion
from events.commitments.roles import has_role, roles_at, sections_at
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic
from portal.core.pages.reading import ReadAt, read_at
from portal.core.pages.records import came_later, versions_until

from .asking import asked


@require_safe
@public_page
def organisation_list(request: HttpRequest) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    context = {
        "query": query,
        "reading": reading,
        "sections": sections_at(reading),
        "crumbs": [("活动机构", None)],
    }
    return render(request, "commitments/organisation_list.html", context)


@require_safe
@public_page
def organisation_detail(request: HttpRequest, number: int) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    organisation = Organisation.objects.filter(pk=number).first()
    if organisation is None or not was_ever_public(organisation, reading):
        raise NeverPublic("没有公布过这一机构。")
    versions = versions_until(OrganisationVersion, number, reading)
    name = versions[0].name if versions else organisation.name
    letters = visible(LetterVersion, reading).select_related("campaign")
    context = {
        "query": query,
        "reading": reading,
        "name": name,
        "version": versions[0] if versions else None,
        "versions": versions,
        "roles": [role for role in roles_at(reading) if role.organisation == number],
        "claims": visible(ClaimVersion, reading).filter(organisation=number).newest_first(),
        "agreements": visible(AgreementVersion, reading).filter(organisation=number).newest_first(),
        "entries": entries(letters.filter(organisation=number).newest_first(), reading),
        "takes": [],
        "crumbs": [("活动机构", query.link(reverse("organisations:list"))), (name, None)],
    }
    return render(request, "commitments/organisation_detail.html", context)


def visible(model: Any, reading: ReadAt) -> Any:
    return model.objects.visible(reading.edition, reading.day).standing()


def was_ever_public(organisation: Organisation, reading: ReadAt) -> bool:
    """Whether a visitor could ever read anything of it: what it is, a role, a claim, an agreement or a letter."""
    if has_role(organisation, reading):
        return True
    models: tuple[Any, ...] = (OrganisationVersion, ClaimVersion, AgreementVersion, LetterVersion)
    return any(
        model.objects.filter(organisation=organisation).ever_visible(reading.today).exists()
        for model in models
    )


@require_safe
@public_page
def claim_detail(request: HttpRequest, number: int) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    versions = versions_until(ClaimVersion, number, reading, "organisation")
    if not versions:
        return came_later(request, ClaimVersion, number, reading, what="陈述")
    version = versions[0]
    name = name_of(version.organisation, reading)
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "versions": versions,
        "name": name,
        "takes": [],
        "crumbs": [
            ("活动机构", query.link(reverse("organisations:list"))),
            (name, query.link(reverse("organisations:detail", args=[version.organisation_id]))),
            ("陈述", None),
        ],
    }
    return render(request, "commitments/claim_detail.html", context)
