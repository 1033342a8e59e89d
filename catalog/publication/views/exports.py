"""`/products/export.csv` and its kin: the rows of a list, whole, with the parameters of the list."""

from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from catalog.publication.exporting.rows import Rows, enterprise_rows, product_rows
from catalog.publication.exporting.writing import TYPES, as_csv, as_jsonl, as_workbook
from catalog.publication.search.listing import FoundLines
from catalog.publication.showing.filters import EnterpriseFilters, ListFilters, ProductFilters
from portal.core.files.shown import disposition
from portal.core.pages.parameters import BadParameter, Problem, Query
from portal.core.pages.reading import ReadAt, read_at
from portal.core.replicas import public_reading
from portal.core.workbook import MOST_ROWS


@require_safe
@public_reading
def products(request: HttpRequest, extension: str) -> HttpResponseBase:
    return file_of(request, "products", "产品清单", extension, ProductFilters, product_rows)


@require_safe
@public_reading
def enterprises(request: HttpRequest, extension: str) -> HttpResponseBase:
    return file_of(request, "enterprises", "企业名录", extension, EnterpriseFilters, enterprise_rows)


def file_of(
    request: HttpRequest,
    register: str,
    title: str,
    extension: str,
    filters_of: type[ListFilters],
    rows_of: Callable[[FoundLines, ReadAt], Rows],
) -> HttpResponseBase:
    filters, reading = filters_of.read(Query.of(request), more=()), read_at(request)
    found = filters.find(reading)
    response: HttpResponseBase
    if extension == "xlsx":
        refuse_too_many(filters.query, found.total)
        workbook = as_workbook(rows_of(found, reading), title, reading)
        response = FileResponse(workbook, content_type=TYPES[extension])
    else:
        write = as_csv if extension == "csv" else as_jsonl
        response = StreamingHttpResponse(write(rows_of(found, reading)), content_type=TYPES[extension])
    stem = f"{reading.edition}-{reading.day}.{extension}"
    response.headers["Content-Disposition"] = disposition(f"{title}-{stem}", plain=f"{register}-{stem}")
    response.headers["Cache-Control"] = "no-cache"
    return response


def refuse_too_many(query: Query, rows: int) -> None:
    if rows > MOST_ROWS:
        sentence = f"一个工作簿最多 {MOST_ROWS:,} 行，这里有 {rows:,} 行。请取 CSV，或先筛选。"
        raise BadParameter(query, [Problem("", "", sentence)])
