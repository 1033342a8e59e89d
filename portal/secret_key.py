"""The secret key of an installation that was given none: made once, kept in `var/`, readable by its owner alone."""

import os
import secrets
import tempfile
from pathlib import Path

FILE_NAME = "secret_key"


def kept_in(folder: Path) -> str:
    """Return the folder's key and make it first where there is none; safe when two processes start at once."""
    file = folder / FILE_NAME
    if not file.exists():
        descriptor, draft = tempfile.mkstemp(dir=folder)  # mode 600
        try:
            with os.fdopen(descriptor, "w") as target:
                target.write(secrets.token_urlsafe(64))
            os.link(draft, file)  # unlike a rename, never replaces what another process has just made
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return file.read_text()
