"""A folder that holds everything, and the way back from it."""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from catalog.publication.verify import all_faults
from portal.editions import protection
from portal.editions.models import Edition
from portal.pages import cache
from portal.workflow import NotAllowed

from . import database

MANIFEST = "manifest.json"
FILES = "files"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `edition` and `head` are those of the newest edition in it."""

    at: str
    database: str
    sha256: str
    edition: int
    head: str
    files: int


def backup(folder: Path) -> Manifest:
    """Write database, files and manifest into a new or empty folder. The manifest comes last: without it there is no backup."""
    if folder.exists() and any(folder.iterdir()):
        raise NotAllowed("backup.folder", f"「{folder}」不是空文件夹，请换一个，免得混入别的备份。")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = folder / database.file_name()
    newest = Edition.objects.order_by("-number").first()  # first: files and rows are only ever added
    database.dump(copy)
    count = _copy_new(Path(settings.FILES_ROOT), folder / FILES)
    manifest = Manifest(
        at=timezone.now().isoformat(),
        database=copy.name,
        sha256=_sha256(copy),
        edition=newest.number if newest else 0,
        head=newest.head if newest else "",
        files=count,
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    return manifest


def restore(folder: Path, *, replacing: bool = False) -> Manifest:
    """Bring a backup back, then prove it: the database is that of the manifest and the chain is whole.

    Raises NotAllowed, and changes nothing, for a folder that is no whole backup, or where something is published here
    already and `replacing` was not said.
    """
    manifest = _read(folder)
    if Edition.objects.exists() and not replacing:
        raise NotAllowed("restore.not_empty", "本数据库已有公布的内容。确要用备份替换，请加 --replace。")
    _copy_new(folder / FILES, Path(settings.FILES_ROOT))
    protection.remove()
    database.load(folder / manifest.database)
    call_command(
        "migrate", verbosity=0, interactive=False
    )  # an older backup gets the newer tables, and the triggers
    cache.clear()
    _prove(manifest)
    return manifest


def _read(folder: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NotAllowed(
            "restore.manifest", f"「{folder}」里没有完整的备份（缺 {MANIFEST} 或内容不对）。"
        ) from error
    copy = folder / manifest.database
    if manifest.database != database.file_name():
        raise NotAllowed(
            "restore.database", f"备份是 {manifest.database}，本处的数据库用的是另一种，不能直接恢复。"
        )
    if not copy.is_file() or _sha256(copy) != manifest.sha256:
        raise NotAllowed(
            "restore.damaged", f"{manifest.database} 缺失或与清单的校验值不符，备份已损坏，请换一份。"
        )
    return manifest


def _prove(manifest: Manifest) -> None:
    kept = Edition.objects.filter(pk=manifest.edition).values_list("head", flat=True).first() or ""
    faults = list(islice(all_faults(), 5))
    if kept != manifest.head or faults:
        named = "；".join(str(fault) for fault in faults) or "链头不同"
        raise NotAllowed("restore.chain", f"恢复后的内容与备份清单不符：{named}。请换一份备份。")


def _copy_new(source: Path, target: Path) -> int:
    """Copy what is missing: a stored file never changes, its name is its digest. Returns how many files there are."""
    count = 0
    for path in sorted(source.rglob("*")) if source.is_dir() else []:
        if path.is_file():
            count += 1
            copy = target / path.relative_to(source)
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy)
    return count


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
