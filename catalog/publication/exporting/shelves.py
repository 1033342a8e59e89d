"""Which files there are: of the lists at each edition that changed them, and of what each batch froze.

A folder is named by all that its files depend on. What a redaction, another release or a restored database leaves behind
is therefore never found again, whoever forgets to delete it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from catalog.publication.models import Batch, Hold
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt

from .rows import LINES, Rows, batch_rows, whole_rows
from .writing import TYPES

RULES = "2"  # raise it when the same rows make other bytes
LISTS = ("products", "enterprises", "certificates", "editions")
TITLES = {
    "products": "产品清单",
    "enterprises": "企业名录",
    "certificates": "认证证书",
    "editions": "公开日志",
}


def root() -> Path:
    """Beside stored files, and no part of them: every byte here can be made again."""
    return Path(settings.FILES_ROOT) / "exports"


def era() -> str:
    """The folder of all shelves between two redactions: what lies in another one may hold what was taken away."""
    redacted = Edition.objects.filter(cause=Edition.Cause.REDACTION).order_by("-number")
    return f"since-{_mark_of([RULES, redacted.values_list('head', flat=True).first() or ''])}"


def _mark_of(depends_on: list[str]) -> str:
    return hashlib.sha256("\n".join(depends_on).encode()).hexdigest()[:24]


def list_edition(number: int) -> Edition | None:
    """The last edition up to `number` that changed a list; at those after it the rows are the same."""
    changed = Q(cause__in=[Edition.Cause.BATCH, Edition.Cause.REDACTION]) | Q(
        pk__in=Hold.objects.filter(from_edition__isnull=False).values("from_edition")
    )
    return Edition.objects.filter(changed, number__lte=number).order_by("-number").first()


@dataclass(frozen=True)
class Shelf:
    """The files of one folder: the whole lists at `edition`, every state included; or a batch as `edition` showed it."""

    edition: Edition
    batch: Batch | None = None

    @cached_property
    def folder(self) -> Path:
        depends_on = [self.edition.head, self.batch.digest if self.batch else ""]
        return root() / era() / f"{self.name}.{_mark_of(depends_on)}"

    @property
    def name(self) -> str:
        return (
            f"batch-{self.batch.slug}-{self.edition.number}" if self.batch else f"lists-{self.edition.number}"
        )

    @property
    def registers(self) -> list[str]:
        """A batch has those of which it froze lines."""
        if self.batch is None:
            return list(LISTS)
        return [name for name, lines in LINES.items() if lines.objects.filter(batch=self.batch).exists()]

    @property
    def files(self) -> Iterator["Export"]:
        return (Export(self, register, extension) for register in self.registers for extension in TYPES)

    @property
    def reading(self) -> ReadAt:
        number, day = self.edition.number, self.edition.day
        return ReadAt(number, day, number, day)

    @property
    def manifest_href(self) -> str:
        if self.batch is None:
            return reverse("data:manifest", args=[self.edition.number])
        return reverse("batches:manifest", args=[self.batch.slug])


@dataclass(frozen=True)
class Export:
    """One file of a shelf."""

    shelf: Shelf
    register: str
    extension: str

    @property
    def path(self) -> Path:
        return self.shelf.folder / f"{self.register}.{self.extension}"

    @property
    def media_type(self) -> str:
        return TYPES[self.extension]

    @property
    def title(self) -> str:
        what = f"批次 {self.shelf.batch.slug}" if self.shelf.batch else "全部状态"
        return f"{TITLES[self.register]}（{what}，第{self.shelf.edition.number}版）"

    @property
    def plain_name(self) -> str:
        of = f"{self.shelf.batch.slug}-" if self.shelf.batch else ""
        return f"{of}{self.register}-{self.shelf.edition.number}.{self.extension}"

    @property
    def name(self) -> str:
        return f"{self.title}.{self.extension}"

    @property
    def href(self) -> str:
        batch = self.shelf.batch
        if batch is None:
            return reverse("data:file", args=[self.shelf.edition.number, self.register, self.extension])
        return reverse("batches:file", args=[batch.slug, self.register, self.extension])

    def rows(self) -> Rows:
        reading = self.shelf.reading
        if self.shelf.batch is not None:
            return batch_rows(self.shelf.batch, self.register, reading)
        return whole_rows(self.register, reading)
