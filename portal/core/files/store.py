"""Puts contents into the two roots and gets them back, checked."""

import datetime
import hashlib
import logging
from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.core.busy import FilesAway

from .depot import depot
from .intake.pdf import MEDIA_TYPE as PDF
from .intake.pdf import opened_pdf
from .intake.refusals import FileRefused
from .models import StoredFile
from .removing import remove_or_order

logger = logging.getLogger(__name__)


class DamagedFileError(Exception):
    """The stored bytes are missing or are not those that were stored."""


class ErasedFileError(DamagedFileError):
    """The bytes were erased on purpose: a lawful redaction reached them."""


class UncleanFileError(DamagedFileError):
    """A PDF that still names its author, or holds notes: only a cleaned copy ever becomes public."""


def store(
    content: bytes, *, name: str, media_type: str, root: str = StoredFile.Root.PRIVATE, by=None
) -> StoredFile:
    """Keep `content`; the same content is kept once a root, each call has its own row (name, who, when).

    Bytes that were damaged, in either root, are whole again once somebody stores the same content anew.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    for place in {root, *StoredFile.objects.kept().filter(sha256=sha256).values_list("root", flat=True)}:
        _make_whole(content, sha256, place)
    if StoredFile.objects.filter(sha256=sha256, root=root).exclude(erased_at=None).exists():
        # Its former bytes may be on their way out just now, by somebody who does not see the new row yet.
        transaction.on_commit(partial(_make_whole, content, sha256, root))
    return StoredFile.objects.create(
        sha256=sha256, root=root, size=len(content), media_type=media_type, name=name[:255], created_by=by
    )


def _make_whole(content: bytes, sha256: str, root: str) -> None:
    if not is_whole(sha256, root):
        depot().write(root, sha256, content)


def erase(file: StoredFile) -> None:
    """Destroy a content for good, under every name that it was stored by; the rows stay and say when.

    The bytes go when the transaction is through: one that is taken back takes nothing away. A store that is away then
    stops nothing: they go when it is back.
    """
    same = StoredFile.objects.filter(root=file.root, sha256=file.sha256)
    same.update(erased_at=timezone.now(), name="已依法清除的文件")
    transaction.on_commit(partial(remove_or_order, file.root, file.sha256))


def load(file: StoredFile) -> bytes:
    """The bytes of a stored file. Raises DamagedFileError when they are missing or differ from their digest, and
    ErasedFileError when they were erased on purpose.
    """
    if file.erased_at is not None:
        raise ErasedFileError(file.name)
    try:
        content = depot().read(file.root, file.sha256)
    except FilesAway:
        raise
    except OSError as error:
        raise DamagedFileError(file.name) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFileError(file.name)
    return content


def opened(file: StoredFile) -> BinaryIO:
    """The file at its first byte. Raises DamagedFileError, and logs it, where the bytes are missing or not those that were stored."""
    if file.erased_at is not None:
        raise ErasedFileError(file.name)
    stream = depot().opened(file.root, file.sha256)
    if stream is None:
        logger.error("Stored file %s/%s is missing or damaged, and was not given out", file.root, file.sha256)
        raise DamagedFileError(file.name)
    return stream


def make_public(sha256: str, *, on: datetime.date | None = None) -> None:
    """Put a private content into the public root as well, to be given out from the day `on`, or at once.

    What is there already is put off by nobody: the earliest day counts.
    Raises DamagedFileError when the bytes were lost, and UncleanFileError for a PDF that was not cleaned.
    """
    public = StoredFile.objects.kept().filter(sha256=sha256, root=StoredFile.Root.PUBLIC)
    if public.exists() and is_whole(sha256):
        later = Q() if on is None else Q(opens_on__gt=on)
        public.filter(later, opens_on__isnull=False).update(opens_on=on)
        return
    file = StoredFile.objects.of(sha256, StoredFile.Root.PRIVATE)
    if file is None:
        raise DamagedFileError(sha256)
    content = load(file)
    if public.exists():
        depot().write(StoredFile.Root.PUBLIC, sha256, content)
        make_public(sha256, on=on)
        return
    if file.media_type == PDF:
        _refuse_unclean(file, content)
    opened = store(content, name=file.name, media_type=file.media_type, root=StoredFile.Root.PUBLIC)
    StoredFile.objects.filter(pk=opened.pk).update(opens_on=on)


def _refuse_unclean(file: StoredFile, content: bytes) -> None:
    try:
        is_fit = opened_pdf(content).is_fit_for_the_public
    except FileRefused:
        is_fit = False
    if not is_fit:
        raise UncleanFileError(file.name)


def is_whole(sha256: str, root: str = StoredFile.Root.PUBLIC) -> bool:
    """Whether the bytes under this digest are there and are those that it names."""
    return depot().is_whole(root, sha256)
