"""Pages of one batch: open a draft, read it, change its head, take a step."""

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog.publication.compiling.filling import unfinished_import
from catalog.publication.compiling.metadata import change_metadata
from catalog.publication.compiling.numbering import open_draft, publisher_name
from catalog.publication.models import Action, Batch
from catalog.publication.publishing.ordering import standing_of
from catalog.publication.tasks import prepare_index
from portal.core.accounts.capability_admin import Link
from portal.core.accounts.signed_in import person
from portal.core.desk.site import desk_page, posted, refused
from portal.core.jobs.standing import progress
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import BadParameter, Query
from portal.core.workflow import NotAllowed

from .forms import HeadForm, OpenForm, new_head
from .lines import Group, in_pages
from .progress import progress_of, story_of
from .shown import REGISTERS, Row
from .steps import STEPS, BatchStepPage, offered

AWAITS_PUBLICATION = (Batch.State.SUBMITTED, Batch.State.APPROVED, Batch.State.IN_NOTICE)

LINES_A_PAGE = 50
User = Any


def batch_href(batch: Batch) -> str:
    return reverse("admin:publication_batch_change", args=[batch.pk])


def link_to(batch: Batch) -> Link:
    return Link(batch.slug, batch_href(batch))


def with_batch(view: Callable) -> Callable:
    """Give the view the batch in the person's scope; another one does not exist."""

    @wraps(view)
    def find(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        user: User = request.user
        if not user.may_somewhere("batches.read"):
            raise PermissionDenied
        rows = Batch.objects.in_scope(user).select_related(
            "campaign", "created_by", "submitted_by", "approved_by", "published_by", "edition"
        )
        return view(request, get_object_or_404(rows, pk=pk), *args, **kwargs)

    return find


def only_drafts(batch: Batch, user: User) -> None:
    """Pages that edit a draft: 403 without the capability; a batch that is no draft is refused by the act itself."""
    if not user.may("batches.compile", batch.scope_division):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def open_batch(request: HttpRequest) -> HttpResponse:
    user: User = request.user
    if not user.may_somewhere("batches.compile"):
        raise PermissionDenied
    form = OpenForm(posted(request), user=user)
    if form.is_valid():
        number = form.number()
        try:
            batch = open_draft(number, by=user, campaign=form.cleaned_data["campaign"], **new_head(number))
        except NotAllowed as refusal:
            return refused(
                request,
                refusal,
                title="编制新批次",
                back=Link("批次", reverse("admin:publication_batch_changelist")),
            )
        messages.success(request, f"已开 {batch.slug}。请核对标题、依据和公示天数。")
        return redirect("admin:publication_batch_head", batch.pk)
    return desk_page(request, "publication/desk/open.html", {"title": "编制新批次", "form": form})


@require_http_methods(["GET", "POST"])
@with_batch
def head(request: HttpRequest, batch: Batch) -> HttpResponse:
    only_drafts(batch, request.user)
    form = HeadForm(posted(request), instance=batch)
    if request.method == "POST" and form.is_valid():
        try:
            change_metadata(batch, by=person(request), **form.cleaned_data)
        except NotAllowed as refusal:
            return refused(request, refusal, title="标题与公示", back=link_to(batch))
        messages.success(request, "已保存。")
        return redirect(batch_href(batch))
    context = {"title": "标题与公示", "form": form, "batch": Batch.objects.get(pk=batch.pk)}
    return desk_page(request, "publication/desk/metadata.html", context)


@require_http_methods(["GET"])
@with_batch
def page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The batch: where it stands; a page of what it would make or has frozen, and what stands in the way of that."""
    query = Query.of(request)
    query.refuse_unknown(single=("register", "action", "page"))
    lines = in_pages(batch)
    register = one_of(query, "register", REGISTERS, "")
    action = one_of(query, "action", Action.values, "")
    shown = page_of(query, lines.count(register, action), LINES_A_PAGE)
    rows = lines.rows(register, action, shown.start, shown.stop)
    buttons, notes = offered(batch, person(request))
    freezing = standing_of(batch)
    if freezing and freezing.is_pending:
        buttons = [button for button in buttons if button.slug != "submit"]
    user: User = request.user
    context = {
        "title": batch.title,
        "subtitle": None,
        "batch": batch,
        "query": query,
        "publisher": publisher_name(batch.publisher),
        "steps": progress_of(batch),
        "story": story_of(batch),
        "lines": lines,
        "unfinished": unfinished_import(batch),
        "problems": lines.problems,
        "lacks_enterprises": any(problem.rule == "line.enterprise" for problem in lines.problems),
        "register": register,
        "registers": [(name, label, lines.count(name)) for name, (label, _model) in REGISTERS.items()],
        "action": action,
        "groups": lines.groups(register),
        "rows": rows,
        "parts": grouped(rows, lines.groups(register)),
        "page": shown,
        "index_job": progress(prepare_index, batch.pk) if batch.state in AWAITS_PUBLICATION else None,
        "freezing": freezing,
        "buttons": buttons,
        "notes": list(dict.fromkeys(notes)),
        "may_compile": lines.is_draft and user.may("batches.compile", batch.scope_division),
        "tools": site.tools_for(request, batch),  # type: ignore[attr-defined]
        "public_href": reverse("batches:detail", args=[batch.slug]),
    }
    return desk_page(request, "publication/desk/batch.html", context)


@require_http_methods(["GET", "POST"])
@with_batch
def step(request: HttpRequest, batch: Batch, step_slug: str) -> HttpResponse:
    return BatchStepPage(request, STEPS[step_slug], batch).answer()


def grouped(rows: list[Row], groups: list[Group]) -> list[dict[str, Any]]:
    """The rows of a page under the head of their action, which counts those of all pages."""
    by_action = {group.action: group for group in groups}
    return [
        {"group": by_action[action], "rows": list(found)}
        for action, found in groupby(rows, key=lambda row: row.action)
    ]


def one_of(query: Query, name: str, values: Any, usual: str) -> str:
    """A parameter's value, told when it is none of those that exist."""
    given = query.first(name, usual)
    if given and given not in values:
        raise BadParameter.one(query, name, given)
    return given
