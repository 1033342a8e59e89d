"""What a copy of the site costs, and what bringing it up to date writes: `manage.py benchmark mirror`."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from catalog.publication.search.preparation import prepare
from portal.core.accounts.models import User
from portal.core.checkpoints import signing
from portal.site.mirror.folder import Done
from portal.site.mirror.mirror import mirror
from portal.site.mirror.subject import Subject

from .imports import prepare as seed
from .registers import Register, publish

MORE = 100  # lines of a later batch
MEGABYTE = 1_000_000
MINUTES, MEGABYTES = 10, 1_500  # for 100,000 lines, on two processors


def measure_copy(rows: int) -> Iterator[str]:
    by = seed()
    _published(Register(by), rows, by)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        first, seconds = _timed(Path(folder))
        room = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        blocks = sum(path.stat().st_blocks * 512 for path in Path(folder).rglob("*") if path.is_file())
        factor = 100_000 / rows
        yield (
            f"{rows:,} lines: {first.files:,} files, {room / MEGABYTE:.0f} MB ({blocks / MEGABYTE:.0f} MB on the disk), "
            f"{seconds:.0f} s of one processor"
        )
        yield (
            f"for 100,000 on two processors: {seconds * factor / 120:.1f} minutes (goal {MINUTES}), "
            f"{blocks * factor / MEGABYTE:.0f} MB on the disk (goal {MEGABYTES})"
        )
        _published(Register(by), MORE, by)
        later, seconds = _timed(Path(folder))
        yield f"{MORE} lines more: {later.written:,} of {later.files:,} files written, {seconds:.0f} s"


def _published(register: Register, rows: int, by: User) -> None:
    batch = register.freeze(rows)
    prepare(batch)
    publish(batch, by)


def _timed(folder: Path) -> tuple[Done, float]:
    """By one process, which is told apart from whatever else runs here."""
    signing._signed.clear()
    began = time.process_time()
    copied = mirror(Subject.asked(None, ()), folder, processes=1)
    return copied.done, time.process_time() - began
