"""The page on which staff write down that they looked a certificate up at its source."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.core.accounts.capability_admin import Link
from portal.core.accounts.signed_in import person
from portal.core.desk.fields import CleanCharField, DayInput
from portal.core.desk.site import desk_page, posted, refused
from portal.core.editions import clock
from portal.core.workflow import NotAllowed

from .checks import SOURCE, record_check
from .models import Certificate

EARLIER_SHOWN = 20


class CheckForm(forms.Form):
    checked_on = forms.DateField(label="核验日期", widget=DayInput)
    result = forms.ChoiceField(label="查到的状态", choices=Certificate.Status.choices)
    source = CleanCharField(label="核验来源", max_length=60)
    note = CleanCharField(
        label="说明", max_length=200, required=False, help_text="公众会看到。不写个人信息。"
    )

    def clean_checked_on(self) -> Any:
        day = self.cleaned_data["checked_on"]
        if day > clock.today():
            raise forms.ValidationError("核验日期不能在今天之后。")
        return day


@require_http_methods(["GET", "POST"])
def check_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Publishes the check at once as an edition of its own; the page says so before the button."""
    user = person(request)
    if not user.may_somewhere("checks.record"):
        raise PermissionDenied
    certificate = get_object_or_404(Certificate.objects.in_scope(user).select_related("body"), pk=pk)
    back = Link(certificate.number, reverse("admin:products_certificate_change", args=[pk]))
    form = CheckForm(posted(request), initial={"checked_on": clock.today(), "source": SOURCE})
    if form.is_valid():
        try:
            check = record_check(certificate, by=user, **form.cleaned_data)
        except NotAllowed as refusal:
            return refused(request, refusal, title="记录核验", back=back)
        messages.success(request, f"已公开：{check.checked_on} 核验，{check.get_result_display()}。")
        return redirect(back.href)
    context = {
        "title": "记录核验",
        "form": form,
        "certificate": certificate,
        "back": back,
        "earlier": certificate.checks.select_related("checked_by").order_by("-checked_on", "-id")[
            :EARLIER_SHOWN
        ],
    }
    return desk_page(request, "products/check_certificate.html", context, status=400 if form.errors else 200)
