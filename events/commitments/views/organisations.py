"""The organisations of the campaigns: their roles, what was said of them, what they signed."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from catalog.campaigns.models import Organisation, OrganisationVersion
from catalog.campaigns.public import name_of
from events.commitments.listing import entries
from events.commitments.models import AgreementVersion, ClaimVersion, LetterVersion
from events.commitments.roles import has_role, roles_at, sections_at
from portal.core.pages.missing import NeverPublic
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.pages.records import Crumb, Records


class Organisations(Records[OrganisationVersion]):
    """Listed by role and not by version: one that has only a role, a claim or a signature has its page as well."""

    model, what = OrganisationVersion, "机构"
    label, address, template = "活动机构", "organisations:list", "commitments/organisation"

    def listed(self) -> HttpResponse:
        self.query.refuse_unknown(single=PARAMETERS)
        context = {"sections": sections_at(self.reading), "crumbs": [(self.label, None)]}
        return self.drawn("list", context)

    def detail(self, number: int | str) -> HttpResponse:
        self.query.refuse_unknown(single=PARAMETERS)
        organisation = Organisation.objects.filter(pk=number).first()
        if organisation is None or not was_ever_public(organisation, self.reading):
            raise NeverPublic(f"没有公布过这一{self.what}。")
        versions = self.versions(number)
        name = versions[0].name if versions else organisation.name
        context = {
            "name": name,
            "version": versions[0] if versions else None,
            "versions": versions,
            "takes": [],
            "crumbs": [(self.label, self.list_href), (name, None)],
        }
        return self.drawn("detail", {**context, **self.known_of(organisation)})

    def known_of(self, organisation: Organisation) -> dict[str, Any]:
        letters = self.standing(LetterVersion, organisation).select_related("campaign")
        return {
            "roles": [role for role in roles_at(self.reading) if role.organisation == organisation.pk],
            "claims": self.standing(ClaimVersion, organisation),
            "agreements": self.standing(AgreementVersion, organisation),
            "entries": entries(letters, self.reading),
        }

    def standing(self, model: Any, organisation: Organisation) -> Any:
        rows = model.objects.visible(self.reading.edition, self.reading.day).standing()
        return rows.filter(organisation=organisation).newest_first()


def was_ever_public(organisation: Organisation, reading: ReadAt) -> bool:
    """Whether a visitor could ever read anything of it: what it is, a role, a claim, an agreement or a letter."""
    if has_role(organisation, reading):
        return True
    models: tuple[Any, ...] = (OrganisationVersion, ClaimVersion, AgreementVersion, LetterVersion)
    return any(
        model.objects.filter(organisation=organisation).ever_visible(reading.today).exists()
        for model in models
    )


class Claims(Records[ClaimVersion]):
    """Claims have no list of their own: they stand on the pages of those of whom they were said."""

    model, what = ClaimVersion, "陈述"
    label, address, template = Organisations.label, Organisations.address, "commitments/claim"
    read_with = ("organisation",)

    def crumbs_of(self, version: ClaimVersion) -> list[Crumb]:
        page = self.moment.link(reverse("organisations:detail", args=[version.organisation_id]))
        return [
            (self.label, self.list_href),
            (name_of(version.organisation, self.reading), page),
            ("陈述", None),
        ]

    def told(self, version: ClaimVersion, versions: list[ClaimVersion]) -> dict[str, Any]:
        return {"name": name_of(version.organisation, self.reading)}
