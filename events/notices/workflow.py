"""The steps of a notice: those of every version, with the index prepared before publication and the files opened by it."""

import datetime
from types import EllipsisType

from portal.core.editions import clock
from portal.core.files.shown import publish_files
from portal.core.files.store import DamagedFileError
from portal.core.workflow import versions

from . import indexing
from .checks import faults
from .models import Notice, NoticeVersion


def submit(version: NoticeVersion, *, by, reason: str = "", checks: versions.Check = faults) -> NoticeVersion:
    return versions.submit(version, by=by, checks=checks, reason=reason, then=_index)


def send_back(version: NoticeVersion, *, by, reason: str) -> NoticeVersion:
    return versions.send_back(version, by=by, reason=reason, then=indexing.withdraw)


def publish(
    version: NoticeVersion,
    *,
    by,
    reason: str = "",
    checks: versions.Check = faults,
    read_at: datetime.datetime | None = None,
    publish_on: datetime.date | EllipsisType | None = ...,
) -> NoticeVersion:
    """Publish what was reviewed, and indexed with its submission. Its files are opened to the public as the last check."""

    def checked(locked: NoticeVersion) -> list[str]:
        found = checks(locked)
        return found or _open_files(locked)

    return versions.publish(
        version, by=by, checks=checked, reason=reason, read_at=read_at, publish_on=publish_on
    )


def withdraw(notice: Notice, *, by, reason: str) -> NoticeVersion:
    return versions.withdraw(NoticeVersion, notice, by=by, reason=reason)


def column_left_empty(version: NoticeVersion) -> str:
    """A sentence when nothing else of the version's column would be left; empty otherwise."""
    others = NoticeVersion.objects.current().due(clock.today()).standing().filter(kind=version.kind)
    if others.exclude(notice=version.notice_id).exists():
        return ""
    return f"撤下后「{version.get_kind_display()}」这个栏目就空了。"


def _index(version: NoticeVersion) -> None:
    """With the submission, while the version is held: what is sent back at the same moment leaves no words behind."""
    indexing.prepare([version])


def _open_files(version: NoticeVersion) -> list[str]:
    try:
        publish_files([*version.shown_pictures, *version.shown_attachments], on=version.publish_on)
    except DamagedFileError:
        return ["图片或附件的文件已损坏，请退回后重新上传。"]
    return []
