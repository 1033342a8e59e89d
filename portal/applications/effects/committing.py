"""A sealed commitment letter becomes a record of the portal, which a second person publishes."""

from typing import Any

from django.utils import timezone

from catalog.campaigns.models import Campaign
from events.commitments.models import Letter, LetterVersion, Signatory
from portal.core.audit.changes import save_working
from portal.core.audit.record import record
from portal.core.editions.clock import SHANGHAI
from portal.core.workflow import NotAllowed

from .decision import Decision


def refuse_early(decision: Decision) -> None:
    """A legal commitment can be taken back for ten minutes: nobody accepts it before. Raises NotAllowed."""
    until = decision.application.withdrawable_until
    if until is not None and timezone.now() < until:
        raise NotAllowed(
            "case.withdrawable",
            f"企业可撤回至 {until.astimezone(SHANGHAI):%H:%M}，过了这一时间才能通过。",
        )


def commit(decision: Decision) -> dict[str, Any]:
    """The letter with a version that waits for review; who signed stays internal.

    The scan bears a signature and a seal: its public copy is redacted by hand before it goes up.
    """
    refuse_early(decision)
    enterprise = decision.enterprise
    letter = Letter.objects.create()
    version = LetterVersion.objects.create(
        letter=letter,
        key=letter.key,
        state=LetterVersion.State.IN_REVIEW,
        created_by=decision.by,
        submitted_by=decision.by,
        submitted_at=timezone.now(),
        party_name=enterprise.name,
        uscc=enterprise.uscc,
        template_version_id=decision.values["template_version"],
        campaign=Campaign.objects.get(slug=decision.values["campaign"]),
        signed_on=decision.day("signed_on"),
        signed_precision="day",
        valid_until=decision.day("valid_until"),
        source="企业经本站申报，已与盖章原件的扫描件核对",
    )
    signatory = Signatory(
        letter=letter,
        name=decision.personal.get("signatory_name", ""),
        title=decision.personal.get("signatory_title", ""),
    )
    save_working(signatory, by=decision.by, source=decision.source)
    record("letterversion.submitted", version, by=decision.by, reason=decision.source)
    return {"letter": letter.pk}
