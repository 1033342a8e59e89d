"""A file that is made once and then stays: a key that an installation was not given."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def made_once(file: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds, readable by its owner alone; made first where there is none. Safe when two start at once, and
    when the power fails: it has its name when it is whole."""
    if not file.exists():
        descriptor, draft = tempfile.mkstemp(dir=file.parent)  # mode 600
        try:
            with os.fdopen(descriptor, "wb") as target:
                target.write(make())
                target.flush()
                os.fsync(target.fileno())
            os.link(draft, file)  # unlike a rename, never replaces what another process has just made
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
        sync_folder(file.parent)
    return file.read_bytes()


def sync_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
