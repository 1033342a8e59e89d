"""A folder that holds everything: the database at one moment, the stored files, and a manifest that names each byte."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from portal.core.busy import FilesAway
from portal.core.editions.models import Edition
from portal.core.files.depot import depot
from portal.core.files.folder import write_whole
from portal.core.workflow import NotAllowed

from . import database, manifest
from .manifest import FILES, Entry, Manifest


def backup(folder: Path) -> Manifest:
    """Write database, files and manifest into a new or empty folder. Stored files that are damaged are named, not taken along."""
    if folder.exists() and any(folder.iterdir()):
        raise NotAllowed("backup.folder", f"「{folder}」不是空文件夹，请换一个，免得混入别的备份。")
    try:
        return _written(folder)
    except OSError as error:
        raise NotAllowed(
            "backup.disk", f"备份没有写完（{error}）。请腾出空间，换一个空文件夹再来。"
        ) from error


def _written(folder: Path) -> Manifest:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = folder / database.file_name()
    newest = Edition.objects.order_by("-number").first()  # first: files and rows are only ever added
    database.dump(copy)
    entries, damaged = _copied_files(folder)
    said = Manifest(
        at=timezone.now().isoformat(),
        database=copy.name,
        edition=newest.number if newest else 0,
        head=newest.head if newest else "",
        entries=(Entry(copy.name, copy.stat().st_size, manifest.sha256_of(copy)), *entries),
        damaged=tuple(damaged),
    )
    manifest.write(folder, said)
    return said


def _copied_files(folder: Path) -> tuple[list[Entry], list[str]]:
    """What was copied, and the paths of what is damaged here already: it must not mend anything later."""
    entries: list[Entry] = []
    damaged: list[str] = []
    for root, sha256, name in _stored():
        try:
            content = depot().read(root, sha256)
        except FileNotFoundError:
            continue  # erased since it was listed
        except FilesAway:
            raise  # says nothing of the file
        except OSError:
            damaged.append(name)
            continue
        entry = Entry(name, len(content), hashlib.sha256(content).hexdigest())
        if entry.sha256 != sha256:
            damaged.append(name)
            continue
        write_whole(folder / name, content)
        entries.append(entry)
    return entries, damaged


def _stored() -> Iterator[tuple[str, str, str]]:
    """Stored files, root and digest, with their path in a backup; half-written ones have other names."""
    for root, sha256, _written_at in depot().everything():
        name = f"{FILES}/{root}/{sha256[:2]}/{sha256[2:]}"
        if manifest.STORED.fullmatch(name):
            yield root, sha256, name
