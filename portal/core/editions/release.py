"""The door to the public: the only code that gives rows their editions."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from heapq import merge
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from .acts import ACTS, acts_of
from .digest import EMPTY_HEAD, HEADER_SCHEMA, canonical, chain_head, tree_root
from .models import Edition, Installation, PublicQuerySet, PublicRow


class NoLongerCurrentError(Exception):
    """A row that was to be replaced is not public any more; `key` names the row that wanted to replace it."""

    def __init__(self, key: str):
        super().__init__(key)
        self.key = key


def lock_editions() -> None:
    """Hold the door until the transaction ends: whoever publishes next waits here, then sees what was published."""
    Installation.locked()


def root_of(querysets: Iterable[PublicQuerySet]) -> str:
    """Merkle root over the digests of the rows of several querysets, ordered by key."""
    columns = [
        sorted(rows.values_list("key", "digest")) for rows in querysets
    ]  # by code point on every database
    ordered = merge(*columns)
    return tree_root(digest for _key, digest in ordered)


def ids_hash(querysets: Iterable[PublicQuerySet]) -> str:
    """Hash over (table, key, id) of the rows: the search index and citations name rows by id, so ids are kept too."""
    named = [
        [rows.model._meta.db_table, key, pk]
        for rows in querysets
        for key, pk in rows.values_list("key", "pk")
    ]
    return hashlib.sha256(canonical(sorted(named))).hexdigest()


def release(
    querysets: Iterable[PublicQuerySet],
    *,
    cause: str,
    subject: str,
    header: Mapping[str, object] | None = None,
) -> Edition:
    """Publish every row of the querysets as one new edition, ending the rows that they replace. All or nothing.

    Raises NoLongerCurrentError when a replaced row was ended or never public. `header` is what the chain says
    beside number, moment and cause.
    """
    querysets = list(querysets)
    with transaction.atomic():
        lock_editions()
        for rows in querysets:
            _refuse_stale(rows)
        said = {"ids": ids_hash(querysets), **_with_acts(header or {}, querysets)}
        edition = _next_edition(cause, subject, root_of(querysets), said)
        for rows in querysets:
            ids = list(rows.values_list("pk", flat=True))
            model = rows.model
            for chunk in (ids[i : i + 5000] for i in range(0, len(ids), 5000)):
                these = model.objects.filter(pk__in=chunk)
                model.objects.filter(pk__in=these.exclude(replaces=None).values("replaces")).stamp(
                    until_edition=edition
                )
                these.stamp(from_edition=edition)
    return edition


def announce(*, cause: str, subject: str, root: str, header: Mapping[str, object]) -> Edition:
    """A public change that gives no row its edition: a batch enters or leaves its notice, a field is redacted."""
    with transaction.atomic():
        lock_editions()
        return _next_edition(cause, subject, root, header)


def release_record(row: PublicRow, *, cause: str = Edition.Cause.RECORD, **header: object) -> Edition:
    """Seal, save and publish one row that belongs to no batch."""
    with transaction.atomic():
        row.seal()
        row.save()
        edition = release([type(row).objects.filter(pk=row.pk)], cause=cause, subject=row.key, header=header)
    row.refresh_from_db()
    return edition


def _with_acts(header: Mapping[str, Any], querysets: Iterable[PublicQuerySet]) -> dict[str, Any]:
    """The header with the acts behind those rows that attest them themselves; what the caller said of acts stays."""
    said = dict(header.get(ACTS, {}))
    for queryset in querysets:
        rows = list(queryset) if queryset.model.ATTESTED else []
        said |= zip((row.key for row in rows), acts_of(rows, queryset.model.ATTESTED), strict=True)
    return {**header, ACTS: said}


def _refuse_stale(rows: PublicQuerySet) -> None:
    stale = (
        rows.filter(replaces__isnull=False)
        .filter(
            models.Q(replaces__until_edition__isnull=False) | models.Q(replaces__from_edition__isnull=True)
        )
        .values_list("key", flat=True)
        .first()
    )
    if stale is not None:
        raise NoLongerCurrentError(stale)


def _next_edition(cause: str, subject: str, root: str, header: Mapping[str, object]) -> Edition:
    """The next edition, numbered last, under the lock that the caller holds."""
    previous = Edition.objects.order_by("-number").first()
    number = previous.number + 1 if previous else 1
    at = max(timezone.now(), previous.at) if previous else timezone.now()
    token = secrets.token_hex(16)
    full = {
        **header,
        "schema": HEADER_SCHEMA,
        "edition": number,
        "token": token,
        "at": at.isoformat(),
        "cause": str(cause),
        "subject": subject,
    }
    head = chain_head(previous.head if previous else EMPTY_HEAD, root, full)
    return Edition.objects.create(
        number=number, token=token, at=at, cause=cause, subject=subject, root=root, header=full, head=head
    )
