"""What imports keep of a redacted value: the uploaded workbook, its marked copy and the report."""

import tempfile
from pathlib import Path
from typing import Any

from catalog.publication.redaction import PLACEHOLDER
from portal.files.models import StoredFile
from portal.files.store import DamagedFileError, erase, load
from portal.text.normalise import fold

from .limits import limits_in_force
from .models import ImportRun
from .reading import read
from .refusals import Refused


def redact_imports(values: list[str]) -> int:
    """Erase every workbook in which one of the values stands, and blank it in reports; returns the number of runs touched."""
    touched = 0
    for run in ImportRun.objects.select_related("file", "marked").iterator():
        is_in_file = _contains(run.file, values)
        files = [run.file, run.marked] if is_in_file else []
        for file in files:
            if file is not None and file.erased_at is None:
                erase(file)
        report = _without(run.report, values)
        if is_in_file or report != run.report:
            ImportRun.objects.filter(pk=run.pk).update(report=report)
            touched += 1
    return touched


def _contains(file: StoredFile, values: list[str]) -> bool:
    """Whether a cell of the workbook holds one of the values. A file that cannot be read any more counts as holding it."""
    if file.erased_at is not None:
        return False
    words = [fold(value) for value in values]  # a cell may hold it with spaces or other brackets
    try:
        content = load(file)
    except DamagedFileError:
        return True
    with tempfile.TemporaryDirectory(prefix="redact-") as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(content)
        try:
            with read(path, file.name, limits_in_force()) as reading:
                return any(
                    word in fold(str(cell))
                    for sheet in reading.sheets
                    for _number, cells in reading.rows(sheet)
                    for cell in cells
                    for word in words
                )
        except Refused:
            return True


def _without(kept: Any, values: list[str]) -> Any:
    """The same JSON with every text that holds a value blanked."""
    if isinstance(kept, dict):
        return {_without(key, values): _without(value, values) for key, value in kept.items()}
    if isinstance(kept, list):
        return [_without(item, values) for item in kept]
    if isinstance(kept, str) and any(value in kept for value in values):
        return PLACEHOLDER
    return kept
