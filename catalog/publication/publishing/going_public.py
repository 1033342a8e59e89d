"""The last steps of a batch into the open: its lines are what was approved, and an edition says so."""

from django.db import IntegrityError, transaction

from portal.core.editions.models import Edition, Installation
from portal.core.editions.release import Contents, NoLongerCurrentError, announce, lock_editions, release
from portal.core.workflow import NotAllowed

from .. import acts
from ..compiling.problems import BatchRefused, Problem
from ..models import Batch
from .checks import STALE
from .contents import contents_of, digest_of, line_querysets, public_header


def unaltered(batch: Batch) -> Contents:
    contents = contents_of(batch)
    if digest_of(batch, contents) != batch.digest:
        raise NotAllowed(
            "batch.altered",
            "冻结的内容与批准的摘要不符，可能被人改动。请停止公布，并请管理员运行 verify_chain。",
        )
    return contents


def decide_kind() -> None:
    """The first real publication makes a database real; a demonstration stays one."""
    if Installation.current_kind() == Installation.Kind.UNDECIDED:
        Installation.decide(Installation.Kind.REAL)


def announced(batch: Batch, columns: tuple[str, ...], contents: Contents) -> Edition:
    """Lines that are shown for objection get no edition of their own, but their root and ids are chained."""
    lock_editions()  # before an account is given its number: whoever publishes a record locks in this order
    header = public_header(batch) | acts.batch_acts(batch, columns)
    header["ids"] = contents.ids
    return announce(cause=Edition.Cause.NOTICE, subject=batch.slug, root=contents.root, header=header)


def released(batch: Batch, contents: Contents) -> Edition:
    try:
        with transaction.atomic():
            return release(
                line_querysets(batch),
                cause=Edition.Cause.BATCH,
                subject=batch.slug,
                header=public_header(batch) | acts.batch_acts(batch, acts.PUBLISHED),
                contents=contents,
            )
    except NoLongerCurrentError as error:
        raise BatchRefused([Problem("line.stale", error.key, STALE)]) from error
    except IntegrityError as error:
        raise BatchRefused([Problem("line.stale", batch.slug, STALE)]) from error
