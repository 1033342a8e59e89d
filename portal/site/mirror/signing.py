"""What a copy says of itself: every file with its digest, the signature over that, and the log with the checkers."""

import hashlib
from collections.abc import Iterator

from django.conf import settings

from portal.core.checkpoints import keys
from portal.core.checkpoints.cosigning import cosigned
from portal.core.checkpoints.keys import CannotSign
from portal.core.checkpoints.notes import Checkpoint, Note
from portal.core.checkpoints.signing import checkpoint
from portal.core.editions.digest import canonical
from portal.core.editions.models import Edition
from portal.site.log import checker
from portal.site.log.editions import lines
from portal.site.log.tree_views import keys_file

from .folder import FORMAT
from .subject import Subject


def manifest(subject: Subject, digests: dict[str, str]) -> bytes:
    said = {
        "format": FORMAT,
        "site": settings.SITE_URL,
        "edition": subject.edition.number,
        "head": subject.edition.head,
        "day": subject.day.isoformat(),
        "regions": list(subject.regions),
        "files": digests,
    }
    return canonical(said) + b"\n"


def note_of(subject: Subject, content: bytes) -> bytes:
    """Four lines, so that nobody takes it for a checkpoint, which has three. Raises CannotSign."""
    digest = hashlib.sha256(content).hexdigest()
    text = (
        f"{settings.LOG_ORIGIN}/mirror\nedition {subject.edition.number}\n"
        f"day {subject.day.isoformat()}\nmanifest {digest}\n"
    )
    return f"{text}\n{keys.signature_of(text)}".encode()


def log_files() -> Iterator[tuple[str, bytes]]:
    """The log up to its checkpoint; without a key the log alone."""
    try:
        signed = cosigned(checkpoint())
        newest = Checkpoint.read(Note.read(signed.encode()).text).size
        yield "log/checkpoint", signed.encode()
        yield "log/keys.jsonl", keys_file()
    except CannotSign:
        newest = Edition.objects.current_number()
    yield "log/editions.jsonl", b"".join(lines(0, newest))
    yield "log/check.py", checker.python_file()
    yield "log/check.html", checker.page()
