from .acts import Act, ActKind, Side
from .applications import OPEN_STATES, Application, ApplicationKind, ApplicationState
from .documents import Document, Purpose
from .invitations import Invitation
from .items import Item, ItemState
from .submissions import Submission

__all__ = [
    "OPEN_STATES",
    "Act",
    "ActKind",
    "Application",
    "ApplicationKind",
    "ApplicationState",
    "Document",
    "Invitation",
    "Item",
    "ItemState",
    "Purpose",
    "Side",
    "Submission",
]
