"""The steps of a version: written, sent for review, published by a second person; and the withdrawal of a record."""

import datetime
from collections.abc import Callable
from copy import deepcopy
from types import EllipsisType
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.editions.release import NoLongerCurrentError, release

from . import NoPermission, NotAllowed, Step, locked_row, take
from .records import Identity, Version

Wording = TypeVar("Wording", bound=Version)
Check = Callable[[Any], list[str]]
Then = Callable[[Any], None]


def submit_step(model: type[Version]) -> Step:
    return Step(
        f"{_name(model)}.submitted", "送审", model.EDIT, (Version.State.DRAFT,), Version.State.IN_REVIEW
    )


def send_back_step(model: type[Version]) -> Step:
    return Step(
        f"{_name(model)}.sent_back",
        "退回修改",
        model.REVIEW,
        (Version.State.IN_REVIEW,),
        Version.State.DRAFT,
        needs_reason=True,
    )


def publish_step(model: type[Version]) -> Step:
    return Step(
        f"{_name(model)}.published",
        "发布",
        model.REVIEW,
        (Version.State.IN_REVIEW,),
        Version.State.PUBLISHED,
        not_by=("submitted_by", "created_by"),
        not_by_sentence="这一内容由您编写或送审，须由另一人发布。",
    )


def current_version(model: type[Wording], identity: Identity) -> Wording | None:
    """The version that is public now, whatever day it is due on."""
    return model.objects.current().filter(**{model.IDENTITY: identity}).first()  # type: ignore[return-value]


def new_version(model: type[Wording], identity: Identity, *, by) -> Wording:
    """An unsaved draft that starts from what is public now, or empty. Raises NotAllowed where one is open already."""
    if not by.may(model.EDIT, identity.scope_division):
        raise NoPermission("step.permission", "您的账号没有编写这一内容的权限，请联系管理员授权。")
    if identity.pk and model.objects.open().filter(**{model.IDENTITY: identity}).exists():
        raise NotAllowed("version.open", "这一内容已有一个草稿，请接着改那一个。")
    current = current_version(model, identity) if identity.pk else None
    values = _carried(current) if current else {}
    return model(
        created_by=by, key=identity.key if identity.pk else "", **{model.IDENTITY: identity}, **values
    )


def begin(model: type[Wording], identity: Identity, *, by, prepare: Then | None = None) -> Wording:
    """The same, saved: two who begin at once are told apart. `prepare` may change the draft before."""
    with transaction.atomic():
        _lock_record(identity)
        draft = new_version(model, identity, by=by)
        if prepare is not None:
            prepare(draft)
        draft.save()
    return draft


def submit(
    version: Wording,
    *,
    by,
    checks: Check | None = None,
    reason: str = "",
    then: Then | None = None,
) -> Wording:
    """Send a draft for review. `checks` returns sentences of what is still missing; any of them refuses the step.

    `reason` is for the audit trail alone: why the step was taken in spite of a warning. `then` does what belongs to the
    step in a room, an index above all, while the version is held.
    """

    def sign(locked: Wording) -> None:
        _refuse_faulty(locked, checks)
        locked.submitted_by, locked.submitted_at = by, timezone.now()

    return take(submit_step(type(version)), version, by=by, reason=reason, effect=sign, then=then)


def send_back(version: Wording, *, by, reason: str, then: Then | None = None) -> Wording:
    def unsign(locked: Wording) -> None:
        locked.submitted_by = locked.submitted_at = None

    return take(send_back_step(type(version)), version, by=by, reason=reason, effect=unsign, then=then)


