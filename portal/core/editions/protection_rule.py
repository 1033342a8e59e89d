"""How one table is kept from edits and deletions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Protection:
    """How a table is kept. Rows count once `public_column` is set (at once where it is None).

    `kept` names the columns that are kept where the others stay editable (all are kept where it is None).
    A `free` column may be filled while it is null, and also emptied again where it is `erasable`. A change of the
    column `redacted` frees the whole row where the table is `redactable`: verify_chain watches over that one.
    """

    table: str
    free: tuple[str, ...] = ()
    kept: tuple[str, ...] | None = None
    public_column: str | None = None
    redactable: bool = False
    erasable: bool = False
