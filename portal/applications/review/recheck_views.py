"""The random sample of approved cases that somebody else looks at again."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.applications.cases.models import Act, ActKind, Application
from portal.applications.cases.workflow.handling import MOST_DRAWN, draw_recheck
from portal.core.accounts.signed_in import person
from portal.core.desk.fields import DayInput
from portal.core.desk.site import desk_page, posted
from portal.core.editions import clock
from portal.core.workflow import NotAllowed

SHOWN_RESULTS = 50
A_QUARTER = datetime.timedelta(days=90)


class DrawForm(forms.Form):
    """How many, or what share, of the cases approved in a period."""

    unit = forms.ChoiceField(
        label="抽多少",
        choices=[("count", f"件数（1 至 {MOST_DRAWN}）"), ("percent", "百分比（1 至 100）")],
        widget=forms.RadioSelect,
        initial="count",
        error_messages={"required": "请选择按件数还是按百分比。"},
    )
    amount = forms.IntegerField(
        label="数目", min_value=1, max_value=100, error_messages={"required": "请填写 1 至 100 的整数。"}
    )
    since = forms.DateField(label="通过日期从", widget=DayInput, required=False)
    until = forms.DateField(label="到", widget=DayInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", "结束日期早于开始日期，请改正。")
        return cleaned

    def given(self) -> dict[str, Any]:
        amount = {self.cleaned_data["unit"]: self.cleaned_data["amount"]}
        return {**amount, "since": self.cleaned_data["since"], "until": self.cleaned_data["until"]}


@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """Asks how many; draws; then the queue shows what was drawn."""
    user = person(request)
    if not user.may("cases.decide"):
        raise PermissionDenied
    today = clock.today()
    form = DrawForm(posted(request), initial={"since": today - A_QUARTER, "until": today}, label_suffix="")
    refusal = None
    if form.is_valid():
        try:
            drawn = draw_recheck(by=user, **form.given())
        except NotAllowed as told:
            refusal = told
        else:
            words = f"抽中 {len(drawn)} 件，请由未经办的人复核。" if drawn else "这段时间没有可以抽取的申报。"
            messages.success(request, words)
            return redirect(f"{reverse('admin:desk_application_changelist')}?mark=recheck")
    context = {
        "title": "抽取复核",
        "form": form,
        "refusal": refusal,
        "waiting": Application.objects.filter(is_recheck=True).count(),
        "results": Act.objects.filter(kind=ActKind.RECHECKED)
        .select_related("application", "by")
        .order_by("-pk")[:SHOWN_RESULTS],
    }
    return desk_page(request, "review/draw.html", context, status=400 if form.errors else 200)
