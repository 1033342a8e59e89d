"""What imports keep of a redacted value: the uploaded workbook, its annotated copy and the report."""

import sys
import tempfile
from pathlib import Path

from django.db import transaction
from django.utils.crypto import salted_hmac

from catalog.publication.publishing.reach import SHORTEST_INSIDE, Reach
from portal.core.files.models import StoredFile
from portal.core.files.store import DamagedFileError, erase, load
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.text.normalise import fold

from .models import ImportRun
from .reading.limits import limits_in_force
from .reading.refusals import Refused
from .reading.sheets import read

FOUND: Memory[bool] = Memory(MEGABYTE)  # some thousand workbooks


def redact_matters(reach: Reach) -> None:
    """Blank the values in reports, and in cells that were mended on the page. Reports are long: each is held by itself."""
    for pk in _saying(reach):
        with transaction.atomic():
            run = ImportRun.objects.select_for_update().get(pk=pk)
            kept = {"report": reach.without(run.report), "mended": reach.without(run.mended)}
            ImportRun.objects.filter(pk=pk).update(**kept)


def redact_files(reach: Reach) -> int:
    """Erase every workbook in which one of the values stands, with its annotated copy."""
    return sum(_erase_if_saying(run, reach.values) for run in ImportRun.objects.order_by("pk").iterator())


def redact_imports(values: list[str]) -> int:
    """Both, for words that are nobody's line; returns the number of files erased and reports blanked."""
    redact_matters(Reach(values))
    return redact_files(Reach(values))


def _saying(reach: Reach) -> list[int]:
    told = ImportRun.objects.order_by("pk").values_list("pk", "report", "mended")
    return [pk for pk, *kept in told if reach.without(kept) != kept]


def _erase_if_saying(run: ImportRun, values: list[str]) -> int:
    if not contains(run.file, values):
        return 0
    files = [file for file in (run.file, run.marked) if file is not None and file.erased_at is None]
    for file in files:
        erase(file)
    return len(files)


def look_into_files(values: list[str]) -> None:
    """What `contains` will be asked about every workbook, before anything is locked."""
    for run in ImportRun.objects.select_related("file").order_by("pk").iterator():
        contains(run.file, values)


def contains(file: StoredFile, values: list[str]) -> bool:
    """Whether a cell of the workbook holds one of the values. A file that cannot be read any more counts as holding it.

    A content never changes, so what was found is remembered; of the values only that they were these.
    """
    if file.erased_at is not None:
        return False
    words = [fold(value) for value in values]  # a cell may hold it with spaces or other brackets
    key = file.sha256, salted_hmac("catalog.imports.redaction", "\n".join(words)).hexdigest()
    found = FOUND.get(key)
    if found is None:
        try:
            content = load(file)
        except DamagedFileError:
            return True
        found = _stands_in(content, file.name, words)
        FOUND.put(key, found, sys.getsizeof(found))
    return found


def _stands_in(content: bytes, name: str, words: list[str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="redact-") as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(content)
        try:
            with read(path, name, limits_in_force()) as reading:
                return any(
                    _says(fold(str(cell)), words)
                    for sheet in reading.sheets
                    for _number, cells in reading.rows(sheet)
                    for cell in cells
                )
        except Refused:
            return True


def _says(cell: str, words: list[str]) -> bool:
    return any(cell == word or (len(word) >= SHORTEST_INSIDE and word in cell) for word in words)
