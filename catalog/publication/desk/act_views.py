"""What the desk does from an enterprise, a certificate or a product: put rows into a batch, act on one, hold it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from catalog.publication.compiling import compile
from catalog.publication.compiling.endings import listed_count
from catalog.publication.models import Action, Batch, EnterpriseLine, ProductLine
from catalog.publication.publishers import publisher_names
from catalog.publication.publishing.holds import current_hold, latest_day, lift_hold, set_hold
from portal.core.accounts.capability_admin import Link
from portal.core.accounts.signed_in import person
from portal.core.desk.site import desk_page, posted, refused
from portal.core.workflow import NotAllowed

from .batch_views import batch_href
from .drafts import draft_of, publisher_of
from .forms import ACTS, ActForm, HoldForm, LiftForm, PutForm
from .takers import takers

TARGETS: dict[str, type[Any]] = {"enterprise": Enterprise, "certificate": Certificate, "product": Product}
ENTER: dict[type[Any], Callable[..., int]] = {
    Enterprise: compile.enter_enterprises,
    Certificate: compile.enter_certificates,
    Product: compile.enter_products,
}


def register_of(target: Any) -> str:
    return type(target)._meta.model_name


def page_of_target(target: Any) -> Link:
    opts = type(target)._meta
    return Link(str(target), reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[target.pk]))


def target_or_404(request: HttpRequest, register: str, pk: int) -> Any:
    model = TARGETS.get(register)
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.in_scope(request.user), pk=pk)


@admin.action(description="放入批次")
def put_into_batch(page: Any, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
    """First asks for the draft, then puts the chosen rows in, each with the action that fits what is public."""
    model = queryset.model
    choices = takers(person(request), model.objects.filter(pk__in=queryset.order_by().values("pk")))
    form = PutForm(request.POST if "draft" in request.POST else None, user=person(request), choices=choices)
    if form.is_valid():
        try:
            batch = draft_of(form.cleaned_data["draft"], by=person(request))
            count = ENTER[model](batch, queryset, by=request.user)
        except NotAllowed as refusal:
            back = Link(str(model._meta.verbose_name_plural), request.get_full_path())
            return refused(request, refusal, title="放入批次", back=back)
        messages.success(request, f"{batch.slug}：新放入 {count} 项，其余早已在内。")
        return redirect(batch_href(batch))
    context = {
        "title": "放入批次",
        "form": form,
        "no_taker": not choices,
        "opts": model._meta,
        "count": queryset.count(),
        "sample": queryset[:10],
        "selected": request.POST.getlist("_selected_action"),
        "select_across": request.POST.get("select_across", ""),
    }
    return desk_page(request, "publication/desk/put.html", context)


put_into_batch.capability = "batches.compile"  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    """Suspend, resume or remove everything listed of one thing. How much that is, is shown first and confirmed."""
    user = person(request)
    if not user.may_somewhere("batches.compile"):
        raise PermissionDenied
    target = target_or_404(request, register, pk)
    form = ActForm(posted(request), user=user, initial=initial_act(request))
    draft = form["draft"].value()
    own: Any = form.fields["draft"]
    reach = reach_of(target, draft if draft in dict(own.choices) else None, form["action"].value())
    is_sure = request.POST.get("confirmed") == str(reach["count"])
    if not form.is_valid() or not reach["count"] or not is_sure:
        return desk_page(
            request,
            "publication/desk/act.html",
            {
                "title": reach["action"],
                "form": form,
                "target": page_of_target(target),
                "reach": reach,
                "is_changed": request.method == "POST" and form.is_valid() and not is_sure,
                "acts": ACTS,
            },
            status=400 if form.errors else 200,
        )
    try:
        batch = draft_of(form.cleaned_data["draft"], by=user)
        count = compile.act_on(
            batch, target, form.cleaned_data["action"], by=user, reason=form.reason_given()
        )
    except NotAllowed as refusal:
        return refused(request, refusal, title=reach["action"], back=page_of_target(target))
    messages.success(request, f"{batch.slug}：已放入 {count} 项，公布之后生效。")
    return redirect(batch_href(batch))


def initial_act(request: HttpRequest) -> dict[str, str]:
    """The act that the link named; each has a link of its own."""
    asked = request.GET.get("action", Action.REMOVE)
    return {"action": asked if asked in dict(ACTS) else Action.REMOVE}


def reach_of(target: Any, draft: str | None, action: str | None) -> dict[str, Any]:
    """How many current lines of each publisher the act reaches, against how many are listed. Nothing of what is none."""
    if action not in dict(ACTS) or not draft:
        return {"rows": [], "count": 0, "action": "办理"}
    touched = compile.touched_by(Batch(publisher=publisher_of(draft)), target, action)
    names = publisher_names()
    rows = [
        {
            "publisher": names.get(publisher, publisher),
            "register": label,
            "count": count,
            "listed": listed_count(model, publisher),
        }
        for label, model, lines in (
            ("企业", EnterpriseLine, touched.enterprises),
            ("产品", ProductLine, touched.products),
        )
        for publisher, count in lines.order_by("publisher")
        .values_list("publisher")
        .annotate(n=models.Count("pk"))
    ]
    return {
        "rows": rows,
        "count": sum(row["count"] for row in rows),
        "action": Action(action).label,
    }


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    """「核查中」 on or off: public at once, by one person alone."""
    user = person(request)
    if not user.may_somewhere("holds.set"):
        raise PermissionDenied
    target = target_or_404(request, register, pk)
    present = current_hold(target)
    stands = present is not None and present.is_in_effect()
    form: Any = (
        LiftForm(posted(request)) if stands else HoldForm(posted(request), initial={"until_on": latest_day()})
    )
    if form.is_valid():
        try:
            (lift_hold if stands else set_hold)(target, by=user, **form.cleaned_data)
        except NotAllowed as refusal:
            return refused(request, refusal, title="核查中", back=page_of_target(target))
        messages.success(request, "已解除核查中，并已公开。" if stands else "已标为核查中，并已公开。")
        return redirect(page_of_target(target).href)
    context = {
        "title": "解除核查中" if stands else "标为核查中",
        "form": form,
        "target": page_of_target(target),
        "present": present if stands else None,
        "latest": latest_day(),
    }
    return desk_page(request, "publication/desk/hold.html", context, status=400 if form.errors else 200)


def tools_of(request: HttpRequest, target: Any) -> list[Link]:
    """Links on the pages of enterprises, certificates and products."""
    user = person(request)
    args = [register_of(target), target.pk]
    found = []
    if user.may_somewhere("batches.compile"):
        href = reverse("admin:publication_batch_act", args=args)
        found += [Link("移出", f"{href}?action=remove"), Link("暂停或恢复", f"{href}?action=suspend")]
    if user.may_somewhere("holds.set"):
        found.append(Link("核查中", reverse("admin:publication_batch_hold", args=args)))
    return found
