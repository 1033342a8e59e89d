"""What the public list costs beside plain SQL on the same rows: `manage.py benchmark list`.

One list goes the whole way, workbook to edition, into an empty database. Then each page of it is asked for twice: as the
portal answers it, and as a view without an index would, with `icontains`, `count()` and one GROUP BY a filter.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.test import Client

from catalog.imports.importing import ImportRequest, import_file
from catalog.publication.compiling.compile import enter_missing_enterprises
from catalog.publication.models import LINE_MODELS, NATIONAL, Batch, ProductLine
from catalog.publication.models.lines import Line
from catalog.publication.publishing import workflow
from catalog.publication.search.preparation import ensure_prepared
from catalog.publication.search.rows import product_rows
from catalog.publication.showing.choices import Known
from catalog.publication.showing.filters import ProductFilters
from portal.core.accounts.models import User
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages import cache
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

from .imports import CHUNK, prepare, register_makers, timed

TIMES = 7  # each measure is the median of so many
PAGE = 20
WORDS = ("", "石膏板", "p-1234", "shigaoban")
COLUMNS = ("name", "models_text", "brand", "enterprise_name", "certificate_number")
GROUPS = ("category_code", "division_code", "publisher", "basis", "listed_in", "body_code", "listing_status")


@dataclass(frozen=True)
class Compared:
    """Seconds of the same thing done by the portal and done plainly."""

    what: str
    portal: float
    plain: float

    @property
    def ratio(self) -> float:
        return self.portal / self.plain

    def __str__(self) -> str:
        return f"{self.what}: {self.portal * 1000:.2f} ms against {self.plain * 1000:.2f} ms, ratio {self.ratio:.3f}"


def measure_list(rows: int, path: Path) -> list[Compared]:
    """Publish the list of `path` and compare. Every number is of this run on this machine."""
    compared = [published_list(rows, path)]
    compared += [_search(words) for words in WORDS]
    return [*compared, _kept_page()]


def published_list(rows: int, path: Path) -> Compared:
    """Entering the makers, freezing, indexing, approving and publishing, against inserting ready lines."""
    editor = prepare()
    register_makers(rows)
    batch, publishing = published_batch(path, editor)
    lines = [_copies(model, batch) for model in LINE_MODELS]
    return Compared(
        "publishing the list against inserting its lines", publishing, timed(lambda: _insert(lines))
    )


def published_batch(path: Path, editor: User) -> tuple[Batch, float]:
    """A list the whole way, and the seconds from its draft on. Its makers are registered."""
    approver = User.objects.create(username="approver", is_superuser=True)
    run = import_file(path, ImportRequest("products", NATIONAL, editor)).run
    if run is None or run.batch is None:
        raise RuntimeError("The benchmark's own list was not saved.")
    batch: Batch = run.batch
    Batch.objects.filter(pk=batch.pk).update(notice_days=0, notice_waiver="测速用")
    batch.refresh_from_db()
    return batch, timed(lambda: _published(batch, editor, approver))


def _published(batch: Batch, editor: User, approver: User) -> None:
    enter_missing_enterprises(batch, by=editor)
    frozen = workflow.submit(batch, by=editor)
    ensure_prepared(frozen)
    workflow.publish(workflow.approve(frozen, by=approver, digest=frozen.digest), by=approver)


def _copies(model: type[Line], batch: Batch) -> list[Line]:
    """The lines once more, for a batch that nobody publishes."""
    other, _ = Batch.objects.get_or_create(
        slug=f"{batch.year}-999",
        defaults={
            "campaign": batch.campaign,
            "year": batch.year,
            "ordinal": 999,
            "state": Batch.State.CANCELLED,
            "created_by": batch.created_by,
        },
    )
    lines = list(model._base_manager.filter(batch=batch))
    for line in lines:
        line.pk, line.batch, line.from_edition_id = None, other, None
    return lines


def _insert(copies: list[list[Line]]) -> None:
    with transaction.atomic():
        for lines in copies:
            if lines:
                type(lines[0])._base_manager.bulk_create(lines, batch_size=CHUNK)


def _search(words: str) -> Compared:
    """Total, twenty rows and every facet of a search."""
    newest = Edition.objects.current_number()
    reading = ReadAt(newest, clock.today(), newest, clock.today())
    shown = f"searching 「{words}」" if words else "the whole list"
    return Compared(
        f"{shown} against icontains, count and GROUP BY",
        _median(lambda: _asked(words, reading)),
        _median(lambda: _asked_plainly(words, newest)),
    )


def _asked(words: str, reading: ReadAt) -> None:
    filters = ProductFilters.read(Query([("q", words)] if words else []), Known.at(reading))
    found = filters.find(reading)
    for name in filters.drawn_filters:
        found.counts(name)
    product_rows(found.page(1, PAGE), reading.edition, reading.day)


def found_plainly(words: str, edition: int) -> QuerySet[ProductLine]:
    """Total and twenty rows."""
    rows = ProductLine.objects.public(edition).filter(listing_status="listed")
    if words:
        rows = rows.filter(reduce(or_, (Q(**{f"{column}__icontains": words}) for column in COLUMNS)))
    rows.count()
    list(rows.select_related("certificate")[:PAGE])
    return rows


def _asked_plainly(words: str, edition: int) -> None:
    rows = found_plainly(words, edition)
    for column in GROUPS:
        list(rows.order_by().values(column).annotate(count=Count("pk")))


def _kept_page() -> Compared:
    """A page that was drawn before, against the same page drawn anew: the whole request in both."""
    client = Client(headers={"host": "localhost"})
    client.get("/products/", secure=settings.IS_HTTPS)

    def anew() -> None:
        cache.clear()
        client.get("/products/", secure=settings.IS_HTTPS)

    drawn = _median(anew)
    kept = _median(lambda: client.get("/products/", secure=settings.IS_HTTPS))
    return Compared("the list page kept against drawn anew", kept, drawn)


def _median(work: Callable[[], object]) -> float:
    work()  # the first time reads bitmaps and orders into memory
    return statistics.median(timed(work) for _ in range(TIMES))
