"""An approval under way: whose, of which submission, and on what ground it reaches the drafts."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from catalog.enterprises.models import Enterprise
from catalog.publication.compiling.mandates import Mandate
from portal.applications.cases.models import Application, Item, Submission
from portal.applications.cases.sources import source_of
from portal.core.accounts.models import User


@dataclass(frozen=True)
class Decision:
    """What the effects work from: always the submission that was read, never the form as it stands.

    `items` are the product lines that are approved now. `uscc_override` is why a code with a doubtful check character
    was accepted; `keep_owner` that a former owner stays beside the claimant.
    """

    application: Application
    submission: Submission
    by: User
    items: list[Item] = field(default_factory=list)
    uscc_override: str = ""
    keep_owner: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return self.submission.values

    @property
    def personal(self) -> dict[str, Any]:
        return self.submission.personal or {}

    @property
    def source(self) -> str:
        """What before-images and draft entries name as their origin."""
        return source_of(self.application)

    @property
    def mandate(self) -> Mandate:
        return Mandate("cases.decide", self.application.office)

    @property
    def enterprise(self) -> Enterprise:
        assert self.application.enterprise_id is not None  # noqa: S101 - a constraint: all but registrations have one
        return Enterprise.objects.select_for_update().get(pk=self.application.enterprise_id)

    def day(self, name: str) -> datetime.date | None:
        text = self.values.get(name)
        return datetime.date.fromisoformat(text) if text else None

    def said_lines(self) -> list[tuple[Item, dict[str, Any]]]:
        """The approved product lines, each with its words as they were handed in."""
        said = {line["id"]: line for line in self.submission.items}
        return [(item, said[item.pk]) for item in self.items]
