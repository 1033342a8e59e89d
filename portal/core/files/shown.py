"""Pictures and attachments as a published row carries them: plain values with the digest of every byte that is shown.

They are sealed with the row, so what was published can neither be swapped nor described differently afterwards.
"""

import datetime
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self
from urllib.parse import quote

from django.urls import reverse

from portal.core.accounts.models import User

from .intake.attachments import EXTENSIONS, WORDS, Examined, examine
from .intake.pictures import MEDIA_TYPE, draw
from .store import make_public, store

UNSAFE_IN_NAMES = str.maketrans(dict.fromkeys('/\\:*?"<>|#%&\t\n\r', "_"))
UNSEEN = ("Cc", "Cf", "Co", "Cs")  # signs that turn the reading around, or show nothing


def public_href(sha256: str, name: str) -> str:
    return reverse("files:public", args=[sha256, name])


@dataclass(frozen=True)
class Size:
    """One width of a picture."""

    sha256: str
    width: int
    height: int
    length: int

    @property
    def name(self) -> str:
        return f"{self.width}.webp"

    @property
    def href(self) -> str:
        return public_href(self.sha256, self.name)


@dataclass(frozen=True)
class Picture:
    """A picture with the words that stand for it; `sizes` narrowest first."""

    alt: str
    caption: str
    sizes: tuple[Size, ...]

    @classmethod
    def taken_in(cls, content: bytes, *, alt: str, caption: str, by: User | None) -> Self:
        """Draw and store an upload, privately. Raises FileRefused."""
        sizes = []
        for drawn in draw(content):
            name = f"{drawn.width}.webp"
            file = store(drawn.content, name=name, media_type=MEDIA_TYPE, by=by)
            sizes.append(Size(file.sha256, drawn.width, drawn.height, file.size))
        return cls(alt, caption, tuple(sizes))

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["alt"], value["caption"], tuple(Size(**size) for size in value["sizes"]))

    def as_value(self) -> dict[str, Any]:
        return {**asdict(self), "sizes": [asdict(size) for size in self.sizes]}

    def described(self, *, alt: str, caption: str) -> Self:
        return replace(self, alt=alt, caption=caption)

    @property
    def digests(self) -> list[str]:
        return [size.sha256 for size in self.sizes]

    @property
    def middle(self) -> Size:
        """What a browser takes that does not choose by width."""
        return self.sizes[min(1, len(self.sizes) - 1)]

    @property
    def largest(self) -> Size:
        return self.sizes[-1]

    @property
    def srcset(self) -> str:
        return ", ".join(f"{size.href} {size.width}w" for size in self.sizes)


@dataclass(frozen=True)
class Attachment:
    """A file to take along. One that is a picture of text has a transcript."""

    title: str
    sha256: str
    length: int
    media_type: str
    pages: int
    is_scan: bool
    transcript: str

    @classmethod
    def taken_in(cls, content: bytes, *, title: str, transcript: str, by: User | None) -> Self:
        """Open and store an upload, privately. Raises FileRefused."""
        found: Examined = examine(content)
        file = store(found.content, name=title, media_type=found.media_type, by=by)
        return cls(
            title, file.sha256, file.size, found.media_type, found.pages, found.is_scan, transcript.strip()
        )

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)

    def as_value(self) -> dict[str, Any]:
        return asdict(self)

    def described(self, *, title: str, transcript: str) -> Self:
        return replace(self, title=title, transcript=transcript.strip())

    @property
    def digests(self) -> list[str]:
        return [self.sha256]

    @property
    def kind(self) -> str:
        """PDF, Word 文档 …"""
        return WORDS[self.media_type]

    @property
    def size(self) -> str:
        """As a reader weighs it: 48 KB, 2.1 MB."""
        if self.length < 1024 * 1024:
            return f"{max(1, round(self.length / 1024))} KB"
        return f"{self.length / 1024 / 1024:.1f} MB"

    @property
    def name(self) -> str:
        """The name under which a browser keeps it."""
        return f"{safe_name(self.title)}.{EXTENSIONS[self.media_type]}"

    @property
    def href(self) -> str:
        return public_href(self.sha256, self.name)


def publish_files(shown: Sequence[Picture | Attachment], *, on: datetime.date | None = None) -> None:
    """Open to the public every byte that these show, from the day `on` or at once. Raises DamagedFileError when one of them was lost."""
    for item in shown:
        for sha256 in item.digests:
            make_public(sha256, on=on)


def disposition(name: str, *, plain: str = "") -> str:
    """Keep, do not open: for everything that is no picture. `plain` is a name for clients that do not know RFC 5987."""
    named = f'filename="{plain}"; ' if plain else ""
    return f"attachment; {named}filename*=UTF-8''{quote(safe_name(name))}"


def safe_name(name: str) -> str:
    """For a file on somebody's disk: it leads into no folder, and reads as it is."""
    return "".join(
        sign for sign in name.translate(UNSAFE_IN_NAMES) if unicodedata.category(sign) not in UNSEEN
    )
