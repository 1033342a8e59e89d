"""Pages of one import: upload, watch, read the report, save, assign headings, take back, remove what is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog.imports.ending import must_type_number
from catalog.imports.importing import MEDIA_TYPES, check_may_import, create_run
from catalog.imports.jobs import (
    check_again,
    decide,
    discard,
    mend,
    order_check,
    order_ending,
    order_save,
    order_take_back,
)
from catalog.imports.models import ImportRun
from catalog.imports.reporting.template import for_register
from catalog.imports.saving.reverting import files_that_rely_on, refusal_of
from portal.core.accounts.capability_admin import Link
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record
from portal.core.desk.site import desk_page, posted, refused
from portal.core.files.shown import disposition
from portal.core.files.store import DamagedFileError, opened, store
from portal.core.files.views import gone
from portal.core.text.digits import whole
from portal.core.workflow import NotAllowed

from .forms import EndForm, HeadingForm, UploadForm
from .run_page import draw_page, link_to, may_end, run_href, with_run

State = ImportRun.State
User = Any


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    user: User = request.user
    if not user.may_somewhere("imports.run"):
        raise PermissionDenied
    again = _run_to_send_again(request, user)
    form = UploadForm(posted(request), request.FILES or None, user=user, again=again)
    if form.is_valid():
        import_request, given = form.import_request(user), form.cleaned_data["file"]
        try:
            check_may_import(user, import_request.publisher)
        except NotAllowed as refusal:
            back = Link("导入", reverse("admin:imports_importrun_changelist"))
            return refused(request, refusal, title="导入工作簿", back=back)
        media_type = MEDIA_TYPES.get(Path(given.name).suffix.lstrip(".").lower(), "application/octet-stream")
        with transaction.atomic():  # a workbook that no run names would be looked into by no redaction
            file = store(given.read(), name=given.name, media_type=media_type, by=user)
            run = create_run(import_request, file)
            record("import.uploaded", run, by=user, file=given.name, sha256=file.sha256)
        order_check(run)
        return redirect(run_href(run))
    context = {"title": "导入工作簿", "form": form, "again": again}
    return desk_page(request, "imports/upload.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET"])
def template(request: HttpRequest, register: str) -> HttpResponse:
    """An empty workbook of a register, to be filled in."""
    if not request.user.may_somewhere("imports.run"):  # type: ignore[union-attr]
        raise PermissionDenied
    if register not in ImportRun.Register.values:
        raise Http404
    response = HttpResponse(for_register(register), content_type=MEDIA_TYPES["xlsx"])
    name = f"{ImportRun.Register(register).label}模板.xlsx"
    response["Content-Disposition"] = disposition(name)
    return response


def _run_to_send_again(request: HttpRequest, user: User) -> ImportRun | None:
    """The run that `?again=` names; one that the person may not work on is none."""
    run = ImportRun.objects.in_scope(user).filter(pk=whole(request.GET.get("again"))).first()
    return run if run is not None and user.may("imports.run", run.scope_division) else None


@require_http_methods(["POST"])
@with_run(edits=True)
def save(request: HttpRequest, run: ImportRun) -> HttpResponse:
    try:
        order_save(run, by=request.user, valid_only="valid_only" in request.POST)
    except NotAllowed as refusal:
        return refused(request, refusal, title="导入", back=link_to(run))
    return redirect(run_href(run))


@require_http_methods(["POST"])
@with_run(edits=True)
def recheck(request: HttpRequest, run: ImportRun) -> HttpResponse:
    try:
        check_again(run, by=request.user)
    except NotAllowed as refusal:
        return refused(request, refusal, title="重新检查", back=link_to(run))
    return redirect(run_href(run))


@require_http_methods(["POST"])
@with_run(edits=True)
def headings(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Assign headings by hand, remembered for the publisher; then everything is checked again."""
    form = HeadingForm(request.POST, run=run)
    if not form.is_valid():
        return draw_page(request, run, form, status=400)
    if not form.remember(person(request)):
        messages.info(request, "标题的对应没有改动。")
        return redirect(run_href(run))
    record("import.headings_chosen", run, by=request.user)
    return recheck(request, run.pk)


