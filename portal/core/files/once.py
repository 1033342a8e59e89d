"""A file that is made once and then stays: a key that an installation was not given."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def made_once(file: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds, readable by its owner alone; made first where there is none. Safe when two start at once."""
    if not file.exists():
        descriptor, draft = tempfile.mkstemp(dir=file.parent)  # mode 600
        try:
            with os.fdopen(descriptor, "wb") as target:
                target.write(make())
            os.link(draft, file)  # unlike a rename, never replaces what another process has just made
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return file.read_bytes()
