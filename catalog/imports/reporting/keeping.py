"""Keeps what a check found with its run."""

from pathlib import Path

from django.db import transaction

from catalog.publication.publishing.locks import lock_registers
from portal.core.editions.models import Edition
from portal.core.files.store import store

from ..models import ImportRun

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def keep_unless_redacted(run: ImportRun, marked: bytes, *, since: int) -> bool:
    """Save what a check found, with the annotated copy where there is one. Not after a redaction that came since that
    edition: what was read before it may hold what was taken away, and so may the copy."""
    with transaction.atomic():
        ImportRun.objects.select_for_update().get(pk=run.pk)
        lock_registers()  # a redaction holds them until it is through
        if Edition.objects.filter(cause=Edition.Cause.REDACTION, number__gt=since).exists():
            return False
        name = f"{Path(run.file.name).stem}（已标注）.xlsx"
        run.marked = store(marked, name=name, media_type=XLSX, by=run.created_by) if marked else None
        run.save(update_fields=["report", "marked", "progress", "total", "state", "updated_at"])
    return True
