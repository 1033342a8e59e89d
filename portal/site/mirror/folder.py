"""The folder of a copy: what is new is laid beside it, then put into place by renaming, what names it all last.

A run that is killed leaves the folder as it was, or a plan; the next run carries the plan out first. So a web server that
gives the folder out shows the former copy or, for the moment that the renaming takes, pages of both.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portal.core.files.once import sync_folder
from portal.core.locks import file_lock
from portal.core.workflow import NotAllowed

MANIFEST, NOTE = "manifest.json", "manifest.note"
BESIDE, LOCK = ".mirror", ".mirror.lock"
LAST = ("copy.html", "edition.js", "edition.css", "index.html", NOTE, MANIFEST)  # in this order
READABLE = 0o644


@dataclass(frozen=True)
class Staging:
    """Takes the files of a copy and keeps those that differ from what the folder has."""

    folder: Path

    @property
    def beside(self) -> Path:
        return self.folder / BESIDE

    @property
    def new(self) -> Path:
        return self.beside / "new"

    @property
    def plan(self) -> Path:
        return self.beside / "plan.json"

    def put(self, file: str, content: bytes) -> str:
        """The digest of the content. A file may be put again: what was put last counts."""
        path = self.new / file
        if self._present(file) == content:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(READABLE)
        return hashlib.sha256(content).hexdigest()

    def _present(self, file: str) -> bytes | None:
        path = self.folder / file
        try:
            return None if path.is_symlink() else path.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


@dataclass(frozen=True)
class Done:
    written: int
    removed: int
    files: int


@contextmanager
def opened(folder: Path) -> Iterator[Staging]:
    """A new folder, or one that holds a copy; alone. Raises NotAllowed. What a killed run had decided is done first."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / MANIFEST).exists() and not _is_ours(folder):
        raise NotAllowed(
            "mirror.folder", f"{folder} 里有别的文件，又没有副本的 {MANIFEST}。请换一个空文件夹。"
        )
    staging = Staging(folder)
    with file_lock(folder / LOCK, vanishes=True) as is_ours:
        if not is_ours:
            raise NotAllowed("mirror.busy", f"另一个进程正在写 {folder}。")
        if staging.plan.exists():
            _carry_out(staging)
        shutil.rmtree(staging.beside, ignore_errors=True)
        staging.new.mkdir(parents=True)
        yield staging
        shutil.rmtree(staging.beside)


def _is_ours(folder: Path) -> bool:
    """Empty, or a first run that was killed."""
    return all(path.name in (BESIDE, LOCK) for path in folder.iterdir()) or (folder / BESIDE).is_dir()


def finish(staging: Staging, files: set[str]) -> Done:
    """The folder holds exactly these files; of others only those go that an earlier copy put there."""
    written = sorted(str(path.relative_to(staging.new)) for path in staging.new.rglob("*") if path.is_file())
    removed = sorted({*former(staging.folder), NOTE} - files)
    plan = {"written": _ordered(written), "removed": removed}
    _write(staging.plan, json.dumps(plan).encode())
    _carry_out(staging)
    return Done(len(written), len(removed), len(files))


def former(folder: Path) -> set[str]:
    """The files that the manifest of the folder names. It may have been tampered with: nothing outside the folder is one."""
    try:
        named = json.loads((folder / MANIFEST).read_bytes())["files"]
    except (FileNotFoundError, ValueError, KeyError):
        return set()
    return {name for name in named if _is_inside(name)}


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and path.parts[0] != BESIDE


def _ordered(files: Iterable[str]) -> list[str]:
    """What pages are made with, what others lead to, and what says which edition it is at the end."""
    return sorted(files, key=lambda file: (LAST.index(file) if file in LAST else -1, file.endswith(".html")))


def _carry_out(staging: Staging) -> None:
    """May be broken off and begun again at any place."""
    plan = json.loads(staging.plan.read_bytes())
    for file in plan["written"]:
        source, target = staging.new / file, staging.folder / file
        if source.exists():  # else an earlier run has put it there
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
    for file in plan["removed"]:
        (staging.folder / file).unlink(missing_ok=True)
        _take_away_empty((staging.folder / file).parent, staging.folder)
    sync_folder(staging.folder)
    staging.plan.unlink()


def _take_away_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: half a plan would be carried out as one."""
    beside = path.with_suffix(".part")
    beside.write_bytes(content)
    os.replace(beside, path)
