"""The entries of a draft: what was put in, taking it out again, filling in what is missing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog.publication.compiling import compile
from catalog.publication.models import Batch
from portal.core.desk.site import desk_page, refused
from portal.core.pages.pagination import page_of
from portal.core.pages.parameters import Query
from portal.core.text.digits import whole
from portal.core.workflow import NotAllowed

from .batch_views import batch_href, link_to, one_of, only_drafts, with_batch

REGISTERS = {
    "products": ("产品", "product"),
    "enterprises": ("企业", "enterprise"),
    "certificates": ("证书", "certificate"),
}
ENTRIES_A_PAGE = 50


@require_http_methods(["GET", "POST"])
@with_batch
def entries(request: HttpRequest, batch: Batch) -> HttpResponse:
    """A GET lists; a POST takes the ticked ones, or all of the register, out of the draft."""
    only_drafts(batch, request.user)
    query = Query.of(request)
    query.refuse_unknown(single=("register", "page"))
    register = one_of(query, "register", REGISTERS, "products")
    label, column = REGISTERS[register]
    rows = batch.entries.filter(**{f"{column}__isnull": False}).order_by("id")
    if request.method == "POST":
        return take_out(request, batch, rows if "all" in request.POST else batch.entries.all())
    shown = page_of(query, rows.count(), ENTRIES_A_PAGE)
    rows = rows.select_related("enterprise", "certificate", "product__enterprise")
    context = {
        "title": "条目",
        "batch": batch,
        "query": query,
        "register": register,
        "register_label": label,
        "registers": [
            (name, words, batch.entries.filter(**{f"{field}__isnull": False}).count())
            for name, (words, field) in REGISTERS.items()
        ],
        "rows": rows[shown.start : shown.stop],
        "page": shown,
        "is_draft": batch.state == Batch.State.DRAFT,
    }
    return desk_page(request, "publication/desk/entries.html", context)


def take_out(request: HttpRequest, batch: Batch, rows: Any) -> HttpResponse:
    if "all" not in request.POST:
        named = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("entry")
        rows = rows.filter(pk__in=[pk for sent in named if (pk := whole(sent))])
    elif "sure" not in request.POST:
        messages.warning(request, "没有移去：移去全部须先勾选「确定移去全部」。")
        return redirect(request.get_full_path())
    try:
        count = compile.take_out(batch, rows, by=request.user)
    except NotAllowed as refusal:
        return refused(request, refusal, title="移去条目", back=link_to(batch))
    messages.success(request, f"已拿出 {count} 项。")
    if request.POST.get("from") == "batch":
        return redirect(batch_href(batch))
    return redirect("admin:publication_batch_entries", batch.pk)


@require_http_methods(["POST"])
@with_batch
def missing_enterprises(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Put in the enterprises of the draft's products that no directory lists."""
    only_drafts(batch, request.user)
    try:
        count = compile.enter_missing_enterprises(batch, by=request.user)
    except NotAllowed as refusal:
        return refused(request, refusal, title="补入缺少的企业", back=link_to(batch))
    messages.success(request, f"已补入 {count} 家企业。" if count else "没有缺少的企业。")
    return redirect(reverse("admin:publication_batch_entries", args=[batch.pk]) + "?register=enterprises")
