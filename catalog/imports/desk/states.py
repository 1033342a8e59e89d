"""How the state of an import is drawn."""

from catalog.imports.models import ImportRun

State = ImportRun.State
STATUS = {  # state → status of the look
    State.UPLOADED: "draft",
    State.CHECKING: "notice",
    State.CHECKED: "approved",
    State.SAVING: "notice",
    State.SAVED: "published",
    State.REFUSED: "returned",
    State.FAILED: "returned",
    State.DISCARDED: "withdrawn",
    State.UNDOING: "notice",
    State.TAKEN_BACK: "withdrawn",
}
