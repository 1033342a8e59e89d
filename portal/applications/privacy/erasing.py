"""Taking a person out of the record: asked for by the person, carried out by staff, with what stays and why said before.

The account keeps its number, which the audit trail, batches and cases need to tell people apart; nothing leads from the
number to the person any more.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.processing import Outcome, ProcessingRecord, all_records
from portal.core.text.normalise import clean
from portal.core.workflow import NoPermission, NotAllowed

from .models import ErasureRequest

CAPABILITY = "accounts.manage"
MARK = "已注销账号-"


@dataclass(frozen=True)
class Line:
    """What an erasure makes of one line of the inventory: how many rows, what becomes of them, what stays and why."""

    label: str
    what: str
    outcome: str
    count: int
    stays: str


def pseudonym_of(user: User) -> str:
    return f"{MARK}{user.pk}"


def is_erased(user: User) -> bool:
    return user.get_username() == pseudonym_of(user)


def preview(user: User) -> list[Line]:
    """What would happen, line by line; lines that hold nothing of the person are left out."""
    lines = []
    for record_kind in all_records():
        count = len(list(record_kind.rows_of(user)))
        if count:
            lines.append(
                Line(record_kind.label, record_kind.what, record_kind.outcome.value, count, record_kind.stays)
            )
    return lines


def obstacles(user: User) -> list[str]:
    """Sentences: what is still under way. Empty when the person can be erased."""
    return [sentence for record_kind in all_records() for sentence in record_kind.obstacles(user)]


@transaction.atomic
def ask(user: User) -> ErasureRequest:
    """The person's own request; one that is open already is the same request."""
    known = ErasureRequest.objects.filter(user=user, taken_back_at=None, done_at=None).first()
    if known is not None:
        return known
    request = ErasureRequest.objects.create(user=user)
    record("erasure.asked", request, by=user)
    return request


@transaction.atomic
def take_back(user: User) -> bool:
    """The person stays after all. False where nothing was open."""
    open_one = ErasureRequest.objects.select_for_update().filter(user=user, taken_back_at=None, done_at=None)
    request = open_one.first()
    if request is None:
        return False
    request.taken_back_at = timezone.now()
    request.save(update_fields=["taken_back_at"])
    record("erasure.taken_back", request, by=user)
    return True


def erase_person(user: User, *, by: User, basis: str) -> dict[str, int]:
    """Erase what is kept of `user`; rows changed by the code of their line. Safe to press twice: the second is refused.

    Raises NoPermission or NotAllowed; a refusal leaves nothing but an audit event of the attempt.
    """
    try:
        _refuse(user, by=by, basis=basis)
        for record_kind in all_records():
            record_kind.look(user)
        with transaction.atomic():
            locked = User.objects.select_for_update().get(pk=user.pk)
            _refuse(locked, by=by, basis=basis)
            return _erased(locked, by=by, basis=clean(basis))
    except NotAllowed as refusal:
        record("user.erased", user, by=by, is_success=False, rule=refusal.rule)
        raise


def _refuse(user: User, *, by: User, basis: str) -> None:
    if not by.may(CAPABILITY) or (user.is_superuser and not by.is_superuser):
        raise NoPermission("step.permission", "您的账号没有清除个人信息的权限，请联系管理员。")
    if by.is_same_person_as(user):
        raise NoPermission("step.same_person", "清除要由另一人办理：这是您本人的账号。")
    if is_erased(user):
        raise NotAllowed("erasure.done", "这个账号已经清除过了。")
    if not clean(basis):
        raise NotAllowed("erasure.basis", "请写明依据：本人申请的日期、来信编号或文书编号。")
    found = obstacles(user)
    if found:
        raise NotAllowed("erasure.under_way", "还不能清除：" + "".join(found))


def _erased(user: User, *, by: User, basis: str) -> dict[str, int]:
    pseudonym = pseudonym_of(user)
    # The highest room first: it may still have to ask the rooms below whose the rows are.
    counts = {
        record_kind.code: _erase(record_kind, user, pseudonym) for record_kind in reversed(all_records())
    }
    ErasureRequest.objects.filter(user=user, taken_back_at=None, done_at=None).update(
        done_at=timezone.now(), done_by=by, basis=basis[:200]
    )
    record("user.erased", user, by=by, reason=basis, rows={code: n for code, n in counts.items() if n})
    return counts


def _erase(record_kind: ProcessingRecord, user: User, pseudonym: str) -> int:
    return 0 if record_kind.outcome == Outcome.KEPT else record_kind.erase(user, pseudonym)
