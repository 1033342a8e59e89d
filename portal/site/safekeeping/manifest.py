"""What a backup says of itself: every file in it with size and SHA-256, the newest edition, and a digest over all that."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portal.core.editions.digest import canonical
from portal.core.files.folder import write_whole
from portal.core.workflow import NotAllowed

NAME = "manifest.json"
FILES = "files"
FORMAT = 2
STORED = re.compile(rf"{FILES}/(public|private)/([0-9a-f]{{2}})/([0-9a-f]{{62}})")
DATABASES = {"portal.sqlite3": "SQLite", "portal.dump": "PostgreSQL"}
MOST_NAMED = 5


@dataclass(frozen=True)
class Entry:
    """One file of the backup; `path` is relative to its folder."""

    path: str
    size: int
    sha256: str

    @property
    def stored_as(self) -> tuple[str, str] | None:
        """(root, digest) of a stored file, whose name is its digest; None for the database."""
        named = STORED.fullmatch(self.path)
        return (named[1], named[2] + named[3]) if named else None


@dataclass(frozen=True)
class Manifest:
    """`edition` and `head` are those of the newest edition in it; `damaged` names stored files that could not be taken along."""

    at: str
    database: str
    edition: int
    head: str
    entries: tuple[Entry, ...]
    damaged: tuple[str, ...] = ()

    @property
    def files(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.stored_as]


def write(folder: Path, manifest: Manifest) -> None:
    """The last thing that is written, and on the disk when this returns: without it there is no backup."""
    said = {"format": FORMAT, **asdict(manifest)}
    text = json.dumps(said | {"sha256": _guard(said)}, ensure_ascii=False, indent=1)
    write_whole(folder / NAME, text.encode())


def read(folder: Path) -> Manifest:
    """Raises NotAllowed for a folder whose manifest is missing, torn, altered, or names a path that is none of a backup."""
    try:
        said = json.loads((folder / NAME).read_text(encoding="utf-8"))
        manifest = _read_first_format(folder, said) if "format" not in said else _checked(said)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NotAllowed(
            "restore.manifest", f"「{folder}」里没有完整的备份（缺 {NAME} 或内容不对）。请换一份备份。"
        ) from error
    _refuse_strange_paths(manifest)
    return manifest


def refuse_damaged(folder: Path, manifest: Manifest) -> None:
    """Read every byte that the manifest names. Raises NotAllowed with the paths that are missing or differ."""
    damaged = [entry.path for entry in manifest.entries if not _is_sound(folder, entry)]
    if damaged:
        more = f"等 {len(damaged)} 个" if len(damaged) > MOST_NAMED else ""
        named = "、".join(damaged[:MOST_NAMED])
        raise NotAllowed(
            "restore.damaged", f"备份已损坏：{named}{more}，缺失或与清单的校验值不符。请换一份备份。"
        )


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _guard(said: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(said)).hexdigest()


def _checked(said: dict[str, Any]) -> Manifest:
    guard = said.pop("sha256")
    if said.pop("format") != FORMAT or guard != _guard({"format": FORMAT, **said}):
        raise ValueError(NAME)
    entries = tuple(
        Entry(str(entry["path"]), int(entry["size"]), str(entry["sha256"])) for entry in said.pop("entries")
    )
    said |= {"edition": int(said["edition"]), "damaged": tuple(said["damaged"])}
    return Manifest(**said, entries=entries)


def _read_first_format(folder: Path, said: dict[str, Any]) -> Manifest:
    """Of before the entries: the digest of the database, and how many stored files, whose names are their digests."""
    copy = folder / said["database"]
    found = tuple(_named_by_digest(folder))
    size = copy.stat().st_size if said["database"] in DATABASES and copy.is_file() else 0
    if len(found) != said["files"]:
        raise NotAllowed(
            "restore.damaged",
            f"备份已损坏：{FILES} 里应有 {said['files']} 个文件，只找到 {len(found)} 个。请换一份备份。",
        )
    entries = (Entry(said["database"], size, said["sha256"]), *found)
    return Manifest(said["at"], said["database"], said["edition"], said["head"], entries)


def _named_by_digest(folder: Path) -> Iterator[Entry]:
    for path in sorted((folder / FILES).rglob("*")):
        entry = Entry(path.relative_to(folder).as_posix(), path.lstat().st_size, path.parent.name + path.name)
        if entry.stored_as:
            yield entry


def _refuse_strange_paths(manifest: Manifest) -> None:
    """A path leads nowhere but to the database and to stored files, each once and under its own digest."""
    strange = [entry.path for entry in manifest.entries if not _is_known(manifest, entry)]
    paths = [entry.path for entry in manifest.entries]
    if strange or len(set(paths)) != len(paths) or paths.count(manifest.database) != 1:
        named = "、".join(map(repr, strange[:MOST_NAMED])) or manifest.database
        raise NotAllowed("restore.path", f"清单里有不属于备份的路径：{named}。这不是本门户的备份，请换一份。")


def _is_known(manifest: Manifest, entry: Entry) -> bool:
    stored = entry.stored_as
    return entry.path == manifest.database in DATABASES or (stored is not None and stored[1] == entry.sha256)


def _is_sound(folder: Path, entry: Entry) -> bool:
    """A link is not followed: it could lead out of the backup, and what it leads to is in no backup."""
    path = folder
    for part in Path(entry.path).parts:
        path = path / part
        if path.is_symlink():
            return False
    try:
        return path.is_file() and path.stat().st_size == entry.size and sha256_of(path) == entry.sha256
    except OSError:
        return False
