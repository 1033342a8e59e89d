"""On what ground somebody puts something into a draft batch."""

from dataclasses import dataclass

from portal.core.accounts.models import User
from portal.core.workflow import NoPermission

from ..models import Batch


@dataclass(frozen=True)
class Mandate:
    """A capability, and the division in which it must be held; without one, the division of the batch.

    Whoever compiles batches needs no other ground. The office that approves a case of an enterprise may put what it
    approved, and nothing else, into the drafts that the case is about: it names its own capability and division.
    """

    capability: str = "batches.compile"
    division: str | None = None

    def check(self, batch: Batch, by: User) -> None:
        """Raises NoPermission."""
        division = batch.scope_division if self.division is None else self.division
        if not by.may(self.capability, division):
            raise NoPermission("step.permission", "您的账号没有编制这个发布方批次的权限，请联系管理员授权。")


COMPILER = Mandate()
