"""Who acts for an enterprise: invited by e-mail, each with a role; the last owner stays."""

import datetime
import hashlib
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.models import Invitation
from portal.core import mail
from portal.core.accounts.models import User
from portal.core.accounts.personal import proven_addresses
from portal.core.audit.record import record
from portal.core.proof.limits import DAY, Limit
from portal.core.text.normalise import clean
from portal.core.workflow import NoPermission, NotAllowed

LASTS = datetime.timedelta(days=7)
MOST_OPEN = 20
# Of one account: a newer invitation cancels an older one, so that the open ones limit no letters.
A_DAY = Limit("invitations", 50, DAY)
Role = Membership.Role
GONE = "这份邀请已经用过、取消或过期，或邀请人已不是管理人。请现在的管理人再发一次。"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def standing() -> Any:
    """Invitations that can be accepted: not those of somebody who owns the enterprise no longer, as after a dispute."""
    owners = Membership.objects.active().filter(
        enterprise=OuterRef("enterprise"), user=OuterRef("invited_by"), role=Role.OWNER
    )
    return Invitation.objects.filter(
        Exists(owners), accepted_at=None, cancelled_at=None, expires_at__gt=timezone.now()
    )


def open_invitations(enterprise: Enterprise) -> Any:
    return standing().filter(enterprise=enterprise)


def invite(enterprise: Enterprise, *, by: User, email: str, role: str) -> Invitation:
    """Send a link that is good once, for seven days, for whoever is signed in with that address. Raises NotAllowed."""
    email = readable_address(email)
    if role not in Role.values:
        raise NotAllowed("invitation.role", "请选择身份。")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        refuse_unless_owner(locked, by)
        if Membership.objects.active().filter(enterprise=locked, user__email__iexact=email).exists():
            raise NotAllowed("invitation.member", "这个邮箱的账号已经是成员。")
        waiting = open_invitations(locked)
        waiting.filter(email__iexact=email).update(cancelled_at=timezone.now())
        if waiting.count() >= MOST_OPEN:
            raise NotAllowed("invitation.many", f"最多同时有 {MOST_OPEN} 份未接受的邀请，请先取消不用的。")
        if not A_DAY.take(str(by.pk)):
            raise NotAllowed("invitation.limit", f"今天发出的邀请太多了，没有发送。请 {A_DAY.wait()}后再发。")
        invitation = Invitation.objects.create(
            enterprise=locked,
            email=email,
            role=role,
            token_hash=hash_of(token),
            invited_by=by,
            expires_at=timezone.now() + LASTS,
        )
        record("membership.invited", invitation, by=by, enterprise=locked.uscc, role=role)
        invitation.path = tell(invitation, token, by)  # type: ignore[attr-defined]  # to pass on where no letter goes
    return invitation


def readable_address(email: str) -> str:
    email = clean(email)
    try:
        validate_email(email)
    except ValidationError:
        raise NotAllowed("invitation.email", "这不是一个邮箱地址，请核对。") from None
    if len(email) > 254:
        raise NotAllowed("invitation.email", "邮箱地址太长，请核对。")
    return email


def tell(invitation: Invitation, token: str, by: User) -> str:
    """Send it; the address that it leads to."""
    path = reverse("counter:invitation", args=[token])
    mail.send(
        "invitation",
        to=invitation.email,
        context={
            "enterprise": invitation.enterprise.name,
            "role": invitation.get_role_display(),
            "by": str(by),
            "expires_at": invitation.expires_at,
        },
        invitation_path=path,
    )
    return path


def invitation_by(token: str) -> Invitation | None:
    """The invitation that a token opens, while it is good."""
    found = standing().filter(token_hash=hash_of(token))
    return found.select_related("enterprise", "invited_by").first()


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the account was proved to read the invited address."""
    return invitation.email.lower() in proven_addresses(user)


def accept(invitation: Invitation, *, by: User) -> Membership:
    """Once. Raises NotAllowed for another address, a used invitation, and an account that is a member already."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if not standing().filter(pk=locked.pk).exists():
            raise NotAllowed("invitation.gone", GONE)
        if not is_for(locked, by):
            raise NoPermission(
                "invitation.address",
                "这份邀请是发给另一个邮箱的。请用收到邀请的邮箱登录，再打开邀请的地址。",
            )
        try:
            with transaction.atomic():
                membership = Membership.objects.create(
                    enterprise=locked.enterprise, user=by, role=locked.role, given_by=locked.invited_by
                )
        except IntegrityError:
            raise NotAllowed("invitation.member", "您已经是这家企业的成员。") from None
        locked.accepted_at = timezone.now()
        locked.save(update_fields=["accepted_at"])
        record("membership.accepted", membership, by=by, enterprise=locked.enterprise.uscc, role=locked.role)
    return membership


def cancel(invitation: Invitation, *, by: User) -> None:
    with transaction.atomic():
        refuse_unless_owner(invitation.enterprise, by)
        changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, cancelled_at=None).update(
            cancelled_at=timezone.now()
        )
        if not changed:
            raise NotAllowed("invitation.gone", "这份邀请已经用过或取消了，请刷新页面。")
        record("membership.invitation_cancelled", invitation, by=by)


def change_role(membership: Membership, *, by: User, role: str) -> None:
    if role not in Role.values:
        raise NotAllowed("membership.role", "请选择身份。")
    with transaction.atomic():
        locked = locked_membership(membership)
        refuse_unless_owner(locked.enterprise, by)
        if role != Role.OWNER:
            refuse_last_owner(locked)
        if locked.role != role:
            before, locked.role = locked.role, role
            locked.save(update_fields=["role"])
            record("membership.changed", locked, by=by, before=before, role=role)


def end(membership: Membership, *, by: User) -> None:
    """An owner ends any membership, everybody their own; the last owner may not go."""
    with transaction.atomic():
        locked = locked_membership(membership)
        if locked.user_id != by.pk:
            refuse_unless_owner(locked.enterprise, by)
        refuse_last_owner(locked)
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        record("membership.ended", locked, by=by, enterprise=locked.enterprise.uscc)


def locked_membership(membership: Membership) -> Membership:
    """Locks the enterprise first, so that two owners cannot leave at once."""
    Enterprise.objects.select_for_update().get(pk=membership.enterprise_id)
    locked = Membership.objects.active().filter(pk=membership.pk).select_related("enterprise").first()
    if locked is None:
        raise NotAllowed("membership.ended", "这位成员已经退出了，请刷新页面。")
    return locked


def refuse_unless_owner(enterprise: Enterprise, by: User) -> None:
    if not Membership.objects.of(by).filter(enterprise=enterprise, role=Role.OWNER).exists():
        raise NoPermission("membership.owner", "只有管理人可以管理成员，请由管理人办理。")


def refuse_last_owner(membership: Membership) -> None:
    others = Membership.objects.active().filter(enterprise=membership.enterprise_id, role=Role.OWNER)
    if membership.role == Role.OWNER and not others.exclude(pk=membership.pk).exists():
        raise NotAllowed(
            "membership.last_owner", "这是最后一位管理人，不能退出或改为别的身份。请先让另一位成员做管理人。"
        )
