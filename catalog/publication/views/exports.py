"""`/products/export.csv` and its kin: the rows of a list, whole, with the parameters of the list."""

from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from catalog.publication.publishers import publisher_names
from catalog.publication.showing.exports import (
    ENTERPRISE_COLUMNS,
    PRODUCT_COLUMNS,
    Column,
    Row,
    as_csv,
    as_jsonl,
    as_xlsx,
    with_source,
)
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from catalog.publication.showing.tables import enterprise_rows, product_rows
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt, read_at
from portal.core.pages.streaming import begun

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def products(request: HttpRequest, extension: str) -> HttpResponseBase:
    filters, reading = ProductFilters.read(Query.of(request), more=()), read_at(request)
    return file_of("products", extension, PRODUCT_COLUMNS, rows_of(filters, reading, product_rows), reading)


@require_safe
def enterprises(request: HttpRequest, extension: str) -> HttpResponseBase:
    filters, reading = EnterpriseFilters.read(Query.of(request), more=()), read_at(request)
    rows = rows_of(filters, reading, enterprise_rows)
    return file_of("enterprises", extension, ENTERPRISE_COLUMNS, rows, reading)


def rows_of(filters: ListFilters, reading: ReadAt, make_rows) -> Iterator[Row]:
    """A thousand rows at a time, each thousand in a constant number of queries."""
    publishers = publisher_names()
    for ids in filters.find(reading).everything():
        yield from make_rows(ids, reading, publishers)


def file_of(
    register: str, extension: str, columns: list[Column], rows: Iterator[Row], reading: ReadAt
) -> HttpResponseBase:
    name = f"{register}-{reading.edition}-{reading.day}.{extension}"
    columns = with_source(columns, reading)
    response: HttpResponseBase
    if extension == "xlsx":
        response = FileResponse(as_xlsx(columns, rows), content_type=TYPES[extension])
    else:
        write = as_csv if extension == "csv" else as_jsonl
        response = StreamingHttpResponse(write(columns, begun(rows)), content_type=TYPES[extension])
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "no-cache"
    return response
