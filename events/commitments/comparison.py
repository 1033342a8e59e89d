"""What differs between two wordings of a clause template, clause by clause and character by character."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from .models import TemplateVersion
from .models.templates import Clause

KEPT, TAKEN_OUT, PUT_IN = "", "del", "ins"


@dataclass(frozen=True)
class Piece:
    """A run of text: kept, only in the older wording, or only in the newer one."""

    kind: str
    text: str


@dataclass(frozen=True)
class ComparedClause:
    """One clause, or one of the parts around the clauses. A number is 0 where the wording has no such clause."""

    label: str
    before: int
    after: int
    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> str:
        if not self.before:
            return "added"
        if not self.after:
            return "removed"
        return "changed" if any(piece.kind for piece in self.pieces) else "same"


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, from_a, to_a, from_b, to_b in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece(KEPT, before[from_a:to_a]))
            continue
        if to_a > from_a:
            found.append(Piece(TAKEN_OUT, before[from_a:to_a]))
        if to_b > from_b:
            found.append(Piece(PUT_IN, after[from_b:to_b]))
    return tuple(found)


def compare(older: TemplateVersion, newer: TemplateVersion) -> list[ComparedClause]:
    """Clauses belong together by their titles; they come in the newer order, those taken out after the one that they
    stood after.
    """
    around = [
        ComparedClause(label, 1, 1, pieces_of(before, after))
        for label, before, after in (
            ("名称", older.title, newer.title),
            ("引言", older.preamble, newer.preamble),
        )
    ]
    closing = ComparedClause("结语", 1, 1, pieces_of(older.closing, newer.closing))
    rows = [*around, *_clauses(older.clauses, newer.clauses), closing]
    return [row for row in rows if row.pieces]


def _clauses(older: list[Clause], newer: list[Clause]) -> Iterator[ComparedClause]:
    places = {clause["title"]: place for place, clause in enumerate(older, 1)}
    removed = _removed_after(older, {clause["title"] for clause in newer})
    yield from removed.get(0, [])
    for after, clause in enumerate(newer, 1):
        before = places.get(clause["title"], 0)
        text = older[before - 1]["text"] if before else ""
        yield ComparedClause(clause["title"], before, after, pieces_of(text, clause["text"]))
        yield from removed.get(before, []) if before else []


def _removed_after(older: list[Clause], kept: set[str]) -> dict[int, list[ComparedClause]]:
    """Clauses taken out, by the place of the kept one before them; 0 where there is none."""
    found: dict[int, list[ComparedClause]] = {}
    anchor = 0
    for place, clause in enumerate(older, 1):
        if clause["title"] in kept:
            anchor = place
        else:
            row = ComparedClause(clause["title"], place, 0, (Piece(TAKEN_OUT, clause["text"]),))
            found.setdefault(anchor, []).append(row)
    return found
