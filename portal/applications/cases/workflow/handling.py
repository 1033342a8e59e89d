"""What offices do with a case short of deciding it: passed on, given to somebody, talked about, looked at again."""

import datetime
import random
from dataclasses import replace
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from portal.applications.cases.cleaning import tidy
from portal.applications.cases.models import Act, Application
from portal.applications.cases.offices import check_office, office_name
from portal.applications.cases.telling import tell_enterprise, tell_office, tell_working_group
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.busy import unless_busy
from portal.core.editions import clock
from portal.core.workflow import NoPermission, NotAllowed, Step, take

from .steps import (
    ActKind,
    OfficeStep,
    Side,
    State,
    conflict_of,
    enterprise_step,
    may_write,
    office_step,
    write_act,
)

HANDLE = "cases.handle"
SUPPORT = "cases.support"
UNDER_WAY = (State.SUBMITTED, State.RETURNED)
HANDED_IN = (State.SUBMITTED, State.RETURNED, State.APPROVED, State.REJECTED, State.WITHDRAWN)
LONGEST_TEXT = 2000
MOST_DRAWN = 100
LOOKED_AT_FOR = datetime.timedelta(minutes=15)
SAID_FOR = datetime.timedelta(minutes=1)
FAVOURABLE, UNFAVOURABLE = "favourable", "unfavourable"
ASSIGNED_TO = "assigned_to"
SOUND, UNSOUND = "sound", "unsound"
HELPER, HELPS = "helper", "support"  # marks a message of the support institution, which decides nothing


class OpinionStep(OfficeStep):
    """The opinion of the region that is asked: by its own officers, not by whoever may everything everywhere."""

    def permission_refusal(self, row: models.Model, by: User) -> NotAllowed | None:
        assert isinstance(row, Application)  # noqa: S101 - steps of this room are taken on cases
        is_officer = by.scopes(HANDLE) is not None and by.may(HANDLE, row.opinion_division)
        if not row.opinion_division or not is_officer:
            return NoPermission("case.opinion", "这一件没有征求您所在地区的意见，不能填写。")
        return conflict_of(row, by)


def pass_on(application: Application, *, by: User, office: str, reason: str) -> Application:
    """To another office ("" is the working group), with a reason that both sides read. The clock runs on."""
    text = _text(reason)
    check_office(office)

    def move(locked: Application) -> dict[str, Any]:
        if office == locked.office:
            raise NotAllowed("case.same_office", "这一件现在就在那里办理，请选择另一个单位。")
        former = locked.office
        locked.office, locked.assigned_to = office, None
        locked.viewed_by = locked.viewed_at = None
        told = f"{office_name(former)} → {office_name(office)}：{text}"
        tell_enterprise(locked, write_act(locked, ActKind.PASSED, Side.OFFICE, by=by, text=told))
        return {"office": office, "from": former}

    step = replace(_standing("passed", "转办", application, UNDER_WAY), needs_reason=True)
    return take(step, application, by=by, reason=text, effect=move)


def assign(application: Application, *, by: User, to: User | None) -> Application:
    """Give the case to an account that could decide it, or to nobody (None)."""

    def give(locked: Application) -> dict[str, Any]:
        if to is not None:
            if not to.may("cases.decide", locked.scope_division):
                raise NotAllowed("case.assignee", "这个账号不能审核本件，请选择另一位。")
            if refusal := conflict_of(locked, to):
                raise NotAllowed("case.assignee", f"不能分派给这个账号：{refusal.sentence}")
        if (to.pk if to else None) == locked.assigned_to_id:
            raise NotAllowed("case.assigned_already", "已经是这样分派的了，请刷新页面。")
        locked.assigned_to = to
        marks = [_mark(ASSIGNED_TO, str(to.pk))] if to is not None else []
        write_act(locked, ActKind.ASSIGNED, Side.OFFICE, by=by, reasons=marks, is_internal=True)
        return {"to": to.pk if to else None}

    return take(_standing("assigned", "分派", application, UNDER_WAY), application, by=by, effect=give)


def look_at(application: Application, *, by: User) -> Application:
    """Say that `by` has the case open, unless somebody else has; `viewed_by` tells whom to ask first.

    Said at most once a minute, and not at all where that would have to wait: it is a hint.
    """
    if application.state != State.SUBMITTED or not by.may(HANDLE, application.scope_division):
        return application
    now = timezone.now()
    mine = models.Q(viewed_by=by, viewed_at__lt=now - SAID_FOR)
    nobodys = models.Q(viewed_at__isnull=True) | models.Q(viewed_at__lt=now - LOOKED_AT_FOR)
    free = Application.objects.filter(mine | nobodys, pk=application.pk, state=State.SUBMITTED)
    if free.exists():
        unless_busy(lambda: free.update(viewed_by=by, viewed_at=now))
    application.refresh_from_db(fields=["viewed_by", "viewed_at"])
    return application


def is_looked_at_by_other(application: Application, by: User) -> bool:
    viewed_at = application.viewed_at
    if viewed_at is None or application.viewed_by_id == by.pk:
        return False
    return viewed_at > timezone.now() - LOOKED_AT_FOR


