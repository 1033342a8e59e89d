"""The page of one import: how far it is, what was found, what can be done next."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog.imports.jobs import is_lost, job_of
from catalog.imports.models import ImportRun
from catalog.imports.saving.reverting import may_begin
from catalog.publication.publishers import publisher_names
from portal.core.accounts.capability_admin import Link
from portal.core.desk.site import desk_page

from .forms import HeadingForm

State = ImportRun.State
User = Any
ROWS_OF_A_PAGE = 8


def run_href(run: ImportRun) -> str:
    return reverse("admin:imports_importrun_change", args=[run.pk])


def link_to(run: ImportRun) -> Link:
    return Link(run.file.name, run_href(run))


def with_run(*, edits: bool = False) -> Callable:
    """Give the view the run in the person's scope; another one does not exist. Editing needs the capability there."""

    def wrap(view: Callable) -> Callable:
        @wraps(view)
        def find(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: User = request.user
            if not user.may_somewhere("imports.read"):
                raise PermissionDenied
            rows = ImportRun.objects.in_scope(user).select_related("file", "marked", "batch", "created_by")
            run = get_object_or_404(rows, pk=pk)
            if edits and not user.may("imports.run", run.scope_division):
                raise PermissionDenied
            return view(request, run, *args, **kwargs)

        return find

    return wrap


@require_http_methods(["GET"])
@with_run()
def page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """How far it is, or what was found; a page of a running job asks for itself again, without a script."""
    return draw_page(request, run, HeadingForm(run=run))


def draw_page(request: HttpRequest, run: ImportRun, form: HeadingForm, *, status: int = 200) -> HttpResponse:
    user: User = request.user
    may_run = user.may("imports.run", run.scope_division)
    report = run.report
    sound = report.get("new", 0) + report.get("changed", 0)
    open_questions = sum(not question["answer"] for question in report.get("questions", []))
    samples = report.get("samples", {})
    context = {
        "title": run.file.name,
        "run": run,
        "report": report,
        "publisher": publisher_names().get(run.publisher, run.publisher),
        "is_lost": is_lost(run),
        "job": job_of(run) if run.is_busy else None,
        "may_run": may_run,
        "open_questions": open_questions,
        "may_decide": may_run and run.state == State.CHECKED,
        "may_save": may_run and run.state == State.CHECKED and sound and not report.get("fault_count"),
        "may_save_valid": may_run and run.state == State.CHECKED and sound and report.get("fault_count"),
        "may_discard": may_run
        and run.state in (State.CHECKED, State.REFUSED, State.FAILED)
        and not run.is_unfinished,
        "may_take_back": may_run and may_begin(run),
        "may_end": may_run and may_end(run),
        "changes_nothing": run.state == State.CHECKED
        and not (sound or open_questions or report.get("fault_count")),
        "steps": _steps(run),
        "bar": _bar(run),
        "new_rows": _paged(request, "new", samples.get("new", [])),
        "changed_rows": _paged(request, "changed", samples.get("changed", [])),
        "sound": sound,
        "headings": _headings(run, form),
        "heading_errors": form.non_field_errors(),
        "met": sum(report.get("relied_on", {}).values()),
    }
    return desk_page(request, "imports/run.html", context, status=status)


def _paged(request: HttpRequest, name: str, rows: list[dict[str, Any]]) -> Any:
    return Paginator(rows, ROWS_OF_A_PAGE).get_page(request.GET.get(name))


def _bar(run: ImportRun) -> dict[str, int] | None:
    """How far a job is; None while it does not know how much there is."""
    report = run.report
    most, now = run.total, min(run.progress, run.total)
    if run.state == State.SAVING and run.done:
        most, now = report.get("new", 0) + report.get("changed", 0), run.done
    return {"most": most, "now": min(now, most)} if run.is_busy and most else None


def _steps(run: ImportRun) -> list[tuple[str, str]]:
    """The way of a file, and where this one is: done, now, or to come."""
    order = (State.UPLOADED, State.CHECKING, State.CHECKED, State.SAVING, State.SAVED)
    at = {State.UPLOADED: 1, State.CHECKING: 1, State.CHECKED: 2, State.SAVING: 3, State.SAVED: 4}
    now = at.get(State(run.state), 0) if run.state in order else 0
    names = ("上传", "检查", "认列、改错、看新行", "放入批次")
    return [
        (name, "done" if place < now else "now" if place == now else "") for place, name in enumerate(names)
    ]


def may_end(run: ImportRun) -> bool:
    if not run.report.get("missing_ids"):
        return False
    if run.state == State.SAVED:
        return run.batch is not None and run.batch.state == "draft"
    counts = (run.report.get(name) for name in ("new", "changed", "fault_count"))
    return run.state == State.CHECKED and not any(counts)


def _headings(run: ImportRun, form: HeadingForm) -> list[dict[str, Any]]:
    """The sheets of the report, each column with its select; a heading of several sheets has it once."""
    fields = dict(zip(form.written, form, strict=True))
    return [
        sheet
        | {
            "columns": [
                column | {"select": fields.pop(column["written"], None)} for column in sheet["columns"]
            ]
        }
        for sheet in run.report.get("sheets", [])
    ]
