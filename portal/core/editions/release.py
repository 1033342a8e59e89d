"""The door to the public: the only code that gives rows their editions."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from functools import cached_property
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


class Contents:
    """What a header says of rows, which are read once, when this is made."""

    def __init__(self, querysets: Iterable[PublicQuerySet]):
        self._rows: list[tuple[str, str, int, str]] = []
        for rows in querysets:
            table = rows.model._meta.db_table
            self._rows += [(*row, table) for row in rows.order_by().values_list("key", "digest", "pk")]

    @property
    def digests(self) -> list[str]:
        """In the order of the keys, by code point on every database."""
        return [digest for _key, digest, *_ in sorted(self._rows)]

    @cached_property
    def root(self) -> str:
        return tree_root(self.digests)

    @cached_property
    def ids(self) -> str:
        """Hash over (table, key, id): the search index and citations name rows by id, so ids are kept too."""
        named = sorted([table, key, pk] for key, _digest, pk, table in self._rows)
        return hashlib.sha256(canonical(named)).hexdigest()


def release(
    querysets: Iterable[PublicQuerySet],
    *,
    cause: str,
    subject: str,
    header: Mapping[str, object] | None = None,
    contents: Contents | None = None,
) -> Edition:
    """Publish every row of the querysets as one new edition, ending the rows that they replace. All or nothing.

    Raises NoLongerCurrentError when a replaced row was ended or never public. `header` is what the chain says
    beside number, moment and cause. `contents` are those of the rows, where the caller has read them under its locks.
    """
    querysets = list(querysets)
    with transaction.atomic():
        lock_editions()
        for rows in querysets:
            _refuse_stale(rows)
        contents = contents or Contents(querysets)
        said = {"ids": contents.ids, **_with_acts(header or {}, querysets)}
        edition = _next_edition(cause, subject, contents.root, said)
        for rows in querysets:
            replaced = rows.order_by().exclude(replaces=None).values("replaces")
            rows.model.objects.filter(pk__in=replaced).stamp(until_edition=edition)
            rows.stamp(from_edition=edition)
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