def publish(
    version: Wording,
    *,
    by,
    checks: Check | None = None,
    reason: str = "",
    read_at: datetime.datetime | None = None,
    publish_on: datetime.date | EllipsisType | None = ...,
) -> Wording:
    """Publish what was reviewed as an edition of its own, in place of what was public.

    `checks` are asked once more, since what they look at may have changed since the submission. `read_at` is the
    `submitted_at` on the page that the reviewer read: what was sent back and submitted anew since has to be read anew.
    `publish_on` is the day on which the reviewer wants it read, None for at once; left out, the writer's day stands.
    """

    def seal(locked: Wording) -> None:
        if read_at is not None and read_at != locked.submitted_at:
            raise NotAllowed("version.reread", "这一内容在您打开之后被退回并重新送审过，请重新阅读后再发布。")
        if not isinstance(publish_on, EllipsisType):
            locked.publish_on = publish_on
        _refuse_faulty(locked, checks)
        _lock_record(locked.identity)
        locked.replaces = current_version(type(locked), locked.identity)
        if _waits(locked) and not may_wait(locked):
            raise NotAllowed(
                "version.scheduled", "只有首次发布可以定在以后；更正一经发布立刻生效，请清空发布日期。"
            )
        locked.reviewed_by = by
        locked.key = locked.identity.key
        locked.seal()

    return take(publish_step(type(version)), version, by=by, reason=reason, effect=seal, then=_release)


def discard(version: Version, *, by, reason: str) -> None:
    """Take back a draft that nobody will publish; the audit trail remembers that there was one."""
    model = type(version)
    with transaction.atomic():
        locked = locked_row(version)
        if not by.may(model.EDIT, locked.scope_division):
            raise NoPermission("step.permission", "您的账号没有编写这一内容的权限，请联系管理员授权。")
        if locked.state != Version.State.DRAFT:
            raise NotAllowed("step.state", f"现在的状态是「{locked.get_state_display()}」，不能放弃。")
        if not reason.strip():
            raise NotAllowed("step.reason", "放弃草稿须写明理由。")
        record(f"{_name(model)}.discarded", locked, by=by, reason=reason)
        locked.delete()


def withdraw(model: type[Wording], identity: Identity, *, by, reason: str) -> Wording:
    """Publish a version that says the record is withdrawn and why; its text stays readable."""
    if not by.may(model.REVIEW, identity.scope_division):
        raise NoPermission("step.permission", "您的账号没有撤下这一内容的权限，请联系管理员授权。")
    if not reason.strip():
        raise NotAllowed("step.reason", "撤下须写明理由：公众会看到它。")
    with transaction.atomic():
        _lock_record(identity)
        current = current_version(model, identity)
        if current is None or current.is_withdrawn:
            raise NotAllowed("version.not_public", "这一内容没有发布，或早已撤下。")
        version = model(
            created_by=by,
            reviewed_by=by,
            key=identity.key,
            state=Version.State.PUBLISHED,
            replaces=current,
            is_withdrawn=True,
            change_note=reason.strip()[:300],
            **{model.IDENTITY: identity},
            **_carried(current),
        )
        version.seal()
        version.save()
        edition = _release(version)
        record(f"{_name(model)}.withdrawn", identity, by=by, reason=reason, edition=edition["edition"])
    return version


def _carried(current: Version) -> dict[str, Any]:
    """What the next version starts from. A day that is still to come stays: nobody has read the record yet."""
    values = {name: deepcopy(getattr(current, name)) for name in current.own_fields()}
    return values | ({"publish_on": current.publish_on} if _waits(current) else {})


def may_wait(version: Version) -> bool:
    """Whether this version may be published for a day to come: nobody has read the record yet."""
    current = current_version(type(version), version.identity)
    return current is None or _waits(current)


def _waits(version: Version) -> bool:
    return version.publish_on is not None and version.publish_on > clock.today()


def _refuse_faulty(version: Wording, checks: Check | None) -> None:
    faults = checks(version) if checks else []
    if faults:
        raise NotAllowed("version.incomplete", "；".join(faults))


def _lock_record(identity: Identity) -> None:
    """Hold the record: what is public of it does not change between the look and the release. After the version."""
    type(identity)._base_manager.select_for_update().get(pk=identity.pk)


def _release(version: Version) -> dict:
    try:
        edition = release(
            [type(version).objects.filter(pk=version.pk)], cause=Edition.Cause.RECORD, subject=version.key
        )
    except (NoLongerCurrentError, IntegrityError) as error:
        # Only who publishes without holding the record comes in between: the facts that the project brings.
        raise NotAllowed(
            "version.overtaken",
            "同事刚好先一步更改了这一内容，您的这一步没有办成。请刷新页面，看过现在公开的内容后再办。",
        ) from error
    version.refresh_from_db()
    return {"edition": edition.number}


def _name(model: type[Version]) -> str:
    return model._meta.model_name or ""
