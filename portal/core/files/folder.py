"""Stored contents in a folder, which one machine has or several mount."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from portal.core.busy import FilesAway

from .models import StoredFile
from .once import sync_folder
from .proven import opened_at


class Folder:
    """The depot of an installation that names no bucket (see `depot`)."""

    def place(self, root: str, sha256: str) -> str:
        return str(path_of(root, sha256))

    def write(self, root: str, sha256: str, content: bytes) -> None:
        try:
            write_whole(path_of(root, sha256), content)
        except OSError as error:
            raise FilesAway(str(error)) from error

    def read(self, root: str, sha256: str) -> bytes:
        return path_of(root, sha256).read_bytes()

    def opened(self, root: str, sha256: str) -> BinaryIO | None:
        return opened_at(path_of(root, sha256), sha256)

    @contextmanager
    def as_path(self, root: str, sha256: str) -> Iterator[Path]:
        yield path_of(root, sha256)

    def is_whole(self, root: str, sha256: str) -> bool:
        """A link is none of ours: what it leads to may be anybody's."""
        path = path_of(root, sha256)
        try:
            return not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        except OSError:
            return False

    def holds(self, root: str, sha256: str) -> bool:
        return path_of(root, sha256).exists()

    def remove(self, root: str, sha256: str) -> None:
        try:
            path_of(root, sha256).unlink(missing_ok=True)
        except OSError as error:
            raise FilesAway(str(error)) from error

    def everything(self) -> Iterator[tuple[str, str, float]]:
        for root in StoredFile.Root.values:
            for path in sorted((Path(settings.FILES_ROOT) / root).glob("??/*")):
                if path.is_file():
                    yield root, path.parent.name + path.name, path.stat().st_mtime

    def is_open_to_all(self, root: str, sha256: str) -> bool:
        return False  # no server gives it out but the portal


def path_of(root: str, sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / root / sha256[:2] / sha256[2:]


def write_whole(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a cut-off never leaves half a file under its final name; a full disk leaves none at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
    sync_folder(path.parent)
