"""The partners and their letters."""

from typing import Any

from django.db.models import QuerySet

from catalog.campaigns.public import name_of
from events.commitments.listing import Entry, Letters, entries
from events.commitments.models import LetterVersion
from events.commitments.roles import RoleRow, roles_at
from portal.core.pages.records import Records

from .asking import has_page, held


class LetterPages(Records[LetterVersion]):
    """All partners: whoever signed, and whoever is named a partner without a letter at hand."""

    model, what, unit = LetterVersion, "承诺书", "份"
    label, address, template = "合作承诺", "commitments:list", "commitments/letter"
    filters = Letters
    listed_with = ("campaign",)
    read_with = ("campaign", "organisation", "template_version__from_edition")

    def shown(self, rows: QuerySet[LetterVersion]) -> list[Entry]:
        return entries(rows, self.reading)

    def beside_list(self, filters: Letters, rows: list[Entry]) -> dict[str, Any]:
        return {"without_letter": self.partners_without_letter()}

    def partners_without_letter(self) -> list[RoleRow]:
        signed = set(self.rows().values_list("organisation", "campaign__slug"))
        return [
            role
            for role in roles_at(self.reading)
            if role.code == "partner" and (role.organisation, role.campaign_slug) not in signed
        ]

    def name_of(self, version: LetterVersion) -> str:
        return version.party_name

    def told(self, version: LetterVersion, versions: list[LetterVersion]) -> dict[str, Any]:
        return {
            "entry": Entry(version, version.standing_at(self.reading.day)),
            "organisation": name_of(version.organisation, self.reading),
            "has_page": has_page(version.uscc, self.reading),
            "signed_at": held(version.activity_id, self.reading),
        }
