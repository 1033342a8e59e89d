"""What the index costs to make and to read, beside what nobody can avoid: `manage.py benchmark index`.

A baseline is measured in the same run: bare inserts of the bytes that the index is made of, a row by its primary key, a get of
the ORM, a view without an index.
"""

import json
import statistics
from collections.abc import Callable, Iterator, Sequence

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from catalog.publication.models import Batch, ProductLine
from catalog.publication.search import moments
from catalog.publication.search.bitmaps import prepare_newest, product_bitmaps
from catalog.publication.search.listing import Question, list_products
from catalog.publication.search.preparation import REGISTERS, prepare
from catalog.publication.search.rows import product_rows
from catalog.publication.showing.filters import ProductFilters
from portal.core.accounts.models import User
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.index import orders
from portal.core.index.keys import key_of
from portal.core.index.memory import MEMORY
from portal.core.index.models import Posting, SortKey
from portal.core.index.orders import load_order, newest_first, page_of
from portal.core.index.postings import bitmap_of
from portal.core.index.upsert import upsert
from portal.core.index.writing import gather
from portal.core.pages import cache
from portal.core.pages.parameters import Query

from . import pages
from .imports import prepare as seed
from .lists import found_plainly
from .registers import Register, publish
from .table import Line, at_most, shown, within
from .work import cost

MORE = 1_000  # lines of a later batch
FEW, PUBLICATIONS = 100, 5  # lines of each that a reader comes after
BATCH = 100_000  # lines of one batch at most
DEEP = 2_000  # a page far down
PAGE_SIZE = 20
TIMES = 15
UNREAD = 999  # a generation that nobody reads, and that shares no keys with the first
SORTS = ("newest", "name", "star", "end")
Facets = dict[str, Sequence[str]]


def measure_index(rows: int) -> Iterator[Line]:
    """Of so many lines in an empty database."""
    by = seed()
    register = Register(by)
    batches = [register.freeze(min(BATCH, rows - start)) for start in range(0, rows, BATCH)]
    making = cost(lambda: list(map(prepare, batches)))
    yield within(f"index of {rows:,} lines / bare inserts", _bare_inserts(rows), making, 15 * rows / 100_000)
    for batch in batches:
        publish(batch, by)
    more = register.freeze(MORE)
    adding = cost(lambda: prepare(more))
    yield within(f"index of {MORE:,} onto {rows:,} / bare inserts", _bare_inserts_of_last(MORE), adding, 0.5)
    publish(more, by)
    yield from _first_request(register, by)
    yield from _sorts()
    yield from _searches()
    yield from _plainly()


def _first_request(register: Register, by: User) -> Iterator[Line]:
    """Of the list, in a process that serves and has not yet seen the edition; later ones show rows that nobody drew either."""
    portal = WSGIHandler()
    pages.cost_of(portal, [pages.LIST])
    first = statistics.median(_first_after(register.freeze(FEW), by, portal) for _ in range(PUBLICATIONS))
    later = statistics.median(pages.cost_of(portal, [f"{pages.LIST}?page={2 + n}"]) for n in range(TIMES))
    yield at_most("first request after a publication / a later one", later, first, 2)


def _first_after(batch: Batch, by: User, portal: WSGIHandler) -> float:
    prepare(batch)
    publish(batch, by)
    prepare_newest()
    cache.clear()
    moments._kept.clear()
    orders._held.clear()
    MEMORY.keep("products", "", {})
    return pages.cost_of(portal, [pages.LIST])


def _sorts() -> Iterator[Line]:
    for sort in SORTS:
        first, deep = (_page_cost(sort, page) for page in (1, DEEP))
        yield at_most(f"page {DEEP:,} / page 1, by {sort}", first, deep, 1.2)


