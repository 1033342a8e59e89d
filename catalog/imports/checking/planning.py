"""What an import would do: one plan for each sound row, kept on disk, and the counts and samples people look at."""

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

SAMPLES = 1_000  # rows of each kind that the preview shows; the counts are of all
MISSING_SHOWN = 500


Pairs = list[tuple[str, str]]  # label and value


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Planned:
    """One sound row and what becomes of it. Values are those of `rows.SheetRow`, days as ISO text."""

    kind: Kind
    where: str
    name: str
    target: int | None = None  # the working row it is about, None for a new one
    enterprise: int | None = None
    certificate: int | None = None  # a working row, or
    new_certificate: str = ""  # the key under which the import will make it
    requirement: int | None = None
    values: dict[str, Any] = field(default_factory=dict)  # columns of the product or enterprise to set
    certificate_values: dict[str, Any] = field(default_factory=dict)
    difference: list[tuple[str, str, str]] = field(default_factory=list)  # label, before, after
    former_names: list[str] = field(default_factory=list)  # of an enterprise, to be added
    note: str = ""

    def as_list(self) -> list[Any]:
        return [getattr(self, name) for name in _COLUMNS]


_COLUMNS = tuple(Planned.__dataclass_fields__)


class Plan:
    """Plans written one JSON line a row, so that a hundred thousand of them cost no memory."""

    def __init__(self, path: Path):
        self.path = path
        self._file = path.open("w", encoding="utf-8")
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_day).encode

    def add(self, planned: Planned) -> None:
        if planned.kind is not Kind.UNCHANGED:
            self._file.write(self._encode(planned.as_list()))
            self._file.write("\n")

    def close(self) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Planned]:
        self.close()
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield Planned(*json.loads(line))


def _day(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a plan")


def read_day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@dataclass
class Preview:
    """Counts of all rows, samples of some: what the operator reads before saving."""

    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    renames: list[dict[str, str]] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    missing_ids: list[int] = field(default_factory=list)
    listed: int = 0  # how many are on the list now
    elsewhere: dict[str, Any] = field(default_factory=dict)  # makers of other provinces than the publisher's

    def add(self, planned: Planned, shown: Callable[[Planned], Pairs]) -> None:
        """`shown` says what a row will hold; it is asked only for rows that people are shown."""
        self.counts[planned.kind] += 1
        if planned.kind is Kind.UNCHANGED:
            return
        samples = self.samples.setdefault(planned.kind, [])
        if len(samples) < SAMPLES:
            samples.append(
                {
                    "where": planned.where,
                    "name": planned.name,
                    "note": planned.note,
                    "difference": planned.difference,
                    "values": shown(planned) if planned.kind is Kind.NEW else [],
                }
            )

    def rename(self, where: str, before: str, after: str, number: str = "") -> None:
        if len(self.renames) < SAMPLES:
            self.renames.append({"where": where, "before": before, "after": after, "number": number})
