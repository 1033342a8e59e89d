"""Agreements with institutions."""

from typing import Any

from catalog.campaigns.public import name_of
from events.commitments.models import AgreementVersion
from portal.core.pages.records import Records

from .asking import held
from .letters import LetterPages


class Agreements(Records[AgreementVersion]):
    model, what, unit = AgreementVersion, "合作协议", "份"
    label, address, template = "合作协议", "commitments:agreements", "commitments/agreement"
    trail = ((LetterPages.label, LetterPages.address),)
    read_with = ("campaign", "organisation")

    def shown(self, rows: Any) -> list[tuple[AgreementVersion, bool]]:
        return [(version, version.is_over(self.reading.day)) for version in rows]

    def told(self, version: AgreementVersion, versions: list[AgreementVersion]) -> dict[str, Any]:
        return {
            "organisation": name_of(version.organisation, self.reading),
            "is_over": version.is_over(self.reading.day),
            "signed_at": held(version.activity_id, self.reading),
        }
