"""`/differences/`: what became of a register between two batches, editions or days."""

import logging
from collections.abc import Sequence

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.publication.differences.difference import Difference
from catalog.publication.differences.files import TITLE, as_csv, as_jsonl, as_workbook, most_rows
from catalog.publication.differences.sides import LEFT, RIGHT
from catalog.publication.exporting.writing import TYPES
from catalog.publication.showing.difference_feed import DifferenceFeed
from catalog.publication.showing.difference_page import Asked, DifferencePage, batches_offered
from portal.core.accounts.addresses import client_address
from portal.core.files.shown import disposition
from portal.core.pages.cache import public_page
from portal.core.pages.feeds import CONTENT_TYPE
from portal.core.pages.parameters import BadParameter, Problem
from portal.core.pages.reading import read_at
from portal.core.pages.streaming import begun
from portal.core.proof.limits import EVERYBODY, HOUR, Limit, network, taken
from portal.core.replicas import public_reading
from portal.core.workbook import MOST_ROWS

# By network, and of all together: pages that are drawn anew, and files.
PAGES = ((Limit("differences", 300, HOUR), True), (Limit("differences-of-all", 6_000, HOUR), False))
FILES = ((Limit("difference-files", 60, HOUR), True), (Limit("difference-files-of-all", 1_000, HOUR), False))
logger = logging.getLogger(__name__)


@require_safe
@public_page
def page(request: HttpRequest) -> HttpResponse:
    asked = Asked.of(request, more=("action", "page"))
    difference, reading = asked.difference, read_at(request)
    context = {
        "asked": asked,
        "query": asked.query,
        "reading": reading,
        "right": asked.right,
        "batches": batches_offered(reading),
        "crumbs": [("批次公示", reverse("batches:list")), ("两版比较", "")],
    }
    if difference is None:
        return render(request, "publication/differences.html", context)
    if refused := too_many(request, PAGES, context):
        return refused
    if not difference.is_balanced:
        return unbalanced(request, difference, context)
    context |= {"dossier": DifferencePage(asked, difference), "difference": difference}
    return render(request, "publication/differences.html", context)


def unbalanced(request: HttpRequest, difference: Difference, context: dict) -> HttpResponse:
    """Nothing is told of what does not add up."""
    logger.error("A difference does not add up: %s", request.get_full_path())
    response = render(
        request, "publication/differences.html", context | {"unbalanced": difference}, status=503
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def too_many(
    request: HttpRequest, limits: Sequence[tuple[Limit, bool]], context: dict
) -> HttpResponse | None:
    """Each pair of moments is another answer, and costs what changed between them. What is kept is not counted."""
    who = network(client_address(request))
    full = taken([(limit, who if is_of_one else EVERYBODY) for limit, is_of_one in limits])
    if full is None:
        return None
    refusal = f"比较得太频繁，请 {full.wait()}后再试；整份清单的文件不受此限。"
    response = render(request, "publication/differences.html", context | {"refusal": refusal}, status=429)
    response.headers["Retry-After"] = str(full.seconds_left())
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@public_reading
def export(request: HttpRequest, extension: str) -> HttpResponseBase:
    asked = Asked.of(request)
    difference = asked.difference
    if difference is None:
        raise BadParameter(asked.query, [Problem(LEFT, "", "请写明左边：批次编号、版号或日期。")])
    context = {"asked": asked, "query": asked.query, "reading": read_at(request)}
    if refused := too_many(request, FILES, context):
        return refused
    if not difference.is_balanced:
        return unbalanced(request, difference, context)
    if extension == "xlsx":
        refuse_too_many(asked, difference)
        response: HttpResponseBase = FileResponse(as_workbook(difference), content_type=TYPES[extension])
    else:
        write = as_csv if extension == "csv" else as_jsonl
        response = StreamingHttpResponse(begun(write(difference)), content_type=TYPES[extension])
    left, right = difference.left, difference.right
    stem = f"{left.edition}-{left.day}-{right.edition}-{right.day}.{extension}"
    response.headers["Content-Disposition"] = disposition(f"{TITLE}-{stem}", plain=f"differences-{stem}")
    response.headers["Cache-Control"] = "no-cache"
    return response


def refuse_too_many(asked: Asked, difference: Difference) -> None:
    if most_rows(difference) > MOST_ROWS:
        sentence = f"差别有 {difference.total:,} 项，一个工作簿可能放不下。请取 CSV，或缩小范围。"
        raise BadParameter(asked.query, [Problem("", "", sentence)])


@require_safe
@public_page
def feed(request: HttpRequest) -> HttpResponse:
    asked = Asked.of(request)
    context = {"feed": DifferenceFeed(asked), "right": asked.right, "list_query": asked.query.drop(RIGHT)}
    return render(request, "publication/differences.xml", context, content_type=CONTENT_TYPE)
