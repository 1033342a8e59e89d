"""The folder of a copy: what is new is laid beside it, then put into place by renaming, what names it all last.

A run that is killed leaves the folder as it was, or a plan; the next run carries the plan out first. So a web server that
gives the folder out shows the former copy or, for the moment that the renaming takes, pages of both.

A folder comes back on a stick from anywhere: a plan counts only with the signature of this installation, a name only inside
the folder, and nothing is put or taken away through a symbolic link.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.signing import BadSignature, Signer

from portal.core.files.once import sync_folder
from portal.core.locks import file_lock
from portal.core.workflow import NotAllowed

FORMAT = "mirror/1"
MANIFEST, NOTE = "manifest.json", "manifest.note"
BESIDE, LOCK = ".mirror", ".mirror.lock"
LAST = ("copy.html", "edition.js", "edition.css", "index.html", NOTE, MANIFEST)  # in this order
READABLE = 0o644
LONGEST = 255  # bytes of a name


@dataclass(frozen=True)
class Staging:
    """Takes the files of a copy and keeps those that differ from what the folder has."""

    folder: Path
    era: str = ""  # between two redactions: what another one drew may hold what was taken away

    @property
    def beside(self) -> Path:
        return self.folder / BESIDE

    @property
    def new(self) -> Path:
        return self.beside / "new"

    @property
    def plan(self) -> Path:
        return self.beside / "plan"

    def put(self, file: str, content: bytes) -> str:
        """The digest of the content. A file may be put again: what was put last counts. Raises NotAllowed."""
        path = self.new / file
        place(self.folder, file)
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
def opened(folder: Path, era: str = "") -> Iterator[Staging]:
    """A new folder, or one that holds a copy; alone. Raises NotAllowed. What a killed run had decided is done first; what a
    refused one has drawn does not stay: it may be what was redacted meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    staging = Staging(folder, era)
    if not _is_ours(staging):
        raise NotAllowed(
            "mirror.folder", f"{folder} 里有别的文件，又没有副本的 {MANIFEST}。请换一个空文件夹。"
        )
    if (folder / LOCK).is_symlink():
        raise in_the_way(folder / LOCK)
    place(folder, f"{BESIDE}/{staging.plan.name}")
    with file_lock(folder / LOCK, vanishes=True) as is_ours:
        if not is_ours:
            raise NotAllowed("mirror.busy", f"另一个进程正在写 {folder}。")
        if plan := _known_plan(staging):
            _carry_out(staging, plan)
        shutil.rmtree(staging.beside, ignore_errors=True)
        staging.new.mkdir(parents=True)
        try:
            yield staging
        finally:
            if not staging.plan.exists():
                shutil.rmtree(staging.beside)


def _is_ours(staging: Staging) -> bool:
    """It holds a copy, or nothing, or a first run that was killed."""
    if (staging.folder / MANIFEST).exists():
        return _named(staging.folder) is not None
    return (
        all(path.name in (BESIDE, LOCK) for path in staging.folder.iterdir())
        or _known_plan(staging) is not None
    )


def finish(staging: Staging, files: set[str]) -> Done:
    """The folder holds exactly these files; of others only those go that an earlier copy put there."""
    written = sorted(str(path.relative_to(staging.new)) for path in staging.new.rglob("*") if path.is_file())
    removed = sorted({*former(staging.folder), NOTE} - files)
    plan = {"era": staging.era, "written": _ordered(written), "removed": removed}
    _places(staging, plan)  # a plan that will be refused is not written
    _write(staging.plan, _signer().sign_object(plan).encode())
    _carry_out(staging, plan)
    return Done(len(written), len(removed), len(files))


def former(folder: Path) -> set[str]:
    """The files that the manifest of the folder names."""
    return _named(folder) or set()


def _named(folder: Path) -> set[str] | None:
    """None where the manifest is not one of a copy, or was tampered with: it names what lies outside the folder."""
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    files = said.get("files") if isinstance(said, dict) and said.get("format") == FORMAT else None
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        return None
    return set(files) if all(map(_is_inside, files)) else None


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or "/".join(parts) != name or not name.isprintable():
        return False
    is_short = all(len(part.encode()) <= LONGEST for part in parts)
    return is_short and ".." not in parts and parts[0].casefold() not in (BESIDE, LOCK)


def _ordered(files: Iterable[str]) -> list[str]:
    """What pages are made with, what others lead to, and what says which edition it is at the end."""
    return sorted(files, key=lambda file: (LAST.index(file) if file in LAST else -1, file.endswith(".html")))


Plan = dict[str, Any]  # "era", and "written" and "removed": names of files


def _signer() -> Signer:
    return Signer(salt="portal.site.mirror.plan")


def _known_plan(staging: Staging) -> Plan | None:
    """None also where another installation wrote it, or a stranger."""
    try:
        plan: Plan = _signer().unsign_object(staging.plan.read_bytes().decode(errors="replace"))
    except (OSError, BadSignature):
        return None
    names = {*plan["written"], *plan["removed"]}
    if not all(map(_is_inside, names)):
        return None
    if plan["era"] != staging.era:  # what it put there goes; what the manifest names is drawn anew
        return {"written": [], "removed": sorted(names - former(staging.folder) - {MANIFEST, NOTE})}
    return plan


def _carry_out(staging: Staging, plan: Plan) -> None:
    """May be broken off and begun again at any place. Raises NotAllowed before it changes anything."""
    written, removed = _places(staging, plan)
    for source, target in written:
        if source.exists():  # else an earlier run has put it there
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
    for target in removed:
        target.unlink(missing_ok=True)
        _take_away_empty(target.parent, staging.folder)
    sync_folder(staging.folder)
    staging.plan.unlink()


def _places(staging: Staging, plan: Plan) -> tuple[list[tuple[Path, Path]], list[Path]]:
    """From where to where files go, and which go away. Raises NotAllowed."""
    written = [
        (place(staging.beside, f"{staging.new.name}/{file}"), place(staging.folder, file))
        for file in plan["written"]
    ]
    return written, [place(staging.folder, file) for file in plan["removed"]]


def place(folder: Path, file: str) -> Path:
    """Where a file lies that may be put or taken away. Raises NotAllowed. The folder itself may be a symbolic link."""
    path = folder / file
    for parent in list(PurePosixPath(file).parents)[:-1]:
        above = folder / parent
        if above.is_symlink() or (above.exists() and not above.is_dir()):
            raise in_the_way(above)
    if path.is_dir() and not path.is_symlink():
        raise in_the_way(path)
    return path


def in_the_way(path: Path) -> NotAllowed:
    return NotAllowed(
        "mirror.place",
        f"{path} 挡住了副本：它是符号链接，或文件和文件夹弄反了。请移走它，或换一个空文件夹。",
    )


def _take_away_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: half a plan would be carried out as one."""
    beside = path.with_suffix(".part")
    beside.write_bytes(content)
    os.replace(beside, path)