def _page_cost(sort: str, page: int) -> float:
    shown = product_bitmaps(Edition.objects.current_number(), clock.today()).of("current")
    cut = newest_first if sort == "newest" else load_order("products", sort).ascending
    page = min(page, len(shown) // PAGE_SIZE)
    return middle(lambda: page_of(shown, page, PAGE_SIZE, by=cut))


def _searches() -> Iterator[Line]:
    numbers = list(ProductLine.objects.order_by("pk").values_list("pk", flat=True)[:TIMES])
    table = connection.ops.quote_name(ProductLine._meta.db_table)

    def by_cursor(pk: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [pk])  # noqa: S608 - our own table
            cursor.fetchone()

    row = _middle_of([lambda pk=pk: by_cursor(pk) for pk in numbers])
    got = _middle_of([lambda pk=pk: ProductLine.objects.get(pk=pk) for pk in numbers])
    facets = _facets()
    found = list_products(_question("", {}))
    counting = middle(lambda: list_products(_question("", facets)).counts("category"))
    yield at_most("all facets of the list / a row by primary key, cursor", row, counting, 60)
    for what, words in (("2 characters", "防水"), ("4 characters", "防水卷材"), ("initials", "fsjc")):
        yield at_most(
            f"search of {what}, 20 rows, facets / ORM get", got, middle(lambda w=words: _find(w, facets)), 7
        )
    lines = ProductLine.objects.filter(pk__in=found.page(3, TIMES)).values_list(
        "certificate_number", flat=True
    )
    costs = sorted(cost(lambda n=n: _find(n, facets)) for n in lines)
    yield at_most("search of a number, p95 / ORM get", got, costs[int(len(costs) * 0.95)], 20)


def _plainly() -> Iterator[Line]:
    """Total and the rows of a page, as a view without an index would find them."""
    newest = Edition.objects.current_number()
    for words in ("防水", "600×300"):
        ours = middle(lambda w=words: _find(w, {}))  # type: ignore[misc]
        plain = cost(lambda w=words: found_plainly(w, newest))  # type: ignore[misc]
        measure = f"icontains and count of 「{words}」 / the search and 20 rows"
        yield Line(measure, shown(ours), shown(plain), plain / ours, 300, is_least=True)


def _question(words: str, facets: Facets) -> Question:
    """Of the edition that the door of a page knows."""
    return Question(cache.seen.get().number, clock.today(), words, facets=facets)


def _facets() -> Facets:
    filters = ProductFilters.read(Query([]))
    return {name: sorted(filters.known_values(name)) for name in filters.drawn_filters}


def _find(words: str, facets: Facets) -> None:
    """Total, facets and the rows of a page."""
    question = _question(words, facets)
    found = list_products(question)
    for name in question.facets:
        found.counts(name)
    product_rows(found.page(1, PAGE_SIZE), question.edition, question.day)


def middle(work: Callable[[], object]) -> float:
    work()
    return statistics.median(cost(work) for _ in range(TIMES))


def _middle_of(works: Sequence[Callable[[], object]]) -> float:
    works[0]()
    return statistics.median(cost(work) for work in works)


def _bare_inserts(rows: int) -> float:
    """Insert all postings and keys once more; of more lines than a batch has, one in so many, and so many times their cost."""
    share = max(1, rows // BATCH)
    postings = [
        row
        for at, row in enumerate(Posting.objects.values_list("collection_id", "term", "bitmap").iterator())
        if at % share == 0
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT collection, document, keys FROM {SortKey._meta.db_table} WHERE id % {share} = 0"  # noqa: S608
        )
        keys = cursor.fetchall()
    return _inserted(postings, keys) * share


def _bare_inserts_of_last(count: int) -> float:
    """Insert the postings that the last lines alone come to."""
    register, *_others = REGISTERS
    lines = register.rows(register.lines.objects.order_by("-pk"))[:count]
    gathered = gather(register.documents_of(list(lines)[::-1]))
    postings = [
        (register.collection, term, bitmap_of(numbers).serialize())
        for term, numbers in gathered.postings.items()
    ]
    return _inserted(postings, [])


def _inserted(postings: Sequence[tuple], keys: Sequence[tuple]) -> float:
    columns, named = ["id", "collection", "term", "generation"], ["collection", "document", "generation"]
    keyed = sorted((key_of(row[0], row[1], UNREAD), *row) for row in postings)

    def insert() -> None:
        rows = ((key, collection, term, UNREAD, bytes(bitmap)) for key, collection, term, bitmap in keyed)
        upsert(Posting, [*columns, "bitmap"], rows, unique=["id"])
        kept = ((collection, number, UNREAD, _json(key)) for collection, number, key in keys)
        upsert(SortKey, [*named, "keys"], kept, unique=named)

    try:
        return cost(insert)
    finally:
        Posting.objects.filter(generation=UNREAD).delete()
        SortKey.objects.filter(generation=UNREAD).delete()


def _json(key: object) -> str:
    """As the driver gave it: SQLite text, PostgreSQL an object."""
    return key if isinstance(key, str) else json.dumps(key)
