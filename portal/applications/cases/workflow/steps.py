"""What every step of a case shares: who may take it, how a refusal reads, how an act is written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from catalog.enterprises.models import Membership
from portal.applications.cases.models import Act, ActKind, Application, ApplicationKind, Side
from portal.core.accounts.models import User
from portal.core.editions.clock import SHANGHAI
from portal.core.workflow import NoPermission, NotAllowed, Step

State = Application.State
WRITERS = (Membership.Role.OWNER, Membership.Role.EDITOR)


class EditConflict(NotAllowed):
    """Somebody saved the case since the page was opened. `current` is what stands now; nothing was overwritten."""

    def __init__(self, current: Application):
        at = current.saved_at.astimezone(SHANGHAI)
        super().__init__(
            "case.stale",
            f"这一件在您打开页面之后又保存过（{at:%H:%M}），可能是另一个窗口或另一位经办人。"
            "您刚填的内容没有保存，仍在本页，请对照现在的内容后再保存。",
        )
        self.current = current


class Faulty(NotAllowed):
    """What was typed cannot be stored. `faults`: sentences by field name, of a product line by "items.<row>.<field>"."""

    def __init__(self, faults: dict[str, str]):
        sentences = list(faults.values())
        told = "；".join(sentence.rstrip("。") for sentence in sentences[:5])
        more = f" 等 {len(sentences)} 处" if len(sentences) > 5 else ""
        super().__init__("case.fault", f"{told}{more}。")
        self.faults = faults


def may_write(application: Application, by: User) -> bool:
    """Whether `by` acts for the enterprise here: of a registration who began it, else its owners and editors."""
    if not by.is_active:
        return False
    if application.kind == ApplicationKind.REGISTER:
        return application.created_by_id == by.pk
    memberships = Membership.objects.of(by).filter(enterprise=application.enterprise_id, role__in=WRITERS)
    return memberships.exists()


@dataclass(frozen=True)
class EnterpriseStep(Step):
    """A step of the enterprise's side: no capability is asked, but that the case is the account's."""

    def permission_refusal(self, row: models.Model, by: User) -> NotAllowed | None:
        assert isinstance(row, Application)  # noqa: S101 - steps of this room are taken on cases
        if may_write(row, by):
            return None
        return NoPermission(
            "case.not_yours", f"只有这家企业的管理人或经办人可以「{self.label}」，请由他们办理。"
        )


def enterprise_step(code: str, label: str, sources: Iterable[str], target: str) -> EnterpriseStep:
    return EnterpriseStep(f"case.{code}", label, "", tuple(sources), target)


@dataclass(frozen=True)
class OfficeStep(Step):
    """A step of an office: by nobody who has a part in the case, and by nobody of a certification body."""

    def permission_refusal(self, row: models.Model, by: User) -> NotAllowed | None:
        assert isinstance(row, Application)  # noqa: S101
        return super().permission_refusal(row, by) or conflict_of(row, by)


def office_step(code: str, label: str, capability: str, sources: Iterable[str], target: str) -> OfficeStep:
    return OfficeStep(f"case.{code}", label, capability, tuple(sources), target)


def conflict_of(application: Application, by: User) -> NoPermission | None:
    """Why `by` is no second pair of eyes here, or None: compared by person, so that a second account is no way round."""
    if by.certification_body:
        return NoPermission("case.body", "您的账号属于认证机构，不参与企业申报的办理，请由其他人员办理。")
    if any(by.is_same_person_as(person) for person in _who_wrote(application)):
        return NoPermission("case.own", "这一件由您填写或提交，须由另一人办理。")
    if _belongs_to_enterprise(application, by):
        return NoPermission("case.own_enterprise", "您是这家企业的成员，这一件须由另一人办理。")
    return None


def _who_wrote(application: Application) -> list[Any]:
    submissions = application.submissions.select_related("by")
    return [application.created_by, application.submitted_by, *(one.by for one in submissions)]


def _belongs_to_enterprise(application: Application, by: User) -> bool:
    same_person = models.Q(user=by)
    if by.person:
        same_person |= models.Q(user__person=by.person)
    members = Membership.objects.active().filter(same_person)
    return members.filter(enterprise__uscc=application.uscc).exists()


def write_act(
    application: Application,
    kind: str,
    side: str,
    *,
    by: User | None = None,
    text: str = "",
    reasons: list[dict[str, Any]] | None = None,
    is_internal: bool = False,
) -> Act:
    """One line of the case's story. `text` is a person's own words or names of fields, never personal data of the case."""
    return Act.objects.create(
        application=application,
        kind=kind,
        side=side,
        text=text,
        reasons=reasons or [],
        is_internal=is_internal,
        office=application.office,
        by=by,
    )


__all__ = [
    "WRITERS",
    "ActKind",
    "EditConflict",
    "EnterpriseStep",
    "Faulty",
    "OfficeStep",
    "Side",
    "State",
    "conflict_of",
    "enterprise_step",
    "may_write",
    "office_step",
    "write_act",
]
