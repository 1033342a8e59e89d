"""Keeps what a check found with its run."""

from django.db import transaction

from catalog.publication.publishing.locks import lock_registers
from portal.core.editions.models import Edition
from portal.core.files.store import erase

from ..models import ImportRun


def keep_unless_redacted(run: ImportRun, *, since: int) -> bool:
    """Save what a check found. Not after a redaction that came since that edition: what was read before it may hold what was
    taken away, and so may the annotated copy, which is erased then."""
    with transaction.atomic():
        ImportRun.objects.select_for_update().get(pk=run.pk)
        lock_registers()  # a redaction holds them until it is through
        if not Edition.objects.filter(cause=Edition.Cause.REDACTION, number__gt=since).exists():
            run.save(update_fields=["report", "marked", "progress", "total", "state", "updated_at"])
            return True
    if run.marked:
        erase(run.marked)
    return False
