from .acts import Act, ActKind, Side
from .applications import OPEN_STATES, Application, ApplicationKind, ApplicationState
from .documents import Document, Purpose
from .invitations import Invitation
from .items import Item, ItemState
from .reminders import CalendarLink, SentReminder
from .submissions import Submission
from .unsaved import UnsavedForm
from .workbooks import Workbook

__all__ = [
    "OPEN_STATES",
    "Act",
    "ActKind",
    "Application",
    "ApplicationKind",
    "ApplicationState",
    "CalendarLink",
    "Document",
    "Invitation",
    "Item",
    "ItemState",
    "Purpose",
    "SentReminder",
    "Side",
    "Submission",
    "UnsavedForm",
    "Workbook",
]
