"""The public site as it will be after a batch: published for as long as a page is read, in a transaction that is always taken
back.

Nothing of it outlives the page. No memory of the process recalls or keeps anything meanwhile (`portal.core.forgetting`), the
edition's token is drawn anew each time, so that not even a key could come again, and what hangs on a commit never happens.
The database is held as by a publication: so long drafts are submitted first, which lays their lines in beforehand.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone

from portal.core import replicas
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.editions.release import lock_editions
from portal.core.forgetting import forgetting
from portal.core.workflow import NotAllowed

from ..compiling.filling import refuse_unfinished
from ..compiling.problems import BatchRefused
from ..compiling.restating import problems_of_batch
from ..models import Batch
from ..search.bitmaps import prepare_bitmaps
from ..search.preparation import ensure_prepared
from . import freezing
from .checks import problems_on_publication
from .contents import contents_of, digest_of
from .going_public import released

State = Batch.State
MOST = 2_000  # entries of a draft: each page freezes them anew


@contextmanager
def as_published(batch: Batch) -> Iterator[Edition]:
    """Raises NotAllowed, and BatchRefused with what stands in the way of publication."""
    is_draft = batch.state == State.DRAFT
    if is_draft and batch.entries.count() > MOST:
        raise NotAllowed(
            "rehearsal.large",
            f"草稿超过 {MOST:,} 项，每看一页都要全部冻结一次，太慢。请先提交再预演；批准之前提交人可以收回。",
        )
    with (
        freezing.alone(batch) if is_draft else nullcontext(),
        replicas.pinned(DEFAULT_DB_ALIAS),
        forgetting(),
        transaction.atomic(),
    ):
        yield _published(batch)
        transaction.set_rollback(True)


def _published(batch: Batch) -> Edition:
    locked = Batch.objects.select_for_update().select_related("campaign").get(pk=batch.pk)
    if not locked.is_open:
        raise NotAllowed("rehearsal.state", f"这一批{locked.get_state_display()}，没有可以预演的。")
    if locked.state == State.DRAFT:
        _freeze(locked)
    problems = problems_on_publication(locked) or problems_of_batch(locked)
    if problems:
        raise BatchRefused(problems)
    ensure_prepared(locked)
    lock_editions()
    locked.edition = released(locked, contents_of(locked))
    locked.published_by, locked.state = locked.created_by, State.PUBLISHED
    locked.save()
    prepare_bitmaps(locked.edition, clock.today())
    return locked.edition


def _freeze(draft: Batch) -> None:
    """As a submission does, without its step: nobody has said anything yet."""
    laid = freezing.until_still(lambda: freezing.lay(draft, refuse_unfinished))
    if laid.composition.problems:
        raise BatchRefused(laid.composition.problems)
    draft.submitted_by, draft.submitted_at = draft.created_by, timezone.now()
    draft.digest, draft.state = digest_of(draft), State.SUBMITTED
    draft.save()
