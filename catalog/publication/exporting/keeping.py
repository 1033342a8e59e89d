"""Makes the files of a shelf, each once, and takes away what is in nobody's reach any more.

One file is made at a time in the whole installation: strangers may ask for any edition, and none of them takes more than
one processor. A file and what is known of it (rows, bytes, digest) stand side by side; one without the other is made again.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError

from portal.core.busy import Fault, FilesAway, fault_of
from portal.core.files.folder import write_whole
from portal.core.files.proven import opened_at
from portal.core.locks import file_lock, tried
from portal.core.replicas import pinned, reading_from

from .shelves import Export, Shelf, era, root
from .writing import as_bytes

PAUSE, TRIES = 0.2, 100  # how long a reader waits for a file that another one has made
MANIFEST_SECONDS = 3  # how long one request goes on making the files of a shelf; at least one
UNFINISHED = ".making-"
UNFINISHED_SECONDS = 3600
READABLE = 0o644  # nginx, which is another account, sends them

logger = logging.getLogger(__name__)


class StillBeingMade(Exception):
    """Another file is being made, and takes longer than a reader is kept waiting."""


class Overtaken(Exception):
    """A redaction came while the file was made: what it says may be taken away already."""


@dataclass(frozen=True)
class Made:
    """What is known of a file."""

    rows: int
    size: int
    sha256: str

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'


def known(export: Export) -> Made | None:
    """What is known of the file, if it was made. Reads none of it."""
    try:
        made = Made(**json.loads(_beside(export.path).read_text()))
        return made if export.path.stat().st_size == made.size else None
    except (OSError, ValueError, TypeError):
        return None


def made(export: Export) -> Made:
    """Make it if it is not there. Raises StillBeingMade, and FilesAway where the disk takes nothing."""
    if found := known(export):
        return found
    try:
        root().mkdir(parents=True, exist_ok=True)
        with tried(lambda: file_lock(root() / ".lock"), pause=PAUSE, times=TRIES) as is_ours:
            if not is_ours:
                raise StillBeingMade(export.plain_name)
            return known(export) or _make(export)
    except OSError as error:
        raise FilesAway(str(error)) from error


def opened(export: Export) -> tuple[Made, BufferedReader]:
    """The file at its first byte, its digest compared; one that does not fit is made again. Raises StillBeingMade."""
    found = made(export)
    stream = opened_at(export.path, found.sha256)
    if stream is None:
        logger.error("Export %s was damaged and is made again", export.path)
        _beside(export.path).unlink(missing_ok=True)
        found = made(export)
        stream = opened_at(export.path, found.sha256)
    if stream is None:
        raise StillBeingMade(export.plain_name)
    return found, stream


def manifest(shelf: Shelf) -> dict:
    """What a client needs to take every file of a shelf and to prove that it has it whole. Raises StillBeingMade where they
    are not all made within one request: whoever asks again goes on."""
    edition = shelf.edition
    return {
        "edition": edition.number,
        "as_of": edition.day.isoformat(),
        "head": edition.head,
        "batch": shelf.batch.slug if shelf.batch else None,
        "files": [_told(export, found) for export, found in _all_made(shelf)],
    }


def _all_made(shelf: Shelf) -> Iterator[tuple[Export, Made]]:
    until, has_made = time.monotonic() + MANIFEST_SECONDS, False
    for export in shelf.files:
        if known(export) is None:
            if has_made and time.monotonic() >= until:
                raise StillBeingMade(export.plain_name)
            has_made = True
        yield export, made(export)


def _told(export: Export, found: Made) -> dict:
    return {
        "register": export.register,
        "href": f"{settings.SITE_URL}{export.href}",
        "name": export.plain_name,
        "media_type": export.media_type,
        "rows": found.rows,
        "bytes": found.size,
        "sha256": found.sha256,
    }


def sweep(newest: Shelf | None) -> None:
    """Away with what is left over, and, beyond the limit, with what was made longest ago. The newest lists stay."""
    take_away_leftovers()
    folders = sorted(_folders(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    room = settings.EXPORTS_MAX_BYTES
    for folder in sorted(folders, key=lambda one: newest is None or one != newest.folder):
        room -= sum(path.stat().st_size for path in folder.iterdir())
        if room < 0 and (newest is None or folder != newest.folder):
            shutil.rmtree(folder, ignore_errors=True)


def take_away_leftovers() -> None:
    for path in leftovers():
        _take_away(path)


def leftovers() -> list[Path]:
    """What no shelf names any more, and what broke off. A process that was killed leaves it, or a reader of a replica that
    did not know of a redaction yet."""
    now, broken_off = era(), time.time() - UNFINISHED_SECONDS
    former = [path for path in root().glob("*") if path.is_dir() and path.name != now]
    return [*former, *(path for path in root().glob(f"{UNFINISHED}*") if _written_at(path) < broken_off)]


def forget_everything() -> None:
    """After a redaction: any of them may hold what was taken away."""
    for folder in root().glob("*"):
        if folder.is_dir():
            _take_away(folder)


def _make(export: Export) -> Made:
    """Raises Overtaken when the file must not be kept. The folder of a shelf asks for redactions once, so a new one is asked."""
    began = time.monotonic()
    rows, digest = export.rows(), hashlib.sha256()
    handle, temporary = tempfile.mkstemp(prefix=UNFINISHED, dir=root())
    try:
        with os.fdopen(handle, "wb") as out:
            for block in as_bytes(export.extension, rows, export.title, export.shelf.reading):
                out.write(block)
                digest.update(block)
            found = Made(rows.total, out.tell(), digest.hexdigest())
        export.path.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(temporary, READABLE)
        os.replace(temporary, export.path)
        write_whole(_beside(export.path), json.dumps(asdict(found)).encode())
    except FileNotFoundError as error:  # its folder was taken away
        Path(temporary).unlink(missing_ok=True)
        raise Overtaken(export.plain_name) from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _refuse_overtaken(export)
    seconds = time.monotonic() - began
    logger.info("Export %s: %d rows, %d bytes, %.1f s", export.path.name, found.rows, found.size, seconds)
    return found


def _refuse_overtaken(export: Export) -> None:
    """Asked when the file stands: a redaction that comes later finds it and takes it away itself. The primary is asked, for a
    replica may not have it yet; none comes while that is away."""
    try:
        with pinned(DEFAULT_DB_ALIAS):
            now = Shelf(export.shelf.edition, export.shelf.batch).folder
    except (DatabaseError, InterfaceError) as error:
        if reading_from() == DEFAULT_DB_ALIAS or fault_of(error) is not Fault.AWAY:
            raise
        return
    if now != export.shelf.folder:
        shutil.rmtree(export.shelf.folder, ignore_errors=True)
        raise Overtaken(export.plain_name)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _folders() -> list[Path]:
    return [path for path in root().glob("*/*") if path.is_dir()]


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # it was finished meanwhile
        return time.time()


def _take_away(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
