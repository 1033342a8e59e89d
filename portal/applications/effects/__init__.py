"""What an approval does, one module a kind: reviewed values into working rows, working rows into draft batches.

Nothing here is public yet: a batch, or a second person, takes it out of the door.
"""

from collections.abc import Callable
from typing import Any

from catalog.publication.publishing.locks import lock_drafts_and_registers
from portal.applications.cases.models import ApplicationKind

from .certifying import list_products, renew
from .changing import change
from .committing import commit
from .decision import Decision
from .registering import register
from .withdrawing import withdraw

_EFFECTS: dict[str, Callable[[Decision], dict[str, Any]]] = {
    ApplicationKind.REGISTER: register,
    ApplicationKind.CHANGE: change,
    ApplicationKind.PRODUCT: list_products,
    ApplicationKind.RENEWAL: renew,
    ApplicationKind.WITHDRAW: withdraw,
    ApplicationKind.COMMITMENT: commit,
}


def apply(decision: Decision) -> dict[str, Any]:
    """Do what the approved case asks for; details for its audit event. Raises NotAllowed, and then nothing is done."""
    lock_drafts_and_registers()  # before any working row: see the order of locks in portal.core.editions
    return _EFFECTS[decision.application.kind](decision)


__all__ = ["Decision", "apply"]
