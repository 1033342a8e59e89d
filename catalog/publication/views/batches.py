"""The list of batches, and the page of one."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.models import Action, Batch
from catalog.publication.publishers import publisher_names
from catalog.publication.showing.batch_page import REGISTERS, BatchPage, batch_rows, sealed_lines
from catalog.publication.showing.batches import BatchFilters
from catalog.publication.showing.difference_page import compared_with
from portal.core.editions.digest import canonical
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, ReadAt, read_at
from portal.core.pages.streaming import begun
from portal.core.replicas import public_reading


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    query, reading = Query.of(request), read_at(request)
    filters = BatchFilters.of(query, reading)
    publishers = dict(filters.choices_of("publisher"))
    present = set(filters.queryset.order_by().values_list("publisher", flat=True))
    page = page_of(query, filters.total)
    context = {
        "rows": batch_rows(list(filters.on(page)), reading, publishers),
        "choices": [(code, name) for code, name in publishers.items() if code in present],
        "publisher": query.first("publisher"),
        "compare_href": compared_with(reading),
        "year": query.first("year"),
        "page": page,
        "reading": reading,
        "query": query,
        "crumbs": [("批次公示", "")],
    }
    return render(request, "publication/batches.html", context)


@require_safe
@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    query = Query.of(request)
    query.refuse_unknown(single=(*PARAMETERS, "page", "register", "action"))
    reading = read_at(request)
    batch = public_batch(slug, reading)
    if batch is None:
        return not_yet(request, slug, reading)
    dossier = BatchPage(batch, reading)
    register = asked(query, "register", REGISTERS) or dossier.first_register
    action = asked(query, "action", Action.values)
    page = page_of(query, dossier.count(register, action))
    context = {
        "dossier": dossier,
        "batch": batch,
        "publisher": publisher_names().get(batch.publisher, batch.publisher),
        "register": register,
        "register_label": REGISTERS[register][0],
        "registers": [
            (name, label, dossier.count(name))
            for name, (label, _model) in REGISTERS.items()
            if dossier.count(name)
        ],
        "action": action,
        "actions": [
            (value, label, dossier.count(register, value))
            for value, label in Action.choices
            if dossier.count(register, value)
        ],
        "header": canonical(batch.edition.header).decode() if dossier.is_published and batch.edition else "",
        "rows": dossier.rows(register, action, page.start, page.stop),
        "page": page,
        "reading": reading,
        "query": query,
        "crumbs": [("批次公示", reverse("batches:list")), (batch.slug, "")],
    }
    return render(request, "publication/batch.html", context)


@require_safe
@public_reading
def lines(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every line of the batch with its salts and hashes, for whoever wants to compute the root."""
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    batch = public_batch(slug, read_at(request))
    if batch is None:
        raise NeverPublic(f"没有公布过编号为 {slug} 的批次。")
    content_type = "application/x-ndjson; charset=utf-8"
    response = StreamingHttpResponse(begun(sealed_lines(batch)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="batch-{slug}.jsonl"'
    response["Cache-Control"] = "no-cache"
    return response


def asked(query: Query, name: str, known) -> str:
    """The value of a parameter, or "" where it is not given; another than the known ones is told."""
    value = query.first(name)
    if value and value not in known:
        raise BadParameter.one(query, name, value)
    return value


def public_batch(slug: str, reading: ReadAt) -> Batch | None:
    return (
        Batch.objects.public(reading.edition)
        .select_related("campaign", "edition", "notice_edition", "cancelled_edition")
        .filter(slug=slug)
        .first()
    )


def not_yet(request: HttpRequest, slug: str, reading: ReadAt) -> HttpResponse:
    """A batch that was announced later than the edition read; a 404 for one that is not public at all."""
    batch = public_batch(slug, ReadAt(reading.newest, reading.today, reading.newest, reading.today))
    if batch is None:
        raise NeverPublic(f"没有公布过编号为 {slug} 的批次。")
    first = batch.notice_edition or batch.edition
    return render(request, "pages/not_yet.html", {"what": f"批次 {slug}", "first": first, "reading": reading})
