"""Giving roles to accounts. It stands above the registers because it knows the divisions and records the act."""

from django.db import transaction

from catalog.regions.models import Division
from portal.core.accounts.models import Grant, User
from portal.core.accounts.roles import ROLES
from portal.core.audit.record import record
from portal.core.workflow import NotAllowed


def give_role(user: User, role: str, division: str = "") -> tuple[Grant, bool]:
    """The grant, and whether it is new; whoever holds a role may sign in to the desk. Raises NotAllowed."""
    check_scope(role, division)
    with transaction.atomic():
        grant, is_new = Grant.objects.get_or_create(user=user, role=role, division=division)
        if is_new:
            record("grant.given", user, role=role, division=division)
        if not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
    return grant, is_new


def check_scope(role: str, division: str) -> None:
    """Raises NotAllowed unless the role exists and has a division exactly where it needs one."""
    if role not in ROLES:
        raise NotAllowed("role.unknown", f"没有「{role}」这个角色，可用的有：{'、'.join(ROLES)}。")
    label = ROLES[role].label
    if ROLES[role].is_scoped and not division:
        raise NotAllowed("role.division", f"「{label}」须用 --division 写明区划代码，如 350000。")
    if division and not ROLES[role].is_scoped:
        raise NotAllowed("role.division", f"「{label}」不分地区，请去掉 --division。")
    if division and not Division.objects.filter(pk=division).exists():
        raise NotAllowed("division.unknown", f"没有「{division}」这个区划代码，请写 GB/T 2260 的六位代码。")
