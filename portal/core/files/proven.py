"""Opens a file of this machine once its bytes were found to be those that their digest names.

A file of 20 MB is not hashed at each request: a process remembers what it has hashed by inode, moment of change and size, so
that whatever is put in its place is hashed anew, and forgets after a day, since bytes that rot change neither.
"""

import hashlib
import os
import threading
import time
from collections import OrderedDict
from io import BufferedReader
from pathlib import Path

PROVED_FOR_SECONDS = 24 * 3600
MOST = 20_000

Proof = tuple[str, int, int, int, int]
_proved: OrderedDict[Proof, float] = OrderedDict()
_lock = threading.Lock()


def opened_at(path: Path, sha256: str) -> BufferedReader | None:
    """The file at its first byte; None where it cannot be read, or does not have this digest."""
    try:
        stream = path.open("rb")
    except OSError:
        return None
    if _is_whole(stream, sha256):
        return stream
    stream.close()
    return None


def _is_whole(stream: BufferedReader, sha256: str) -> bool:
    """The descriptor that was hashed is the one that is given out: what is renamed into its place comes too late."""
    is_at = os.fstat(stream.fileno())
    proof = (sha256, is_at.st_dev, is_at.st_ino, is_at.st_mtime_ns, is_at.st_size)
    if _is_proved(proof):
        return True
    is_whole = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    stream.seek(0)
    if is_whole:
        _remember(proof)
    return is_whole


def _is_proved(proof: Proof) -> bool:
    with _lock:
        return _proved.get(proof, float("-inf")) > time.monotonic() - PROVED_FOR_SECONDS


def _remember(proof: Proof) -> None:
    with _lock:
        _proved[proof] = time.monotonic()
        _proved.move_to_end(proof)
        if len(_proved) > MOST:
            _proved.popitem(last=False)
