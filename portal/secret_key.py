"""The secret key of an installation that was given none: made once, kept in `var/`, readable by its owner alone."""

import secrets
from pathlib import Path

from portal.core.files.once import made_once

FILE_NAME = "secret_key"


def kept_in(folder: Path) -> str:
    """Return the folder's key and make it first where there is none; safe when two processes start at once."""
    return made_once(folder / FILE_NAME, lambda: secrets.token_urlsafe(64).encode()).decode()
