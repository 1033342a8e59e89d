"""`/v/`: a sheet is made, opened by its code, and taken as a PDF."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.addresses import client_address
from portal.core.checkpoints.keys import CannotSign
from portal.core.pages.context import is_demonstration
from portal.core.pages.parameters import Query
from portal.core.pages.reading import moment_asked, read_at
from portal.core.proof.limits import HOUR, Limit, network
from portal.core.replicas import public_reading
from portal.core.typesetting import TypesettingError

from .asking import NoSheet, sheet_for
from .models import Sheet, code_in
from .paper import sealed_pdf
from .showing import Shown

SET = Limit("sheets-pdf", 60, HOUR)
logger = logging.getLogger(__name__)


@require_safe
@public_reading
def index(request: HttpRequest) -> HttpResponse:
    """Where whoever holds a sheet types its code."""
    query = Query.of(request)
    query.refuse_unknown(single=("code",))
    given = query.first("code")
    if given and Sheet.objects.filter(code=code_in(given)).exists():
        return redirect("sheets:sheet", code=str(Sheet(code=code_in(given))))
    return _asked(
        request, given, f"没有短码是「{given[:20]}」的核验单。请对照纸面再输一次。" if given else ""
    )


def _asked(request: HttpRequest, given: str, refusal: str, status: int | None = None) -> HttpResponse:
    context = {
        "given": given[:20],
        "refusal": refusal,
        "reading": read_at(request),
        "crumbs": [("核对核验单", None)],
    }
    return render(request, "sheets/index.html", context, status=status or (404 if refusal else 200))


@csrf_exempt  # the pages that send this are kept, the same for everybody; whoever is signed in is nothing to it
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    _query, reading = moment_asked(request)
    try:
        made = sheet_for(request.POST.get("numbers", ""), reading, client_address(request))
    except NoSheet as refusal:
        return _asked(request, "", refusal.sentence, refusal.status)
    return redirect("sheets:sheet", code=made.shown_code)


@require_safe
@cache_control(no_store=True)
@public_reading
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    shown = _shown(request, code)
    if shown is None:
        return _asked(request, code, f"没有短码是「{code[:20]}」的核验单。请对照纸面再输一次。")
    differences = shown.differences(read_at(request))
    return render(request, "sheets/sheet.html", {"shown": shown, "differences": differences})


@require_safe
@cache_control(no_store=True)
@public_reading
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    shown = _shown(request, code)
    if shown is None:
        return _asked(request, code, f"没有短码是「{code[:20]}」的核验单。请对照纸面再输一次。")
    who = network(client_address(request))
    if not SET.take(who):
        return _asked(
            request, "", f"您这里取得太频繁，请 {SET.wait()}后再试；核验单的网页照常可以打开和打印。", 429
        )
    try:
        content = sealed_pdf(shown)
    except (TypesettingError, CannotSign):
        logger.exception("The sheet %s was not set or not sealed", shown.sheet.code)
        return _asked(request, "", "PDF 现在排不出来，我们已经记下。请打开核验单的网页打印。", 503)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="sheet-{shown.sheet.shown_code}.pdf"'
    return response


def _shown(request: HttpRequest, code: str) -> Shown | None:
    Query.of(request).refuse_unknown(single=())
    found = Sheet.objects.filter(code=code_in(code)).first()
    return Shown(found, is_demonstration(request)) if found else None