def say(application: Application, *, by: User, text: str, is_internal: bool = False) -> Act:
    """A message between the enterprise and the office, or a note that only offices read."""
    words = _text(text)
    is_enterprise = may_write(application, by)
    if is_enterprise and is_internal:
        raise NotAllowed("case.note", "内部备注只由办理单位填写。")
    kind = ActKind.NOTE if is_internal else ActKind.MESSAGE
    side = Side.ENTERPRISE if is_enterprise else Side.OFFICE
    is_help = not is_internal and not is_enterprise and is_helping(application, by)
    marks = [_mark(HELPER, HELPS)] if is_help else []
    written: list[Act] = []

    def write(locked: Application) -> None:
        act = write_act(locked, kind, side, by=by, text=words, is_internal=is_internal, reasons=marks)
        written.append(act)
        (tell_office if is_enterprise else tell_enterprise)(locked, act)

    label = kind.label
    step: Step = _standing(kind.value, label, application, HANDED_IN)
    if is_help:
        step = Step(step.code, label, SUPPORT, step.sources, step.target)
    if is_enterprise:
        step = enterprise_step(kind.value, label, step.sources, step.target)
    take(step, application, by=by, effect=write)
    return written[0]


def is_helping(application: Application, by: User) -> bool:
    """Whether `by` is of the support institution, and the enterprise asks for its help."""
    return application.wants_support and by.may(SUPPORT) and not by.may(HANDLE, application.scope_division)


def give_opinion(application: Application, *, by: User, is_favourable: bool, text: str = "") -> Application:
    """What the region thinks of a case that the working group decides; against needs its grounds."""
    if not is_favourable and not text.strip():
        raise NotAllowed("case.text", "不同意的，请写明理由，推进组要据此判断。")
    words = _text(text) if text.strip() else ""

    def write(locked: Application) -> dict[str, Any]:
        last = locked.acts.filter(kind=ActKind.SUBMITTED).order_by("-pk").first()
        given = locked.acts.filter(kind=ActKind.OPINION, pk__gt=last.pk if last else 0)
        if given.exists():
            raise NotAllowed("case.opinion_given", "这一次提交的地区意见已经填写过了，请刷新页面。")
        code = FAVOURABLE if is_favourable else UNFAVOURABLE
        write_act(locked, ActKind.OPINION, Side.OFFICE, by=by, text=words, reasons=[_mark("opinion", code)])
        return {"opinion": code}

    step = OpinionStep("case.opinion", "填写地区意见", HANDLE, (State.SUBMITTED,), State.SUBMITTED)
    return take(step, application, by=by, effect=write)


def draw_recheck(
    *,
    by: User,
    count: int = 0,
    percent: int = 0,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> list[Application]:
    """Draw approved cases at random for a second look by somebody who did not decide them.

    `count` of them, or `percent` of those decided from `since` to `until` (days in Shanghai, inclusive), rounded up.
    """
    if not by.may("cases.decide"):
        raise NoPermission("step.permission", "您的账号没有抽取复核的权限，请联系管理员授权。")
    if not (0 < count <= MOST_DRAWN or 0 < percent <= 100):
        raise NotAllowed("case.count", f"一次抽取 1 至 {MOST_DRAWN} 件，或 1 至 100%。")
    with transaction.atomic():
        seen = Act.objects.filter(kind=ActKind.RECHECKED).values("application")
        eligible = Application.objects.filter(state=State.APPROVED, is_recheck=False).exclude(pk__in=seen)
        if since is not None:
            eligible = eligible.filter(decided_at__gte=clock.end_of(since - datetime.timedelta(days=1)))
        if until is not None:
            eligible = eligible.filter(decided_at__lt=clock.end_of(until))
        keys = list(eligible.values_list("pk", flat=True))
        count = count or min(MOST_DRAWN, -(-len(keys) * percent // 100))
        drawn = random.SystemRandom().sample(keys, min(count, len(keys)))
        Application.objects.filter(pk__in=drawn).update(is_recheck=True)
        record("case.recheck_drawn", by=by, cases=drawn)
    return list(Application.objects.filter(pk__in=drawn).order_by("pk"))


def record_recheck(application: Application, *, by: User, is_sound: bool, text: str = "") -> Application:
    """What the second look found; what is unsound is put right by a case or a batch of its own."""
    if not is_sound and not text.strip():
        raise NotAllowed("case.text", "复核发现问题的，请写明是什么问题、怎样处理。")
    words = _text(text) if text.strip() else ""

    def write(locked: Application) -> dict[str, Any]:
        if not locked.is_recheck:
            raise NotAllowed("case.not_drawn", "这一件没有抽中复核，或已经复核过。")
        if by.is_same_person_as(locked.decided_by):
            raise NoPermission("step.same_person", "这一件由您办结，须由另一人复核。")
        locked.is_recheck = False
        code = SOUND if is_sound else UNSOUND
        act = write_act(
            locked,
            ActKind.RECHECKED,
            Side.OFFICE,
            by=by,
            text=words,
            reasons=[_mark("recheck", code)],
            is_internal=True,
        )
        if not is_sound:
            tell_working_group(locked, act)
        return {"recheck": code}

    step = office_step("rechecked", "复核", "cases.decide", [State.APPROVED], State.APPROVED)
    return take(step, application, by=by, effect=write)


def _standing(code: str, label: str, application: Application, sources: tuple[str, ...]) -> OfficeStep:
    """A step that leaves the state as it is; refused where the state moved since the page was read."""
    allowed = (application.state,) if application.state in sources else ()
    return office_step(code, label, HANDLE, allowed, application.state)


def _mark(field: str, code: str) -> dict[str, Any]:
    return {"field": field, "code": code, "text": "", "item": None}


def _text(text: str) -> str:
    words = tidy(text)
    if not words:
        raise NotAllowed("case.text", "请写下内容，不能空着。")
    if len(words) > LONGEST_TEXT:
        raise NotAllowed("case.text", f"最多 {LONGEST_TEXT:,} 个字，现在有 {len(words):,} 个，请缩短。")
    return words
