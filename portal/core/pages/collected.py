"""Static files as an installation collects them: under the digest of their bytes, and packed beside it.

Packing takes nearly all of the time. A file lies there under its name and under its digest, and most are the same at the next
start: the same bytes are packed once, and what lies there packed is kept where it opens to just these bytes.
"""

from functools import cache
from pathlib import Path

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from .finished import UNPACK

SUFFIXES = {"br": ".br", "gzip": ".gz"}


class PackingOnce(Compressor):
    """For one run: it remembers what it packed."""

    def __init__(self, *args: object, **options: object):
        super().__init__(*args, **options)
        self.compress_brotli = cache(super().compress_brotli)
        self.compress_gzip = cache(super().compress_gzip)

    def compress(self, path: str) -> list[str]:
        data, lying = Path(path).read_bytes(), {name: path + suffix for name, suffix in SUFFIXES.items()}
        if all(opens_to(data, name, Path(packed)) for name, packed in lying.items()):
            return list(lying.values())
        return super().compress(path)


def opens_to(data: bytes, encoding: str, packed: Path) -> bool:
    """Not if it is of other bytes, and not if whoever wrote it was cut short."""
    try:
        return UNPACK[encoding](packed.read_bytes()) == data
    except Exception:
        return False


class CollectedFiles(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options: object) -> Compressor:
        return PackingOnce(**options)
