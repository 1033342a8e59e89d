"""What an office decides: returned, rejected, approved, or line by line. Each case once, by a second pair of eyes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from portal.applications import effects
from portal.applications.cases.cleaning import tidy
from portal.applications.cases.models import Application, ApplicationKind, Item, ItemState, Submission
from portal.applications.cases.reasons import Reason, check_reasons
from portal.applications.cases.telling import tell_enterprise
from portal.applications.cases.workflow.steps import ActKind, OfficeStep, Side, State, office_step, write_act
from portal.applications.review.checks import errors_of, machine_checks
from portal.applications.review.findings import Finding, as_kept
from portal.core.accounts.models import User
from portal.core.workflow import NotAllowed, take

CAPABILITY = "cases.decide"
RETURN = office_step("returned", "退回补正", CAPABILITY, [State.SUBMITTED], State.RETURNED)
REJECT = office_step("rejected", "不予通过", CAPABILITY, [State.SUBMITTED, State.RETURNED], State.REJECTED)
CLOSE = office_step("closed", "不予通过其余产品", CAPABILITY, REJECT.sources, State.APPROVED)
APPROVE = office_step("approved", "通过", CAPABILITY, [State.SUBMITTED], State.APPROVED)
DECIDE_ITEMS = office_step("items_decided", "逐项审核", CAPABILITY, [State.SUBMITTED], State.RETURNED)
REFUSE_ITEMS = office_step("rejected", "不予通过", CAPABILITY, [State.SUBMITTED], State.REJECTED)
WITH_LINES = (ApplicationKind.PRODUCT, ApplicationKind.RENEWAL, ApplicationKind.WITHDRAW)
LONGEST_TEXT = 2000
OPEN_LINES = (ItemState.PENDING, ItemState.RETURNED)


@dataclass(frozen=True)
class ItemDecision:
    """What becomes of one product line; a returned or rejected one says why."""

    state: str
    reasons: list[Reason] = field(default_factory=list)


def send_back(
    application: Application, *, by: User, reasons: list[Reason], text: str = "", digest: str = ""
) -> Application:
    """Back to the enterprise, which reads the fields and reasons. A reason with an `item` marks that line."""
    kept = check_reasons(application.kind, reasons)
    text = _checked(text)
    found = as_kept(machine_checks(application))

    def give_back(locked: Application) -> None:
        _refuse_unread(locked, digest)
        locked.findings = found
        locked.returned_at = timezone.now()
        _leave(locked)
        _mark_lines(locked, kept)

    def tell(locked: Application) -> None:
        act = write_act(locked, ActKind.RETURNED, Side.OFFICE, by=by, text=text, reasons=kept)
        tell_enterprise(locked, act)

    return take(RETURN, application, by=by, reason=text, effect=give_back, then=tell)


def reject(
    application: Application, *, by: User, reasons: list[Reason], text: str = "", digest: str = ""
) -> Application:
    """For good. Where some products were approved before, only the rest is rejected, and the case is done."""
    kept = check_reasons(application.kind, reasons)
    text = _checked(text)
    step = _ending_of(application)
    found = as_kept(machine_checks(application))

    def close(locked: Application) -> None:
        _refuse_unread(locked, digest)
        locked.findings = found
        _refuse_moved(step, _ending_of(locked))
        locked.items.filter(state__in=OPEN_LINES).update(state=ItemState.REJECTED, reasons=kept)
        _end(locked, by)

    def tell(locked: Application) -> None:
        act = write_act(locked, ActKind.REJECTED, Side.OFFICE, by=by, text=text, reasons=kept)
        tell_enterprise(locked, act)

    return take(step, application, by=by, reason=text, effect=close, then=tell)


def approve(
    application: Application,
    *,
    by: User,
    text: str = "",
    items: dict[int, ItemDecision] | None = None,
    uscc_override: str = "",
    keep_owner: bool = False,
    digest: str,
    findings: list[Finding] | None = None,
) -> Application:
    """Do what was handed in, as it was read: `digest` names the submission.

    Product lines are all approved but those that `items` (by their keys) returns or rejects. With a returned one the
    case waits for its correction; the approved ones are done and locked. `findings` are what a machine found, where the
    caller has asked. Raises NotAllowed, and then nothing happened.
    """
    text = _checked(text)
    verdicts = _verdicts(application, items or {})
    step = _step_for(application, verdicts)
    found = as_kept(machine_checks(application) if findings is None else findings)

    def decide(locked: Application) -> dict[str, Any]:
        # Elsewhere an empty digest asks nothing; nobody approves what is not said to have been read.
        submission = _refuse_unread(locked, digest or "unread")
        locked.findings = found
        # The step was chosen before the row was locked: a line may have been decided in between.
        _refuse_moved(step, _step_for(locked, verdicts))
        _leave(locked)
        if step is DECIDE_ITEMS:
            locked.returned_at = timezone.now()
        else:
            _end(locked, by)
        lines = _decide_lines(locked, verdicts)
        if step is REFUSE_ITEMS:
            return {}
        decision = effects.Decision(locked, submission, by, lines, tidy(uscc_override), keep_owner)
        return effects.apply(decision) if lines or not verdicts else {}

    def tell(locked: Application) -> None:
        _write_decision(locked, step, verdicts, by=by, text=text)

    try:
        return take(step, application, by=by, reason=text, effect=decide, then=tell)
    except IntegrityError as error:
        raise NotAllowed(
            "case.collided", "同一企业、证书或产品刚被别人改动，本件没有通过。请刷新页面核对后再办。"
        ) from error


def decide_many(
    applications: Iterable[Application],
    *,
    by: User,
    decision: str,
    reasons: list[Reason],
    text: str,
    digests: Mapping[int, str] | None = None,
) -> list[tuple[Application, NotAllowed | None]]:
    """One decision ("approve", "return" or "reject") on many cases, each by itself: a refused one stops no other.

    `digests` names by the key of the case the submission that was listed; a newer one is refused. What a machine found
    an error in is not approved in passing.
    """
    outcomes: list[tuple[Application, NotAllowed | None]] = []
    for application in applications:
        try:
            digest = (digests or {}).get(application.pk, "")
            outcomes.append((_decide_one(application, by, decision, reasons, text, digest), None))
        except NotAllowed as refusal:
            outcomes.append((application, refusal))
    return outcomes


def _decide_one(
    application: Application, by: User, decision: str, reasons: list[Reason], text: str, digest: str
) -> Application:
    if decision == "return":
        return send_back(application, by=by, reasons=reasons, text=text, digest=digest)
    if decision == "reject":
        return reject(application, by=by, reasons=reasons, text=text, digest=digest)
    if decision != "approve":
        raise NotAllowed("case.decision", "请选择通过、退回补正或不予通过。")
    newest = newest_submission(application)
    if application.is_disputed:
        raise NotAllowed("case.look_closer", "企业已有管理人，本件是争议，须打开逐件办理。")
    findings = machine_checks(application)
    if errors := errors_of(findings):
        raise NotAllowed("case.look_closer", f"机器核对发现问题，须打开逐件办理：{errors[0].sentence}")
    digest = digest or (newest.digest if newest else "")
    return approve(application, by=by, text=text, digest=digest, findings=findings)


def newest_submission(application: Application) -> Submission | None:
    return application.submissions.order_by("-ordinal").first()


# -- parts of a decision -------------------------------------------------------------------------------------------------


def _verdicts(application: Application, items: dict[int, ItemDecision]) -> dict[int, ItemDecision]:
    """The decision on every line that is under review, by its key."""
    if application.kind not in WITH_LINES:
        if items:
            raise NotAllowed("case.no_items", "这种申报没有逐项审核的产品。")
        return {}
    pending = list(application.items.filter(state=ItemState.PENDING).values_list("pk", flat=True))
    if not set(items) <= set(pending):
        raise NotAllowed("case.item_decided", "有产品已经审核过，或不在本件中，请刷新页面后再办。")
    for verdict in items.values():
        if verdict.state not in (ItemState.APPROVED, ItemState.RETURNED, ItemState.REJECTED):
            raise NotAllowed("case.item_state", "每个产品只能通过、退回或不予通过。")
        if verdict.state != ItemState.APPROVED:
            check_reasons(application.kind, verdict.reasons)
    return {key: items.get(key) or ItemDecision(ItemState.APPROVED) for key in pending}


def _step_for(application: Application, verdicts: dict[int, ItemDecision]) -> OfficeStep:
    """Returned while a line is; approved once any line of the case is; else rejected."""
    states = {verdict.state for verdict in verdicts.values()}
    if ItemState.RETURNED in states:
        return DECIDE_ITEMS
    was_approved = application.items.filter(state=ItemState.APPROVED).exists()
    if states == {ItemState.REJECTED} and not was_approved:
        return REFUSE_ITEMS
    return APPROVE


def _ending_of(application: Application) -> OfficeStep:
    return CLOSE if application.items.filter(state=ItemState.APPROVED).exists() else REJECT


def _refuse_moved(step: OfficeStep, fitting: OfficeStep) -> None:
    """The step was chosen before the case was held: a colleague may have decided some lines since."""
    if step is not fitting:
        raise NotAllowed("case.item_decided", "有产品刚被同事审核过，请刷新页面后再办。")


def _decide_lines(application: Application, verdicts: dict[int, ItemDecision]) -> list[Item]:
    """Save the verdicts; the lines that are approved now. Raises NotAllowed where they were decided meanwhile."""
    pending = {item.pk: item for item in application.items.filter(state=ItemState.PENDING)}
    if application.kind in WITH_LINES and pending.keys() != verdicts.keys():
        raise NotAllowed("case.item_decided", "有产品已经审核过，请刷新页面后再办。")
    for key, verdict in verdicts.items():
        pending[key].state, pending[key].reasons = verdict.state, _kept(verdict)
    approved = [item for item in pending.values() if item.state == ItemState.APPROVED]
    others = [item for item in pending.values() if item.state != ItemState.APPROVED]
    Item.objects.filter(pk__in=[item.pk for item in approved]).update(state=ItemState.APPROVED, reasons=[])
    Item.objects.bulk_update(others, ["state", "reasons"], batch_size=500)
    return approved


def _kept(verdict: ItemDecision) -> list[dict[str, Any]]:
    return [{**reason.as_dict(), "text": tidy(reason.text)} for reason in verdict.reasons]


def _mark_lines(application: Application, reasons: list[dict[str, Any]]) -> None:
    named = {reason["item"] for reason in reasons if reason["item"] is not None}
    items = list(application.items.filter(pk__in=named, state=ItemState.PENDING))
    if len(items) != len(named):
        raise NotAllowed("case.item_decided", "有产品已经审核过，或不在本件中，请刷新页面后再办。")
    for item in items:
        item.state = ItemState.RETURNED
        item.reasons = [reason for reason in reasons if reason["item"] == item.pk]
    Item.objects.bulk_update(items, ["state", "reasons"], batch_size=500)


def _write_decision(
    application: Application, step: OfficeStep, verdicts: dict[int, ItemDecision], *, by: User, text: str
) -> None:
    kind = {DECIDE_ITEMS.target: ActKind.ITEMS_DECIDED, REFUSE_ITEMS.target: ActKind.REJECTED}.get(
        step.target, ActKind.APPROVED
    )
    reasons = [{**reason, "item": key} for key, verdict in verdicts.items() for reason in _kept(verdict)]
    act = write_act(application, kind, Side.OFFICE, by=by, text=text, reasons=reasons)
    tell_enterprise(application, act)


def _refuse_unread(application: Application, digest: str) -> Submission:
    """The submission that is decided on. An empty digest asks nothing: for decisions that take nothing over."""
    submission = newest_submission(application)
    assert submission is not None  # noqa: S101 - a submitted case has one
    if digest and digest != submission.digest:
        raise NotAllowed("case.reread", "这一件在您打开之后又提交过，请重新阅读后再决定。")
    return submission


def _end(application: Application, by: User) -> None:
    application.decided_by, application.decided_at = by, timezone.now()
    _leave(application)


def _leave(application: Application) -> None:
    """Nobody is looking at it any more."""
    application.viewed_by = application.viewed_at = None


def _checked(text: str) -> str:
    words = tidy(text)
    if len(words) > LONGEST_TEXT:
        raise NotAllowed("case.text", f"说明最多 {LONGEST_TEXT:,} 个字，请缩短。")
    return words
