"""Passing many enquiries on at once: ticked in the list, counted on a page that asks, passed on one by one.

Each goes its own way through the workflow: what is refused is told with its number and stops no other.
"""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.desk.site import desk_page
from portal.core.workflow import NotAllowed

from .. import workflow
from ..models import Enquiry
from .forms import PassManyForm, desk_given

MOST = 500
NAMED = 10


@admin.action(description="转办")
def pass_many(page: Any, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
    """`counted` is the number that the page told: where it is another one now, the page asks again."""
    by, count = person(request), queryset.count()
    is_sure = request.POST.get("counted") == str(count) and count <= MOST
    form = PassManyForm(request.POST if "counted" in request.POST else None)
    if form.is_valid() and is_sure:
        passed, refused = passed_on(queryset, by=by, **desk_given(form.cleaned_data))
        tell(request, passed, refused)
        return redirect(request.get_full_path())
    context = {
        "title": "转办",
        "form": form,
        "count": count,
        "most": MOST if count > MOST else 0,
        "is_changed": "counted" in request.POST and not is_sure,
        "sample": queryset[:NAMED],
        "selected": request.POST.getlist("_selected_action"),
        "select_across": request.POST.get("select_across", ""),
        "opts": page.opts,
    }
    return desk_page(request, "enquiries/desk/pass_many.html", context, status=400 if form.errors else 200)


pass_many.capability = "enquiries.answer"  # type: ignore[attr-defined]


def passed_on(chosen: models.QuerySet, *, by: User, **given: Any) -> tuple[int, list[tuple[str, str]]]:
    """How many were, and (number, why not) of the others."""
    passed, refused = 0, []
    for enquiry in Enquiry.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).order_by("pk"):
        try:
            workflow.pass_on(enquiry, by=by, **given)
        except NotAllowed as refusal:
            refused.append((enquiry.number, refusal.sentence))
        else:
            passed += 1
    return passed, refused


def tell(request: HttpRequest, passed: int, refused: list[tuple[str, str]]) -> None:
    if passed:
        messages.success(request, f"已转办 {passed} 件，期限从收到那天算起，没有变。")
    by_reason: dict[str, list[str]] = {}
    for number, sentence in refused:
        by_reason.setdefault(sentence, []).append(number)
    for sentence, numbers in by_reason.items():
        more = f" 等 {len(numbers)} 件" if len(numbers) > NAMED else ""
        messages.warning(request, f"没有转办 {'、'.join(numbers[:NAMED])}{more}：{sentence}")
