"""Where the bytes of stored files lie: in a folder, or in a bucket of a server that speaks S3 (`FILES_BUCKET`).

Both name a content by its root and digest, and both say the same of one that is missing. Nobody but the rooms of files, backup and
restoring has to know which of them it is.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from .folder import Folder


class Depot(Protocol):
    """Whatever is asked raises FilesAway where it does not answer; that says nothing of the content."""

    def place(self, root: str, sha256: str) -> str:
        """Where it lies, for whoever looks after the machine."""

    def write(self, root: str, sha256: str, content: bytes) -> None:
        """All of it or nothing, and kept when this returns."""

    def read(self, root: str, sha256: str) -> bytes:
        """As it lies there. Raises OSError where it cannot be read."""

    def opened(self, root: str, sha256: str) -> BinaryIO | None:
        """At its first byte, and found to have this digest; None where it is missing or has another."""

    def as_path(self, root: str, sha256: str) -> AbstractContextManager[Path]:
        """A file of this machine with the same bytes, for programs that read by name."""

    def is_whole(self, root: str, sha256: str) -> bool: ...

    def holds(self, root: str, sha256: str) -> bool:
        """Whether anything is left there under this name, damaged or not."""

    def remove(self, root: str, sha256: str) -> None:
        """For good, former versions too. What is not there is no fault."""

    def everything(self) -> Iterator[tuple[str, str, float]]:
        """Root, digest and time of writing of all that lies there."""

    def is_open_to_all(self, root: str, sha256: str) -> bool:
        """Whether it is given to whoever asks past the portal."""


def depot() -> Depot:
    if not settings.FILES_BUCKET:
        return Folder()
    from .bucket import Bucket  # its library is installed only where it is used

    return Bucket()
