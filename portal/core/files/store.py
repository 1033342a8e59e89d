"""Puts contents into the two roots and gets them back, checked."""

import datetime
import hashlib
import os
import tempfile
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .intake.pdf import MEDIA_TYPE as PDF
from .intake.pdf import opened_pdf
from .intake.refusals import FileRefused
from .models import StoredFile


class DamagedFileError(Exception):
    """The bytes on the disk are missing or are not those that were stored."""


class ErasedFileError(DamagedFileError):
    """The bytes were erased on purpose: a lawful redaction reached them."""


class UncleanFileError(DamagedFileError):
    """A PDF that still names its author, or holds notes: only a cleaned copy ever becomes public."""


def store(
    content: bytes, *, name: str, media_type: str, root: str = StoredFile.Root.PRIVATE, by=None
) -> StoredFile:
    """Keep `content`; the same content is kept once a root, each call has its own row (name, who, when).

    Bytes that were damaged on the disk, in either root, are whole again once somebody stores the same content anew.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    for place in {root, *StoredFile.objects.kept().filter(sha256=sha256).values_list("root", flat=True)}:
        if not is_whole(sha256, place):
            write_whole(path_of(place, sha256), content)
    return StoredFile.objects.create(
        sha256=sha256, root=root, size=len(content), media_type=media_type, name=name[:255], created_by=by
    )


def erase(file: StoredFile) -> None:
    """Destroy a content for good, under every name that it was stored by; the rows stay and say when.

    The bytes go when the transaction is through: one that is taken back takes nothing away.
    """
    same = StoredFile.objects.filter(root=file.root, sha256=file.sha256)
    same.update(erased_at=timezone.now(), name="已依法清除的文件")
    transaction.on_commit(partial(path_of(file.root, file.sha256).unlink, missing_ok=True))


def load(file: StoredFile) -> bytes:
    """The bytes of a stored file. Raises DamagedFileError when they are missing or differ from their digest, and
    ErasedFileError when they were erased on purpose.
    """
    if file.erased_at is not None:
        raise ErasedFileError(file.name)
    try:
        content = path_of(file.root, file.sha256).read_bytes()
    except OSError as error:
        raise DamagedFileError(file.name) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFileError(file.name)
    return content


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
        write_whole(path_of(StoredFile.Root.PUBLIC, sha256), content)
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
    try:
        return hashlib.sha256(path_of(root, sha256).read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def path_of(root: str, sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / root / sha256[:2] / sha256[2:]


def write_whole(path: Path, content: bytes) -> None:
    """Write beside and rename, so that a cut-off never leaves half a file under its final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
