"""Products by workbook: the template, the upload with what its check found, and taking over the sound rows."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.imports.reading.refusals import Refused
from portal.applications.cases.models import Application, Workbook
from portal.applications.cases.workflow.lines import identity
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.audit.record import record
from portal.core.files.intake.clamd import refuse_infected
from portal.core.files.intake.refusals import FileRefused
from portal.core.files.models import StoredFile
from portal.core.files.shown import disposition
from portal.core.files.store import DamagedFileError, store
from portal.core.files.views import gone

from .. import steps
from ..crumbs import crumbs_of
from ..reach import at_the_counter, my_application
from . import product_workbook
from .lines import open_rows, saved

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAULTS_SHOWN = 200
KEPT_NAME = 120


def typed_case(request: SignedInRequest, number: str) -> Application:
    """A product case that can still be written in."""
    application = my_application(request.user, number, to_edit=True)
    if application.kind != Application.Kind.PRODUCT:
        raise Http404
    return application


@require_safe
@at_the_counter
def template(request: HttpRequest) -> HttpResponse:
    return attachment(product_workbook.template(), "产品模板.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def upload(request: SignedInRequest, number: str) -> HttpResponse:
    application = typed_case(request, number)
    if not application.is_editable:
        return redirect("counter:case", number=number)
    if request.method != "POST":
        return page(request, application)
    lacking = [name for name in product_workbook.NEEDED if not application.values.get(name)]
    if lacking:
        return page(
            request, application, refusal="请先在「证书」一页填好认证机构、编号、等级和有效期，再上传工作簿。"
        )
    sent = request.FILES.get("file")
    if sent is None:
        return page(
            request, application, refusal="没有收到文件：没有选，或者没有传完就断了。请重新选择文件再上传。"
        )
    content = sent.read(product_workbook.LIMITS.bytes + 1)
    try:
        refuse_infected(content)
        found = product_workbook.check(content, sent.name or "工作簿", application)
    except (Refused, FileRefused) as refused:
        return page(request, application, refusal=refused.sentence)
    workbook = keep(application, found, content, name=sent.name or "工作簿", by=request.user)
    return redirect("counter:workbook_found", number=number, workbook=workbook.pk)


@transaction.atomic  # a workbook that no row names would be looked into by no redaction
def keep(
    application: Application, found: product_workbook.Found, content: bytes, *, name: str, by: User
) -> Workbook:
    file = store(content, name=name[-KEPT_NAME:], media_type=XLSX, root=StoredFile.Root.PRIVATE, by=by)
    workbook = Workbook.objects.create(
        application=application,
        file=file,
        rows=found.rows,
        faulty_rows=found.faulty_rows,
        sound=found.sound,
        faults=[
            {"cell": fault.cell, "value": fault.value[:80], "message": fault.message}
            for fault in found.faults[:FAULTS_SHOWN]
        ],
        by=by,
    )
    record("case.workbook_uploaded", application, by=by, rows=found.rows, faulty=found.faulty_rows)
    return workbook


def page(request: HttpRequest, application: Application, *, refusal: str = "") -> HttpResponse:
    context = {
        "application": application,
        "refusal": refusal,
        "row_limit": product_workbook.ROWS,
        "size_limit": product_workbook.LIMITS.bytes // 1024 // 1024,
        "earlier": application.workbooks.select_related("file")[:5],
        "pages": steps.pages_of(application, steps.PRODUCTS),
        "crumbs": crumbs_of(application, "用工作簿填产品"),
    }
    return render(request, "counter/workbook.html", context, status=400 if refusal else 200)


def workbook_of(application: Application, workbook: int) -> Workbook:
    found = application.workbooks.filter(pk=workbook).select_related("file").first()
    if found is None:
        raise Http404
    return found


@require_safe
@at_the_counter
def found(request: SignedInRequest, number: str, workbook: int) -> HttpResponse:
    application = typed_case(request, number)
    kept = workbook_of(application, workbook)
    context = {
        "application": application,
        "workbook": kept,
        "pages": steps.pages_of(application, steps.PRODUCTS),
        "crumbs": crumbs_of(application, "工作簿的检查结果"),
    }
    return render(request, "counter/workbook_found.html", context)


@require_safe
@at_the_counter
def marked(request: SignedInRequest, number: str, workbook: int) -> HttpResponse:
    """The uploaded workbook with its bad cells coloured and commented."""
    application = typed_case(request, number)
    kept = workbook_of(application, workbook)
    try:
        content = product_workbook.marked(kept.file, application)
    except Refused as refused:
        return page(request, application, refusal=refused.sentence)
    except DamagedFileError as error:
        return gone(request, error)
    stem = kept.file.name.rsplit(".", 1)[0]
    record("case.workbook_marked", application, by=request.user, workbook=kept.pk)
    return attachment(content, f"{stem}_标注.xlsx")


@require_POST
@at_the_counter
def take(request: SignedInRequest, number: str, workbook: int) -> HttpResponse:
    """Add the sound rows to the case; a product that the case has already is not added again."""
    application = typed_case(request, number)
    kept = workbook_of(application, workbook)
    rows, added = with_rows(application, kept.sound)
    refusal = saved(application, request, rows) if added else None
    if refusal:
        messages.error(request, "；".join(refusal.values()))
        return redirect("counter:workbook_found", number=number, workbook=workbook)
    kept.taken_at = timezone.now()
    kept.save(update_fields=["taken_at"])
    left_out = len(kept.sound) - added
    told = f"已加入 {added} 个产品。" + (f"另有 {left_out} 个本来就在清单里。" if left_out else "")
    messages.success(request, told)
    return redirect("counter:products", number=number)


def with_rows(application: Application, sound: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """The open rows with the new ones after them, and how many are new."""
    rows = open_rows(application)
    known = {identity(item.name, item.models_text) for item in application.items.all()}
    new = [row for row in sound if identity(row["name"], row["models_text"]) not in known]
    return [*rows, *new], len(new)


def attachment(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = disposition(name)
    return response
