"""Backups that are made by themselves: one a day, some of them kept, one of them proved each week."""

import datetime
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal.core.schedule.acts import Report
from portal.core.workflow import NotAllowed

from .backup import backup
from .manifest import NAME as MANIFEST
from .restoring import prove

NAME = "%Y-%m-%dT%H%M%S"


def back_up() -> Report:
    """Write today's backup, then drop what is neither among the newest days nor the newest weeks."""
    folder = Path(settings.BACKUP_DIR) / timezone.localtime().strftime(NAME)
    try:
        done = backup(folder)
    except NotAllowed as refusal:
        return Report(refusal.sentence, is_good=False)
    dropped = _drop_old()
    told = f"已备份到 {folder.name}：第{done.edition}版，{len(done.files)} 个文件；清除旧备份 {dropped} 份。"
    if done.damaged:
        return Report(f"{told}{len(done.damaged)} 个存放的文件已损坏，没有带上。", is_good=False)
    return Report(told)


def prove_newest() -> Report:
    """Restore the newest backup into a database of its own, and take that away again."""
    kept = whole_backups()
    if not kept:
        return Report("还没有备份可以演练。", is_good=False)
    try:
        said = prove(kept[-1])
    except NotAllowed as refusal:
        return Report(f"{kept[-1].name}：{refusal.sentence}", is_good=False)
    return Report(f"{kept[-1].name} 能够恢复：第{said.edition}版，摘要链完好，{len(said.files)} 个文件相符。")


def whole_backups() -> list[Path]:
    """The oldest first. A folder without a manifest is one that was broken off, or nothing of ours."""
    root = Path(settings.BACKUP_DIR)
    return sorted(
        folder for folder in root.glob("*T*") if _taken_at(folder) and (folder / MANIFEST).is_file()
    )


def newest_taken_at() -> datetime.datetime | None:
    """When the newest whole backup was begun; None where there is none, or nobody asked for backups."""
    kept = whole_backups() if settings.BACKUP_DIR else []
    taken_at = _taken_at(kept[-1]) if kept else None
    return timezone.make_aware(taken_at) if taken_at else None


def to_keep(folders: Iterable[Path], *, days: int, weeks: int) -> set[Path]:
    """The newest of each of the last `days` days that have one, and of each of the last `weeks` weeks."""
    newest_first = sorted(folders, reverse=True)
    by_day: dict[str, Path] = {}
    by_week: dict[str, Path] = {}
    for folder in newest_first:
        taken_at = _taken_at(folder)
        if taken_at is not None:
            by_day.setdefault(f"{taken_at:%Y-%m-%d}", folder)
            by_week.setdefault(f"{taken_at:%G-%V}", folder)
    return {*list(by_day.values())[:days], *list(by_week.values())[:weeks]}


def _drop_old() -> int:
    """Also what was broken off a day ago or earlier."""
    kept = to_keep(whole_backups(), days=settings.BACKUP_DAYS, weeks=settings.BACKUP_WEEKS)
    limit = timezone.localtime().replace(tzinfo=None) - datetime.timedelta(days=1)
    dropped = 0
    for folder in Path(settings.BACKUP_DIR).glob("*T*"):
        taken_at = _taken_at(folder)
        is_broken = taken_at is not None and taken_at < limit and not (folder / MANIFEST).is_file()
        if folder.is_symlink():
            continue  # somebody else put it there
        if taken_at is not None and (is_broken or (folder not in kept and (folder / MANIFEST).is_file())):
            shutil.rmtree(folder)
            dropped += 1
    return dropped


def _taken_at(folder: Path) -> datetime.datetime | None:
    """None for what does not bear a name of ours: it is nobody's business here."""
    try:
        return datetime.datetime.strptime(folder.name, NAME)
    except ValueError:
        return None
