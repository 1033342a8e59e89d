"""What is kept of persons: how a room says it, once, for the inventory, the export, the erasure and the retention.

A room that keeps personal data has a module `personal.py` with `PROCESSING_RECORDS`, a tuple of instances of `ProcessingRecord`, and its
module stands in the setting PROCESSING_RECORDS. There are no signals: `portal.applications.privacy` goes through the list.

    class Invitations(ProcessingRecord):
        code = "desk.invitations"              # stable; names the line in audit events and in the export
        label = "邀请"                          # the line's name on /privacy/data/
        of_whom = "被邀请的人"
        what = "邮箱"
        purpose = "让企业的同事加入"
        basis = CONTRACT                        # or another of the constants below
        seen_by = "发出邀请的企业成员"
        keep = "失效后 30 天"
        model = Invitation
        columns = "email"                       # the personal columns of `model`; of other models: `elsewhere`
        owner = "user"                          # the path from a row to the account that it is of
        shown = {"企业": "enterprise.name"}      # what the export says of a row; without it, the columns
        outcome = Outcome.DELETED               # what an erasure makes of it
        stays = ""                              # what an erasure leaves, and why; for KEPT it must say so
        erases = DELETE                         # how: the rows go, or are given these values; None: not at all
        counted_from, days = "expires_at", 30   # retention, where there is a limit; `days` may name a setting
        expires = {"email": ""}                 # what happens to a row whose time is over

A room writes a method of its own where its rule is another: `rows_of`, `described`, `export`, `erase`, `due`, `expire`,
`since`. `documents` gives the files of the person's own; `obstacles` may name, in sentences, what has to be ended before an
account can be erased.

`rows_of` must give the person's own rows and nobody else's. An address proves nothing unless it was verified: see
`portal.core.accounts.personal.proven_addresses`. `erase` runs inside one transaction, the highest room first, so that a room can
still ask the rooms below who the person was; it returns how many rows it changed.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # of the settings: accounts stand on a higher floor

Row = TypeVar("Row", bound=Model)

CONTRACT = "《个人信息保护法》第十三条第一款第二项：为订立、履行本人所要求的服务所必需"
DUTY = "《个人信息保护法》第十三条第一款第三项：为履行法定职责或者法定义务所必需"
CONSENT = "《个人信息保护法》第十三条第一款第一项：本人同意，可以撤回"


class Outcome(StrEnum):
    """What an erasure makes of the rows."""

    DELETED = "删除"
    PSEUDONYMISED = "去标识"
    KEPT = "保留"


class Delete:
    """The row goes."""


DELETE = Delete()
Action = Delete | Mapping[str, Any]


class ProcessingRecord(Generic[Row]):
    """One line of the inventory; see the module for what each part means."""

    code = label = of_whom = what = purpose = basis = seen_by = keep = stays = ""
    outcome = Outcome.DELETED

    model: Any = None
    columns = ""
    elsewhere: tuple[str, ...] = ()
    owner = ""
    order: tuple[str, ...] = ()
    shown: Mapping[str, str] = {}
    erases: Action | None = None
    counted_from = ""
    days: int | str = 0
    due_if = Q()
    expires: Action = DELETE

    @property
    def fields(self) -> tuple[str, ...]:
        """Every column meant: app label, model, field."""
        return (*(f"{self.model._meta.label}.{name}" for name in self.columns.split()), *self.elsewhere)

    def rows_of(self, user: "User") -> QuerySet[Any] | Sequence[Model]:
        """The rows that say something of this person; none where the data are of people without an account."""
        if not self.owner:
            return ()
        rows = self.model._default_manager.filter(
            **{f"{self.owner}__in": [user.pk]}
        )  # nobody's key is no key
        beside = [path.rpartition(".")[0].replace(".", "__") for path in self.shown.values() if "." in path]
        rows = rows.select_related(*beside) if beside else rows
        return rows.order_by(*self.order) if self.order else rows

    def export(self, user: "User") -> list[dict[str, Any]]:
        """Plain values for JSON, a dictionary for each row, under the words that a reader knows."""
        return [self.described(row) for row in self.rows_of(user)]

    def described(self, row: Any) -> dict[str, Any]:
        if self.shown:
            return {label: _value(row, path) for label, path in self.shown.items()}
        return {
            str(row._meta.get_field(name).verbose_name): getattr(row, name) for name in self.columns.split()
        }

    def documents(self, user: "User") -> Iterable[tuple[str, Any]]:
        """(name with ending, StoredFile) of the files that this person handed in."""
        return ()

    def obstacles(self, user: "User") -> list[str]:
        """Sentences: what is still under way and has to be ended first."""
        return []

    def look(self, user: "User") -> None:
        """Before the transaction of an erasure: read what takes long, and remember it for `erase`."""

    def erase(self, user: "User", pseudonym: str) -> int:
        """Delete or pseudonymise the person's rows; how many. What is kept is left alone."""
        return 0 if self.erases is None else _done(self.erases, self.rows_of(user))

    def due(self, today: datetime.date) -> QuerySet[Any] | None:
        """Rows whose time is over, oldest first; None where no time was set."""
        if not self.counted_from:
            return None
        over = Q(**{f"{self.counted_from}__lt": days_ago(self.days)})
        return self.model._default_manager.filter(over, self.due_if).order_by(self.counted_from)

    def expire(self, row: Row) -> None:
        """What happens to such a row."""
        _done(self.expires, self.model._default_manager.filter(pk=row.pk))

    def since(self, row: Row) -> datetime.date | None:
        """The day from which the time of such a row is counted, to name the oldest."""
        if not self.counted_from:
            return None
        counted = _value(row, self.counted_from.replace("__", "."))
        return timezone.localtime(counted).date() if isinstance(counted, datetime.datetime) else counted


def days_ago(days: int | str) -> datetime.datetime:
    """So many days before now; a name is that of a setting, which may change while the portal runs."""
    count = getattr(settings, days) if isinstance(days, str) else days
    return timezone.now() - datetime.timedelta(days=count)


def _value(row: Model, path: str) -> Any:
    found = attrgetter(path)(row)
    return found() if callable(found) else found


def _done(action: Action, rows: Any) -> int:
    return rows.delete()[0] if isinstance(action, Delete) else rows.update(**action)


@cache
def all_records() -> tuple[ProcessingRecord, ...]:
    """Every line, the lowest room first."""
    return tuple(
        record_kind
        for path in settings.PROCESSING_RECORDS
        for record_kind in import_module(path).PROCESSING_RECORDS
    )
