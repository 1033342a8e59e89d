"""「核查中」: one publisher alone may say at once that something is being looked into, for at most 72 hours."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.editions.release import lock_editions, release_record
from portal.core.text.normalise import clean
from portal.core.text.numbers import format_number
from portal.core.workflow import NoPermission, NotAllowed

from ..compiling.compile import Target
from ..models import CertificateLine, EnterpriseLine, Hold, ProductLine


def latest_day(now: datetime.datetime | None = None) -> datetime.date:
    """The last whole day that ends within the allowed hours from now. A hold ends with a day, so that pages change at midnight."""
    limit = (now or timezone.now()) + datetime.timedelta(hours=settings.HOLD_HOURS)
    return clock.day_of(limit) - datetime.timedelta(days=1)


def set_hold(target: Target, *, by, reason: str, until_on: datetime.date | None = None) -> Hold:
    """Show 「核查中」 on a published enterprise, certificate or product, through `until_on` inclusive.

    Raises NotAllowed for something that is not public, a hold that stands already, a missing reason, or a day too far.
    """
    until_on = until_on or latest_day()
    if not by.may_somewhere("holds.set"):
        raise NoPermission("step.permission", "您的账号没有设置「核查中」的权限，须由发布员办理。")
    if not clean(reason):
        raise NotAllowed("hold.reason", "请写明核查什么：公众会看到这句话。")
    if not clock.today() <= until_on <= latest_day():
        raise NotAllowed(
            "hold.until",
            f"「核查中」至多 {settings.HOLD_HOURS} 小时，截止日期须在今天至 {latest_day()} 之间。",
        )
    with transaction.atomic():
        lock_editions()
        if not _is_public(target):
            raise NotAllowed("hold.not_public", f"「{target}」没有公开的内容，不需要标为「核查中」。")
        current = current_hold(target)
        if current is not None and current.is_in_effect():
            raise NotAllowed("hold.exists", f"「{target}」已在核查中，至 {current.until_on}。")
        words = clean(reason)[:200]
        hold = _publish(target, current, by=by, is_lifted=False, reason=words, until_on=until_on)
        record("hold.set", target, by=by, reason=reason, until=until_on)
    return hold


def lift_hold(target: Target, *, by, reason: str) -> Hold:
    """End the hold on a target before its day; the reason is public."""
    if not by.may_somewhere("holds.set"):
        raise NoPermission("step.permission", "您的账号没有解除「核查中」的权限，须由发布员办理。")
    if not clean(reason):
        raise NotAllowed("hold.reason", "请写明核查结果：公众会看到这句话。")
    with transaction.atomic():
        lock_editions()
        current = current_hold(target)
        if current is None or not current.is_in_effect():
            raise NotAllowed("hold.none", f"「{target}」没有在核查中，不需要解除。")
        words = clean(reason)[:200]
        hold = _publish(target, current, by=by, is_lifted=True, reason=words, until_on=current.until_on)
        record("hold.lifted", target, by=by, reason=reason)
    return hold


def current_hold(target: Target) -> Hold | None:
    """The newest word on a target, in effect or not."""
    return Hold.objects.current().filter(**{_register(target): target}).first()


def _publish(target: Target, replaced: Hold | None, *, by: User, **fields) -> Hold:
    register = _register(target)
    hold = Hold(
        key=f"hold/{register}/{target.pk}",
        target_key=_public_name(target),
        replaces=replaced,
        set_by=by,
        **{register: target},
        **fields,
    )
    release_record(hold)
    return hold


def _register(target: Target) -> str:
    if isinstance(target, Enterprise):
        return "enterprise"
    return "certificate" if isinstance(target, Certificate) else "product"


def _public_name(target: Target) -> str:
    if isinstance(target, Enterprise):
        return target.uscc
    if isinstance(target, Certificate):
        return target.number
    return format_number(target.serial) if target.serial else ""


def _is_public(target: Target) -> bool:
    models = {"enterprise": EnterpriseLine, "certificate": CertificateLine, "product": ProductLine}
    register = _register(target)
    return models[register].objects.current().filter(**{register: target}).exists()
