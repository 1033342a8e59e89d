"""Jobs of publication, run by the worker beside the server."""

from portal.core.jobs.terms import job

from .models import Batch
from .search.preparation import ensure_prepared


@job(seconds=1800)
def prepare_index(batch_id: int) -> None:
    """Index a frozen batch ahead of its publication; publication itself does what is still missing."""
    batch = Batch.objects.frozen().filter(pk=batch_id).first()
    if batch is not None:
        ensure_prepared(batch)
