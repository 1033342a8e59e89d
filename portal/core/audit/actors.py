"""Who acted, for reading. The trail is never rewritten, so it keeps no name of those who may ask to be forgotten.

Of staff it keeps the name they acted under; of everybody else the number of the account, which is read together with
whatever the account is called now: a name while it exists, a pseudonym once it was erased.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from portal.core.accounts.models import NUMBERED, User

if TYPE_CHECKING:
    from .models import AuditEvent, Change


def kept_name(by: User | None) -> str:
    """What the trail keeps of an actor."""
    if by is None:
        return ""
    return getattr(by, "audit_name", None) or str(by)


def with_actor_now(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows with `actor_now`, what the account is called today, in one query."""
    name = Coalesce(NullIf(Concat("last_name", "first_name"), Value("")), "username")
    account = User.objects.filter(pk=OuterRef("actor_id")).annotate(now=name)
    return rows.annotate(actor_now=Subquery(account.values("now")[:1]))


def actor_words(row: "AuditEvent | Change") -> str:
    """「陈大明」 of staff, 「账号 12（陈大明）」 of everybody else."""
    now = getattr(row, "actor_now", None)
    if row.actor_name.startswith(NUMBERED) and now:
        return f"{row.actor_name}（{now}）"
    return row.actor_name
