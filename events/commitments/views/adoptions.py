"""认证采信: who recognises certificates for what."""

from typing import Any

from events.commitments.listing import AdoptionFilters
from events.commitments.models import AdoptionVersion
from portal.core.pages.records import Records

from .letters import LetterPages


class Adoptions(Records[AdoptionVersion]):
    model, what = AdoptionVersion, "采信规定"
    label, address, template = "认证采信", "commitments:adoptions", "commitments/adoption"
    trail = ((LetterPages.label, LetterPages.address),)
    filters = AdoptionFilters
    listed_with = read_with = ("division__parent__parent",)

    def shown(self, rows: Any) -> list[tuple[Any, ...]]:
        return [(version, *version.status_on(self.reading.day)) for version in rows]

    def name_of(self, version: AdoptionVersion) -> str:
        return version.recognised_by

    def told(self, version: AdoptionVersion, versions: list[AdoptionVersion]) -> dict[str, Any]:
        return {"status": version.status_on(self.reading.day)}