@require_http_methods(["POST"])
@with_run(edits=True)
def answer(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """What to do with hidden and with doubled content; each answer is kept with the run."""
    given = _sent_under("q:", request)
    return _ordered(request, run, "决定", lambda: decide(run, given, by=request.user))


@require_http_methods(["POST"])
@with_run(edits=True)
def mend_cells(request: HttpRequest, run: ImportRun) -> HttpResponse:
    cells = _sent_under("c:", request)
    return _ordered(request, run, "就地改", lambda: mend(run, cells, by=request.user))


def _sent_under(prefix: str, request: HttpRequest) -> dict[str, str]:
    """Fields of the form whose names begin so, by the rest of their names."""
    return {
        key.removeprefix(prefix): str(value) for key, value in request.POST.items() if key.startswith(prefix)
    }


def _ordered(request: HttpRequest, run: ImportRun, title: str, order: Callable[[], Any]) -> HttpResponse:
    try:
        order()
    except NotAllowed as refusal:
        return refused(request, refusal, title=title, back=link_to(run))
    return redirect(run_href(run))


@require_http_methods(["POST"])
@with_run(edits=True)
def give_up(request: HttpRequest, run: ImportRun) -> HttpResponse:
    try:
        discard(run, by=request.user)
    except NotAllowed as refusal:
        return refused(request, refusal, title="放弃", back=link_to(run))
    messages.success(request, "已放弃，没有导入任何内容。")
    return redirect("admin:imports_importrun_changelist")


@require_http_methods(["GET", "POST"])
@with_run(edits=True)
def undo(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Say what will go, then take the whole import back."""
    if request.method == "POST":
        relying = files_that_rely_on(run)
        try:
            order_take_back(run, by=request.user)
        except NotAllowed as refusal:
            return refused(request, refusal, title="撤回导入", back=link_to(run))
        if relying:
            messages.warning(request, f"这些文件也列了其中的内容，请重新导入：{'、'.join(relying)}。")
        return redirect(run_href(run))
    context = {
        "title": "撤回导入",
        "run": run,
        "refusal": refusal_of(run, person(request)),
        "relying": files_that_rely_on(run) if run.batch_id else [],
    }
    return desk_page(request, "imports/take_back.html", context)


@require_http_methods(["GET", "POST"])
@with_run(edits=True)
def end(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """What is on the list and not in the complete file: nothing goes that was not chosen."""
    if not may_end(run):
        raise Http404
    form = EndForm(posted(request), run=run)
    if form.is_valid():
        number = form.cleaned_data["number"]
        try:
            count = order_ending(run, form.ids(), reason=form.reason_given(), by=request.user, typed=number)
        except NotAllowed as refusal:
            if refusal.rule not in ("import.number", "import.nothing_chosen"):
                return refused(request, refusal, title="移出缺少的", back=link_to(run))
            form.add_error("number" if refusal.rule == "import.number" else "which", refusal.sentence)
        else:
            messages.success(request, f"{count} 项的移出放入批次，公布之后生效。")
            return redirect(run_href(run))
    missing = run.report["missing"]
    ticked = set(request.POST.getlist("missing"))
    context = {
        "title": "移出缺少的",
        "run": run,
        "form": form,
        "missing": [item | {"is_ticked": str(item["id"]) in ticked} for item in missing],
        "count": len(run.report["missing_ids"]),
        "unshown": len(run.report["missing_ids"]) - len(missing),
        "listed": run.report["listed"],
        "is_large": must_type_number(run, len(run.report["missing_ids"])),
    }
    return desk_page(request, "imports/end.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET"])
@with_run()
def download(request: HttpRequest, run: ImportRun, which: str) -> HttpResponseBase:
    """The uploaded workbook or its annotated copy. They hold contact persons: every download is on record."""
    file = run.marked if which == "marked" else run.file
    if file is None or file.erased_at is not None:
        raise Http404
    try:
        stream = opened(file)
    except DamagedFileError as error:
        return gone(request, error)
    record("import.file_taken", run, by=request.user, which=which)
    response = FileResponse(stream, content_type=file.media_type)
    response["Content-Disposition"] = disposition(file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
