"""Makers for the notice board: a notice as a row, and one that has gone the whole way."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from events.notices import indexing, workflow
from events.notices.models import Notice, NoticeVersion
from portal.core.editions.release import release_record
from portal.core.workflow import versions
from tests.make import make_user

USUAL: dict[str, Any] = {
    "kind": "news",
    "title": "江西省启动活动",
    "dated_on": date(2023, 9, 1),
    "source": "公开报道",
    "body": "<p>正文</p>",
}


def make_version(notice: Notice | None = None, **changes: Any) -> NoticeVersion:
    """Unsaved, and not checked by anybody."""
    notice = notice or Notice.objects.create()
    return NoticeVersion(notice=notice, key=notice.key, **USUAL | changes)


def put(notice: Notice | None = None, **changes: Any) -> NoticeVersion:
    """A public version without the steps that lead there."""
    version = make_version(notice, state="published", **changes)
    release_record(version)
    if not version.is_withdrawn:
        indexing.prepare([version])
    return version


def draft(editor: Any, notice: Notice | None = None, **changes: Any) -> NoticeVersion:
    version = versions.new_version(NoticeVersion, notice or Notice.objects.create(), by=editor)
    for name, value in (USUAL | changes).items():
        setattr(version, name, value)
    version.key = version.notice.key
    version.save()
    return version


def published(editor: Any, notice: Notice | None = None, **changes: Any) -> NoticeVersion:
    """Written by `editor`, published by another."""
    version = workflow.submit(draft(editor, notice, **changes), by=editor, reason="测试")
    return workflow.publish(version, by=make_user("reviewer"))


def form_of(version: NoticeVersion | None = None, **fields: Any) -> dict[str, Any]:
    """What the desk's form sends: the fields of a version, rows for two pictures and an attachment."""
    shown = version or make_version(Notice(pk=0))
    names: tuple[str, ...] = (
        "kind",
        "title",
        "summary",
        "date_note",
        "source",
        "original_link",
        "document_number",
        "issuer",
    )
    names += ("in_force", "contact", "body", "change_note", "dated_precision")
    sent = {name: getattr(shown, name) for name in names}
    sent |= {
        name: getattr(shown, name) or "" for name in ("dated_on", "open_until", "publish_on", "pinned_until")
    }
    sent |= {
        name: "、".join(getattr(shown, name)) for name in ("batches", "enterprises", "regions", "activities")
    }
    for prefix, total in (("pictures", 2), ("attachments", 1)):
        sent |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": 0}
    return sent | fields | {"_save": "1"}


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
