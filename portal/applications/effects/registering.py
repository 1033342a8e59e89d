"""An enterprise enters the register, or is claimed by an account that proved to act for it."""

from typing import Any

from django.db import models
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.prefilling import bears_name
from portal.applications.cases.telling import tell_former_members
from portal.core.audit.changes import save_working
from portal.core.text.uscc import Level, verdict
from portal.core.workflow import NotAllowed

from .changing import PUBLIC, carry_changes, typed_values
from .decision import Decision
from .drafts import refuse_frozen

CHECKED = "证照核对一致"


def register(decision: Decision) -> dict[str, Any]:
    """The working row, and the account that began the case as its owner. The directory waits for the first product."""
    application = decision.application
    enterprise = Enterprise.objects.select_for_update().filter(uscc=application.uscc).first()
    drafts: list[str] = []
    if enterprise is None:
        enterprise = Enterprise(uscc=application.uscc, **typed_values(decision))
        _settle_code(decision, enterprise)
        save_working(enterprise, by=decision.by, source=decision.source)
    else:
        _settle_code(decision, enterprise)
        drafts = _claim(decision, enterprise)
    application.enterprise = enterprise
    ended = _give_membership(decision, enterprise)
    return {"enterprise": enterprise.pk, "drafts": drafts, "memberships_ended": ended} | (
        {"uscc_override": enterprise.uscc_override_reason} if enterprise.uscc_override_reason else {}
    )


def _claim(decision: Decision, enterprise: Enterprise) -> list[str]:
    """What the claimant said replaces what is known; what it left empty is no word against it."""
    if not bears_name(enterprise, decision.values["name"]):
        raise NotAllowed(
            "case.claim_renames",
            f"登记的名称是「{enterprise.name}」，与填写的不同。请退回补正；确已更名的，先认领，再办资料变更。",
        )
    said = {name: value for name, value in typed_values(decision).items() if value and name != "name"}
    before = {name: getattr(enterprise, name) for name in PUBLIC}
    if any(name in said and said[name] != value for name, value in before.items()):
        refuse_frozen(enterprise)
    for name, value in said.items():
        setattr(enterprise, name, value)
    save_working(enterprise, by=decision.by, source=decision.source)
    return carry_changes(decision, enterprise, before)


def _settle_code(decision: Decision, enterprise: Enterprise) -> None:
    """A doubtful check character is accepted by whoever compared it with the licence, in words and by name."""
    judged = verdict(enterprise.uscc)
    if judged.level is Level.VALID or enterprise.uscc_override_reason:
        return
    if not judged.may_be_overridden:
        raise NotAllowed("case.uscc", judged.reason)
    if not decision.uscc_override.strip():
        raise NotAllowed(
            "case.uscc",
            f"{judged.reason}与营业执照核对一致的，请在「校验位例外说明」写明，例如「{CHECKED}」。",
        )
    enterprise.uscc_override_reason = decision.uscc_override.strip()[:200]
    enterprise.uscc_override_by = decision.by


def _refuse_unforeseen(decision: Decision, former: models.QuerySet[Membership]) -> None:
    """Who got an owner only after the claim was handed in: nobody was asked, or told, that this is a dispute."""
    if not decision.application.is_disputed and former.filter(role=Membership.Role.OWNER).exists():
        raise NotAllowed(
            "case.owned_meanwhile",
            "这家企业在本件提交之后有了管理人。请退回本件；企业再次提交时会列为争议，按争议办理。",
        )


def _give_membership(decision: Decision, enterprise: Enterprise) -> list[int]:
    """The account becomes an owner. Of a dispute the former owners lose their place unless they are kept, and with them
    everybody whom they let in: whoever held an enterprise wrongly may have given keys away.
    """
    user, now = decision.application.created_by, timezone.now()
    active = Membership.objects.active().select_for_update().filter(enterprise=enterprise)
    former = active.exclude(user=user).select_related("user")
    _refuse_unforeseen(decision, former)
    lost = [] if decision.keep_owner else list(former)
    Membership.objects.filter(pk__in=[membership.pk for membership in lost]).update(ended_at=now)
    active.filter(user=user).update(ended_at=now)
    Membership.objects.create(
        enterprise=enterprise, user=user, role=Membership.Role.OWNER, given_by=decision.by
    )
    tell_former_members(decision.application, [membership.user for membership in lost])
    return [membership.pk for membership in lost]
