"""The story of a case, dated, from its first submission to the list that shows what came of it."""

import datetime
from dataclasses import dataclass, field, replace

from django.urls import reverse

from catalog.publication.models import Batch, BatchEntry, ProductLine
from events.commitments.models import LetterVersion, Signatory
from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent, Change
from portal.core.editions import clock

from .models import Act, ActKind, Application, ApplicationKind, Side
from .offices import SUPPORT_WORDS, Offices
from .reasons import words_of_reason
from .sources import source_of

NUMBERS_SHOWN = 5
_ASSIGNED = "assigned_to"
_MARKED = ("opinion", "recheck")
_HELPER = "helper"
_NO_FIELD = (*_MARKED, _ASSIGNED, _HELPER)
_MARKS = {"favourable": "同意", "unfavourable": "不同意", "sound": "复核无误", "unsound": "复核发现问题"}


@dataclass(frozen=True)
class Event:
    """One line. `on` is the day in Shanghai, `at` the moment where it is known; `details` are sentences below it."""

    on: datetime.date
    words: str
    at: datetime.datetime | None = None
    who: str = ""
    details: list[str] = field(default_factory=list)
    href: str = ""

    @property
    def detail(self) -> str:
        return "；".join(self.details)


def timeline(application: Application, *, for_office: bool) -> list[Event]:
    """Oldest first. The enterprise reads offices where offices read persons, and no internal notes."""
    queryset = application.acts.select_related("by")
    acts = list(queryset if for_office else queryset.filter(is_internal=False))
    offices = Offices()
    events = [_of_act(act, offices, application.kind, for_office=for_office) for act in acts]
    events = _naming_assignees(events, acts)
    events += _of_batches(application)
    if application.kind == ApplicationKind.COMMITMENT:
        events += _of_letter(application)
    return sorted(events, key=_moment)


def _moment(event: Event) -> tuple[datetime.date, datetime.datetime]:
    return event.on, event.at or clock.end_of(event.on)


def _of_act(act: Act, offices: Offices, kind: str, *, for_office: bool) -> Event:
    is_person_named = for_office or act.side == Side.ENTERPRISE
    who = str(act.by or "") if is_person_named else _office_of(act, offices)
    marks = [_MARKS[reason["code"]] for reason in act.reasons if reason["field"] in _MARKED]
    reasons = [words_of_reason(kind, reason) for reason in act.reasons if reason["field"] not in _NO_FIELD]
    details = [*marks, *reasons, *([act.text] if act.text else [])]
    words = ActKind(act.kind).label
    return Event(clock.day_of(act.at), words, act.at, who if act.side != Side.SYSTEM else "", details)


def _office_of(act: Act, offices: Offices) -> str:
    """Advice of the support institution is not taken for a word of the office that decides."""
    is_helper = any(reason["field"] == _HELPER for reason in act.reasons)
    return SUPPORT_WORDS if is_helper else offices.of(act.office).name


def _naming_assignees(events: list[Event], acts: list[Act]) -> list[Event]:
    """Acts keep the number of an account; its name is whatever it is called now."""
    keys = {
        act.pk: int(act.reasons[0]["code"]) for act in acts if act.kind == ActKind.ASSIGNED and act.reasons
    }
    if not keys:
        return events
    users = {user.pk: str(user) for user in User.objects.filter(pk__in=keys.values())}
    return [
        replace(event, details=[f"由 {users.get(keys[act.pk], '')} 承办"]) if act.pk in keys else event
        for event, act in zip(events, acts, strict=True)
    ]


def _of_batches(application: Application) -> list[Event]:
    """What became of the entries that the approval made."""
    entries = BatchEntry.objects.filter(source=source_of(application))
    batches = list(
        Batch.objects.filter(pk__in=entries.values("batch"))
        .select_related("edition", "cancelled_edition")
        .order_by("pk")
    )
    if not batches:
        return []
    decided = application.acts.filter(kind__in=[ActKind.APPROVED, ActKind.ITEMS_DECIDED])
    decided_at = decided.order_by("-pk").values_list("at", flat=True)[0]
    return [event for batch in batches for event in _of_batch(application, batch, decided_at)]


def _of_batch(application: Application, batch: Batch, decided_at: datetime.datetime) -> list[Event]:
    href = ""
    if batch.notice_edition_id or batch.edition_id:
        href = reverse("batches:detail", args=[batch.slug])
    under_way = batch.state in (Batch.State.DRAFT, Batch.State.SUBMITTED)
    state = [batch.get_state_display()] if under_way else []
    words = f"编入{batch.title}（{batch.slug}）"
    events = [Event(clock.day_of(decided_at), words, decided_at, details=state, href=href)]
    if batch.notice_from and batch.notice_until:
        words = f"批次 {batch.slug} 公示至 {batch.notice_until.isoformat()}"
        events.append(Event(batch.notice_from, words, href=href))
    if batch.state == Batch.State.CANCELLED:
        events += _cancelled(batch, href)
    if batch.edition is not None:
        details = _numbers(application, batch)
        at = batch.edition.at
        events.append(Event(clock.day_of(at), f"批次 {batch.slug} 公布", at, details=details, href=href))
    return events


def _cancelled(batch: Batch, href: str) -> list[Event]:
    """Why a batch was given up is public only where its notice was."""
    said = AuditEvent.objects.filter(
        step__in=["batch.cancelled", "batch.notice_stopped"], target_id=str(batch.pk), is_success=True
    )
    moment = said.values_list("at", flat=True).last()
    if moment is None:
        return []
    details = [batch.cancelled_reason] if batch.cancelled_edition_id else []
    words = f"批次 {batch.slug} 已取消，办理单位会编入另一批"
    return [Event(clock.day_of(moment), words, moment, details=details, href=href)]


def _numbers(application: Application, batch: Batch) -> list[str]:
    """The numbers under which the products of this case stand on the list."""
    entries = BatchEntry.objects.filter(source=source_of(application), batch=batch, product__isnull=False)
    lines = ProductLine.objects.filter(batch=batch, product__in=entries.values("product")).order_by(
        "position"
    )
    numbers = list(lines.values_list("number", flat=True))
    if not numbers:
        return []
    shown = "、".join(numbers[:NUMBERS_SHOWN])
    more = f" 等 {len(numbers)} 个" if len(numbers) > NUMBERS_SHOWN else ""
    return [f"清单编号 {shown}{more}"]


def _of_letter(application: Application) -> list[Event]:
    """The letter is found by the before-image that its signatory left."""
    changes = Change.objects.filter(
        source=source_of(application), target=Signatory._meta.label_lower, is_created=True
    )
    signatories = [int(key) for key in changes.values_list("target_id", flat=True)]
    letters = Signatory.objects.filter(pk__in=signatories).values("letter")
    versions = LetterVersion.objects.filter(letter__in=letters, from_edition__isnull=False)
    first = versions.select_related("from_edition").order_by("from_edition_id").first()
    if first is None or first.from_edition is None:
        return []
    at = first.from_edition.at
    href = reverse("commitments:letter", args=[first.letter_id])
    return [Event(clock.day_of(at), "承诺书公开", at, href=href)]
