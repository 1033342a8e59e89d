"""What the enterprise does with a finished draft: hands it in, takes it back, asks for help with it."""

import datetime
import hashlib
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.cleaning import tidy
from portal.applications.cases.completeness import Missing, missing
from portal.applications.cases.models import OPEN_STATES, Application, ApplicationKind, ItemState, Submission
from portal.applications.cases.offices import WORKING_GROUP, office_of_new, staffed_region
from portal.applications.cases.telling import tell_owners_of_dispute
from portal.applications.privacy.consents import give_consent, withdraw_all
from portal.applications.privacy.texts import SUPPORT_SHARING
from portal.core.accounts.models import User
from portal.core.editions import clock
from portal.core.editions.digest import canonical
from portal.core.workflow import NotAllowed, take

from .steps import ActKind, EditConflict, Side, State, enterprise_step, write_act

SUBMIT = enterprise_step("submitted", "提交", [State.DRAFT, State.RETURNED], State.SUBMITTED)
WITHDRAW = enterprise_step("withdrawn", "撤回", [State.SUBMITTED, State.RETURNED], State.WITHDRAWN)
WITHDRAWABLE_FOR = datetime.timedelta(minutes=10)
LONGEST_REASON = 500

__all__ = ["Missing", "ask_support", "missing", "submit", "withdraw"]


def submit(application: Application, *, by: User, revision: int) -> Application:
    """Hand the draft in: what stands in it now is kept as a Submission, and the clock begins anew.

    Raises NotAllowed with every sentence of `missing`, where the same matter is under review already, and EditConflict.
    """

    def hand_in(locked: Application) -> None:
        if revision != locked.revision:
            raise EditConflict(Application.objects.get(pk=locked.pk))
        if locked.kind == ApplicationKind.REGISTER:
            locked.enterprise = Enterprise.objects.filter(uscc=locked.uscc).first()
        _drop_lines_of_whole(locked)
        _refuse_incomplete(locked)
        _refuse_twin(locked)
        is_first, now = locked.submitted_at is None, timezone.now()
        locked.submitted_by, locked.submitted_at, locked.clock_on = by, now, clock.day_of(now)
        locked.saved_at = now
        if is_first:
            locked.office, locked.opinion_division = office_of_new(locked)
        elif staffed_region(locked.office) != locked.office:
            locked.office = WORKING_GROUP  # its last officer has gone
        is_letter = locked.kind == ApplicationKind.COMMITMENT
        locked.withdrawable_until = now + WITHDRAWABLE_FOR if is_letter else None
        locked.viewed_by = locked.viewed_at = locked.returned_at = None
        locked.revision += 1

    def keep(locked: Application) -> dict[str, Any]:
        locked.items.filter(state=ItemState.RETURNED).update(state=ItemState.PENDING)
        submission = keep_submission(locked, by=by)
        write_act(locked, ActKind.SUBMITTED, Side.ENTERPRISE, by=by)
        _note_dispute(locked)
        return {"ordinal": submission.ordinal, "digest": submission.digest}

    try:
        return take(SUBMIT, application, by=by, effect=hand_in, then=keep)
    except IntegrityError as error:
        # The twin was handed in between the look and the save.
        raise _twin_refusal() from error


def withdraw(application: Application, *, by: User, reason: str = "") -> Application:
    """Take a case back before it is decided; what was decided of it already stays decided."""
    reason = tidy(reason)
    if len(reason) > LONGEST_REASON:
        raise NotAllowed("case.text", f"撤回的说明最多 {LONGEST_REASON} 个字，请缩短。")

    def close(locked: Application) -> None:
        locked.withdrawable_until = None
        locked.saved_at = timezone.now()
        locked.viewed_by = locked.viewed_at = None

    def tell(locked: Application) -> None:
        write_act(locked, ActKind.WITHDRAWN, Side.ENTERPRISE, by=by, text=reason)

    # A person's own words stay in the act, where an erasure reaches them; the audit trail is never redacted.
    return take(WITHDRAW, application, by=by, effect=close, then=tell)


