"""What is kept of persons: how a room says it, once, for the inventory, the export, the erasure and the retention.

A room that keeps personal data has a module `personal.py` with `HOLDINGS`, a tuple of instances of `Holding`, and its
module stands in the setting PERSONAL_HOLDINGS. There are no signals: `portal.applications.privacy` goes through the list.

    class Invitations(Holding):
        code = "desk.invitations"              # stable; names the line in audit events and in the export
        label = "邀请"                          # the line's name on /privacy/data/
        of_whom = "被邀请的人"
        what = "邮箱"
        purpose = "让企业的同事加入"
        basis = CONTRACT                        # or another of the constants below
        seen_by = "发出邀请的企业成员"
        keep = "接受或失效后 30 天"
        fields = ("desk.Invitation.email",)    # every column meant: app label, model, field
        outcome = Outcome.DELETED              # what an erasure makes of it
        stays = ""                             # what an erasure leaves, and why; for KEPT it must say so

        def rows_of(self, user): return Invitation.objects.filter(email__iexact=user.email)
        def erase(self, user, pseudonym): return self.rows_of(user).delete()[0]
        def due(self, today): return Invitation.objects.filter(expires_at__lt=...)     # retention, where there is a limit
        def expire(self, row): row.delete()

`export` gives the columns of `fields` that belong to the model of a row unless it is overridden; `documents` gives the files
of the person's own. `obstacles` may name, in sentences, what has to be ended before an account can be erased.

`rows_of` must give the person's own rows and nobody else's. An address proves nothing unless it was verified: see
`portal.core.accounts.personal.proven_addresses`. `erase` runs inside one transaction, the highest room first, so that a room can
still ask the rooms below who the person was; it returns how many rows it changed.
"""

import datetime
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet

CONTRACT = "《个人信息保护法》第十三条第一款第二项：为订立、履行本人所要求的服务所必需"
DUTY = "《个人信息保护法》第十三条第一款第三项：为履行法定职责或者法定义务所必需"
CONSENT = "《个人信息保护法》第十三条第一款第一项：本人同意，可以撤回"


class Outcome(StrEnum):
    """What an erasure makes of the rows."""

    DELETED = "删除"
    PSEUDONYMISED = "去标识"
    KEPT = "保留"


class Holding:
    """One line of the inventory; see the module for what each part means."""

    code = ""
    label = ""
    of_whom = ""
    what = ""
    purpose = ""
    basis = ""
    seen_by = ""
    keep = ""
    fields: tuple[str, ...] = ()
    outcome = Outcome.DELETED
    stays = ""

    def rows_of(self, user: Any) -> QuerySet[Any] | Sequence[Model]:
        """The rows that say something of this person; none where the data are of people without an account."""
        return ()

    def export(self, user: Any) -> list[dict[str, Any]]:
        """Plain values for JSON, a dictionary for each row, under the words that a reader knows."""
        return [self.described(row) for row in self.rows_of(user)]

    def documents(self, user: Any) -> Iterable[tuple[str, Any]]:
        """(name with ending, StoredFile) of the files that this person handed in."""
        return ()

    def obstacles(self, user: Any) -> list[str]:
        """Sentences: what is still under way and has to be ended first."""
        return []

    def erase(self, user: Any, pseudonym: str) -> int:
        """Delete or pseudonymise the person's rows; how many. What is kept is left alone."""
        return 0

    def due(self, today: datetime.date) -> QuerySet[Any] | None:
        """Rows whose time is over, oldest first; None where no time was set."""
        return None

    def expire(self, row: Any) -> None:
        """What happens to such a row."""
        raise NotImplementedError

    def since(self, row: Any) -> datetime.date | None:
        """The day from which the time of such a row is counted, to name the oldest."""
        return None

    def described(self, row: Model) -> dict[str, Any]:
        label = row._meta.label
        own = [name.rsplit(".", 1)[1] for name in self.fields if name.rsplit(".", 1)[0] == label]
        return {
            str(getattr(row._meta.get_field(name), "verbose_name", name)): getattr(row, name) for name in own
        }


@cache
def all_holdings() -> tuple[Holding, ...]:
    """Every line, the lowest room first."""
    return tuple(holding for path in settings.PERSONAL_HOLDINGS for holding in import_module(path).HOLDINGS)
