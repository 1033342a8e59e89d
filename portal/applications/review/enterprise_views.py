"""What the offices see of one enterprise: its applications, and who acts for it."""

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.deadlines import Deadlines
from portal.applications.cases.models import Application
from portal.applications.cases.workflow.membership import end_membership
from portal.core.accounts.capability_admin import Link
from portal.core.accounts.signed_in import person
from portal.core.desk.site import desk_page, posted, refused
from portal.core.workflow import NotAllowed

from .fields import text_field
from .words import deadline_words


def enterprise_or_404(request: HttpRequest, pk: int) -> Enterprise:
    """An enterprise in the scope of the registers, for whoever reads cases."""
    user = person(request)
    if not user.may_somewhere("cases.read"):
        raise PermissionDenied
    found = Enterprise.objects.in_scope(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def enterprise_href(enterprise: Enterprise) -> str:
    return reverse("admin:desk_application_enterprise", args=[enterprise.pk])


@require_GET
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    found = enterprise_or_404(request, pk)
    user = person(request)
    deadlines = Deadlines()
    cases = Application.objects.in_scope(user).filter(uscc=found.uscc).order_by("-pk")
    members = found.memberships.select_related("user", "given_by").order_by("ended_at", "pk")
    context = {
        "title": f"申报与成员：{found.name}",
        "enterprise": found,
        "cases": [(case, deadline_words(case, deadlines.of(case))) for case in cases],
        "members": members,
        "may_end": user.may("cases.decide", found.scope_division),
    }
    return desk_page(request, "review/enterprise.html", context)


class EndForm(forms.Form):
    reason = text_field("理由", required=True, help_text="留在审计记录里，例如「离职，企业来函」。")


@require_http_methods(["GET", "POST"])
def end_member(request: HttpRequest, pk: int) -> HttpResponse:
    """End what an account may do for an enterprise: asked with a reason, then done."""
    membership = Membership.objects.select_related("enterprise", "user").filter(pk=pk).first()
    found = enterprise_or_404(request, membership.enterprise_id if membership else 0)
    user = person(request)
    if not user.may("cases.decide", found.scope_division):
        raise PermissionDenied
    assert membership is not None  # noqa: S101 - an enterprise was found by it
    form = EndForm(posted(request), label_suffix="")
    if form.is_valid():
        try:
            end_membership(membership, by=user, reason=form.cleaned_data["reason"])
        except NotAllowed as refusal:
            return refused(
                request, refusal, title="结束成员身份", back=Link(found.name, enterprise_href(found))
            )
        messages.success(request, f"{membership.user} 不再是「{found.name}」的成员。")
        return redirect(enterprise_href(found))
    context = {"title": "结束成员身份", "membership": membership, "enterprise": found, "form": form}
    return desk_page(request, "review/end_member.html", context, status=400 if form.errors else 200)


def tools_of_enterprise(request: HttpRequest, obj: Enterprise) -> list[Link]:
    """The link on the page of an enterprise in the register."""
    user = person(request)
    return [Link("申报与成员", enterprise_href(obj))] if user.may_somewhere("cases.read") else []


site.offer(Enterprise, tools=[tools_of_enterprise])  # type: ignore[attr-defined]
