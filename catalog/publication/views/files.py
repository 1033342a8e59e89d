"""`/data/` and the files of batches: whole files with digest, part by part if wished, never of rows that were redacted."""

from urllib.parse import quote

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from catalog.publication.exporting.dcat import catalogue
from catalog.publication.exporting.describing import schema, tables
from catalog.publication.exporting.keeping import Made, Overtaken, StillBeingMade, manifest, opened
from catalog.publication.exporting.shelves import LISTS, Export, Shelf, list_edition, root
from catalog.publication.exporting.writing import TYPES
from catalog.publication.showing.batch_page import BatchPage
from catalog.publication.showing.difference_page import compared_with
from catalog.publication.showing.files import Offer, dataset
from catalog.publication.views.batches import public_batch
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.files.ranged import answer
from portal.core.files.shown import disposition
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.reading import day_asked, last_edition_of, moment_asked, read_at
from portal.core.pages.structured import data_block
from portal.core.replicas import public_reading

CACHE_CONTROL = "no-cache"  # a redaction reaches every copy that is asked for again
RETRY_SECONDS = 15


@require_safe
@public_reading
def index(request: HttpRequest) -> HttpResponse:
    """The files of the lists as they stand; drawn anew each time, for they may have been made a moment ago."""
    query, reading = moment_asked(request)
    edition = list_edition(reading.edition)
    context = {
        "offer": (offer := Offer.of(Shelf(edition)) if edition else None),
        "structured": data_block(dataset(offer)) if offer else "",
        "compare_href": compared_with(reading),
        "reading": reading,
        "query": query,
        "crumbs": [("数据使用说明", reverse("about:data")), ("整份清单的文件", "")],
    }
    response = render(request, "publication/files.html", context)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


@require_safe
@public_reading
def of_lists(request: HttpRequest, number: int, register: str, extension: str) -> HttpResponseBase:
    shelf = shelf_of_lists(request, number)
    if register not in LISTS or extension not in TYPES:
        raise Http404
    export = Export(shelf, register, extension)
    if shelf.edition.number != number:
        return HttpResponsePermanentRedirect(export.href)
    return given(request, export)


@require_safe
@public_reading
def manifest_of_lists(request: HttpRequest, number: int) -> HttpResponseBase:
    shelf = shelf_of_lists(request, number)
    if shelf.edition.number != number:
        return HttpResponsePermanentRedirect(shelf.manifest_href)
    return told(request, shelf)


@require_safe
@public_reading
def tables_of_lists(request: HttpRequest, number: int) -> HttpResponseBase:
    return _json(tables(shelf_of_lists(request, number)))


@require_safe
@public_reading
def schema_of_list(request: HttpRequest, number: int, register: str) -> HttpResponseBase:
    shelf = shelf_of_lists(request, number)
    if register not in LISTS:
        raise Http404
    return _json(schema(shelf, register))


@require_safe
@public_reading
def of_batch(request: HttpRequest, slug: str, register: str, extension: str) -> HttpResponseBase:
    shelf = shelf_of_batch(request, slug)
    if extension not in TYPES:
        raise Http404
    if register not in shelf.registers:
        raise NeverPublic(f"批次 {slug} 里没有这一名册的行。")
    return given(request, Export(shelf, register, extension))


@require_safe
@public_reading
def manifest_of_batch(request: HttpRequest, slug: str) -> HttpResponseBase:
    return told(request, shelf_of_batch(request, slug))


@require_safe
@public_reading
def of_day(request: HttpRequest, day: str, rest: str) -> HttpResponseBase:
    """`/data/2026-06-06/manifest.json`: leads to the files of the last edition of that day."""
    today = clock.today()
    asked = day_asked(Query([("as_of", day)]), today) or today
    edition = list_edition(last_edition_of(asked))
    if edition is None:
        raise NeverPublic(f"{day} 还没有公布过清单。")
    moved = HttpResponsePermanentRedirect if asked < today else HttpResponseRedirect
    return moved(f"{reverse('data:index')}{edition.number}/{quote(rest)}")


@require_safe
@public_reading
def catalog(request: HttpRequest) -> HttpResponseBase:
    """DCAT 3: what other catalogues gather."""
    Query.of(request).refuse_unknown(single=())
    edition = list_edition(read_at(request).edition)
    return _json(catalogue(Shelf(edition) if edition else None), "application/ld+json")


def shelf_of_lists(request: HttpRequest, number: int) -> Shelf:
    Query.of(request).refuse_unknown(single=())
    edition = list_edition(number) if number <= Edition.objects.current_number() else None
    if edition is None:
        raise NeverPublic(f"第 {number} 版还没有公布，或那时还没有清单。")
    return Shelf(edition)


def shelf_of_batch(request: HttpRequest, slug: str) -> Shelf:
    Query.of(request).refuse_unknown(single=())
    reading = read_at(request)
    batch = public_batch(slug, reading)
    edition = BatchPage(batch, reading).edition if batch else None
    if edition is None:
        raise NeverPublic(f"没有公布过编号为 {slug} 的批次。")
    return Shelf(edition, batch)


def given(request: HttpRequest, export: Export) -> HttpResponseBase:
    """The file; or 503 while others are being made."""
    try:
        found, stream = opened(export)
    except (StillBeingMade, Overtaken):
        return being_made(request)
    if settings.ACCEL_PREFIX and "If-Range" not in request.headers:
        stream.close()
        response = handed_over(request, export, found)
    else:
        response = answer(request, stream, found.size, etag=found.etag, media_type=export.media_type)
    response.headers["Content-Disposition"] = disposition(export.name, plain=export.plain_name)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def handed_over(request: HttpRequest, export: Export, found: Made) -> HttpResponseBase:
    """To nginx, which sends the bytes and their parts. It knows no `If-Range` of a tag that is not its own."""
    response = get_conditional_response(request, etag=found.etag)
    if response is None:
        inside = export.path.relative_to(root()).as_posix()
        response = HttpResponse(content_type=export.media_type)
        response.headers["X-Accel-Redirect"] = f"{settings.ACCEL_PREFIX.rstrip('/')}/{inside}"
    response.headers["ETag"] = found.etag
    return response


def told(request: HttpRequest, shelf: Shelf) -> HttpResponseBase:
    try:
        said = manifest(shelf)
    except (StillBeingMade, Overtaken):
        return being_made(request)
    return _json(said)


def _json(said: dict, media_type: str = "application/json") -> HttpResponse:
    shaped = {"ensure_ascii": False, "indent": 1}
    response = JsonResponse(said, json_dumps_params=shaped, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def being_made(request: HttpRequest) -> HttpResponse:
    response = render(request, "publication/being_made.html", {"seconds": RETRY_SECONDS}, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response
