"""Reads a workbook in a child process: raw cells by sheet, walked from a spool file in little memory."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cells import split_reference
from .guard import check_size
from .limits import Limits
from .refusals import Refused

ROOT = Path(__file__).resolve().parents[3]
WALL_SECONDS = 120

Cell = Any  # str, float, int, bool, None, [ISO text] for an Excel date or time, or [number, why] for one that is not shown so


@dataclass(frozen=True)
class Sheet:
    """One sheet; rows and columns are counted from 1, as Excel does."""

    name: str
    hidden: bool = False
    start: int = 0  # where its rows begin in the spool
    height: int = 0
    width: int = 0
    merges: tuple[tuple[int, int, int, int], ...] = ()  # top, left, bottom, right
    hidden_rows: tuple[tuple[int, int], ...] = ()  # first and last of each run
    hidden_columns: tuple[int, ...] = ()
    is_filtered: bool = False


@dataclass
class Reading:
    """What was read. Use as a context manager: the spool goes with it."""

    kind: str
    encoding: str
    sheets: tuple[Sheet, ...]
    skipped: list[tuple[str, str]]  # name and why
    _folder: tempfile.TemporaryDirectory = field(repr=False)
    _mended: dict[tuple[str, int], dict[int, str]] = field(default_factory=dict, repr=False)

    def write_over(self, mended: Mapping[str, str]) -> None:
        """Cells that somebody wrote anew on the page, by address; from now on they are read in place of the file's."""
        for where, text in mended.items():
            sheet, _, cell = where.rpartition("!")
            if place := split_reference(cell):
                self._mended.setdefault((sheet, place[0]), {})[place[1]] = text

    def rows(self, sheet: Sheet, first: int = 1) -> Iterator[tuple[int, list[Cell]]]:
        """Row number and cells, from row `first` on; a row ends with its last cell that holds something."""
        with (Path(self._folder.name) / "rows").open("rb") as spool:
            spool.seek(sheet.start)
            for number in range(1, sheet.height + 1):
                line = spool.readline()
                if number >= first:
                    cells = json.loads(line)
                    yield number, self._written_over(sheet.name, number, cells) if self._mended else cells

    def _written_over(self, sheet: str, number: int, cells: list[Cell]) -> list[Cell]:
        for column, text in self._mended.get((sheet, number), {}).items():
            cells += [""] * (column - len(cells))
            cells[column - 1] = text
        return cells

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._folder.cleanup()


def read(path: Path | str, name: str = "", limits: Limits | None = None) -> Reading:
    """Guards and parses the file; raises `Refused`. `name` is what the operator calls it."""
    path, limits = Path(path), limits or Limits()
    name = name or path.name
    if not path.is_file():
        raise Refused("file-missing", name=name)
    check_size(path.stat().st_size, limits)
    folder = tempfile.TemporaryDirectory(prefix="import-")
    try:
        order = {
            "path": str(path.resolve()),
            "name": sheet_name(name),
            "spool": str(Path(folder.name) / "rows"),
            "limits": limits.as_dict(),
        }
        answer = _ask_child(order)
    except BaseException:
        folder.cleanup()
        raise
    return Reading(
        kind=answer["kind"],
        encoding=answer["encoding"],
        sheets=tuple(map(_sheet, answer["sheets"])),
        skipped=[tuple(pair) for pair in answer["skipped"]],
        _folder=folder,
    )


def _sheet(told: dict[str, Any]) -> Sheet:
    lists = {name: tuple(map(tuple, told[name])) for name in ("merges", "hidden_rows")}
    return Sheet(**told | lists | {"hidden_columns": tuple(told["hidden_columns"])})


def sheet_name(file_name: str) -> str:
    """The sheet a text file becomes: its own name, in what Excel allows for a sheet."""
    stem = Path(file_name).stem
    cleaned = "".join("_" if letter in "[]:*?/\\'" else letter for letter in stem if letter.isprintable())
    return cleaned[:31].strip() or "数据"


def _ask_child(order: dict[str, Any]) -> dict[str, Any]:
    child = subprocess.Popen(
        [sys.executable, "-m", "catalog.imports.reading.child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        output, errors = child.communicate(json.dumps(order), timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        child.kill()
        child.communicate()
        raise Refused("machine-busy") from error  # its own processor time would have ended it long before
    if child.returncode:
        raise _last_words(child.returncode, errors)
    answer = json.loads(output)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["values"])
    return answer


def _last_words(code: int, errors: str) -> Refused:
    """A child that died says by what: the clock (SIGXCPU, SIGKILL), memory (abort), or a panic of the parser."""
    if code in (-24, -9):
        return Refused("too-slow")
    if code == -6 or "memory allocation" in errors or "MemoryError" in errors:
        return Refused("too-much-memory")
    return Refused("broken-workbook", what="结构不完整")