def ask_support(application: Application, *, by: User, wanted: bool) -> Application:
    """「请支持机构协助」: the support institution may read the case while this is on. Off again at any time,
    also when the case is decided.

    What is shared names persons, so each turn is a consent to the text beside the button, or its withdrawal.
    """
    allowed = OPEN_STATES if wanted else list(State)
    sources = [application.state] if application.state in allowed else []
    label = "请支持机构协助" if wanted else "不再请支持机构协助"
    step = enterprise_step("support_on" if wanted else "support_off", label, sources, application.state)

    def turn(locked: Application) -> None:
        if locked.wants_support == wanted:
            raise NotAllowed("case.support_same", "已经是这样了，请刷新页面。")
        locked.wants_support = wanted
        kind = ActKind.SUPPORT_ON if wanted else ActKind.SUPPORT_OFF
        write_act(locked, kind, Side.ENTERPRISE, by=by)
        about = f"case:{locked.number}"
        if wanted:
            give_consent(by, SUPPORT_SHARING, by=by, about=about)
        else:
            withdraw_all(SUPPORT_SHARING, about=about, by=by)

    return take(step, application, by=by, effect=turn)


def keep_submission(application: Application, *, by: User) -> Submission:
    """What is under review from now on: the values, the open product lines, the papers; and one digest over them."""
    items = [
        {
            "id": item.pk,
            "name": item.name,
            "models_text": item.models_text,
            "brand": item.brand,
            "category": item.category_id,
            "product": item.product_id,
        }
        for item in application.items.filter(state=ItemState.PENDING)
    ]
    documents = [
        {
            "id": document.pk,
            "purpose": document.purpose,
            "sha256": document.file.sha256,
            "name": document.file.name,
            "pages": document.pages,
        }
        for document in application.documents.standing().select_related("file")
    ]
    said = {"values": application.values, "items": items, "documents": documents}
    # Names of files may be names of persons, and then have to be forgotten some day: no digest rests on them. It rests on
    # the ordinal, so that a page of an earlier submission decides nothing, even where only a contact was changed since.
    nameless = [{key: value for key, value in document.items() if key != "name"} for document in documents]
    ordinal = application.submissions.count() + 1
    return Submission.objects.create(
        application=application,
        ordinal=ordinal,
        by=by,
        personal=application.personal or None,
        digest=hashlib.sha256(canonical(said | {"documents": nameless, "ordinal": ordinal})).hexdigest(),
        **said,
    )


def _drop_lines_of_whole(application: Application) -> None:
    """Whoever leaves the lists as a whole has no line to be decided by itself, whatever was ticked before."""
    if application.kind == ApplicationKind.WITHDRAW and application.values.get("scope") == "enterprise":
        application.items.filter(state__in=[ItemState.PENDING, ItemState.RETURNED]).delete()


def _refuse_incomplete(application: Application) -> None:
    lacking = missing(application)
    if lacking:
        raise NotAllowed("case.incomplete", "".join(one.sentence for one in lacking))


def _refuse_twin(application: Application) -> None:
    same = Application.objects.filter(
        uscc=application.uscc, kind=application.kind, target=application.target, state=State.SUBMITTED
    )
    if same.exclude(pk=application.pk).exists():
        raise _twin_refusal()


def _twin_refusal() -> NotAllowed:
    return NotAllowed(
        "case.twin",
        "同一企业的同一事项已有一件正在审核，请等它办结，或先撤回那一件；您填写的内容仍保存在草稿里。",
    )


def _note_dispute(application: Application) -> None:
    """A claim on an enterprise that has an owner is a dispute, and the owner is told of it, not of who claims."""
    if application.kind != ApplicationKind.REGISTER or application.enterprise is None:
        return
    owners = Membership.objects.active().filter(enterprise=application.enterprise, role=Membership.Role.OWNER)
    is_disputed = owners.exists()
    if is_disputed and not application.is_disputed:
        application.is_disputed = True
        application.save(update_fields=["is_disputed"])
        write_act(application, ActKind.DISPUTED, Side.SYSTEM, text="该企业已有管理人，本件按争议办理。")
        tell_owners_of_dispute(application)
