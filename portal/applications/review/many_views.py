"""One decision on many cases: ticked in the queue, listed on a page that asks, told one by one on a page of results.

Each case is decided by itself, on the submission that was listed: what is refused stops no other.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from portal.applications.cases.models import Application, Submission
from portal.applications.cases.reasons import reason_choices
from portal.applications.review.deciding import decide_many
from portal.core.accounts.signed_in import SignedInRequest, person
from portal.core.desk.site import desk_page
from portal.core.text.digits import whole
from portal.core.workflow import NotAllowed

from .fields import ReasonsMixin, text_field
from .reading import RELATED, may_read
from .words import name_of

MOST = 1000
DECISIONS = {"approve": "通过", "return": "退回补正", "reject": "不予通过"}
SESSION_KEY = "desk_many"
KEPT_OUTCOMES = 5


class ManyForm(ReasonsMixin, forms.Form):
    """One decision and its reasons. `cases` carries each case with the digest of what was listed."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    cases = forms.CharField(widget=forms.HiddenInput, max_length=MOST * 90)
    decision = forms.ChoiceField(
        label="决定",
        choices=DECISIONS.items(),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择通过、退回补正或不予通过。"},
    )
    text = text_field("附言", help_text="每家企业都会读到。")

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.offer(common_reasons(kinds))

    def clean_cases(self) -> dict[int, str]:
        return read_cases(self.cleaned_data["cases"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and cleaned["decision"] != "approve" and not self.reasons():
            raise forms.ValidationError("请至少选一条原因，企业要按它改正。", code="reason")
        return cleaned


def common_reasons(kinds: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Those that every kind among the cases knows."""
    offered = [reason_choices(kind) for kind in sorted(set(kinds))]
    known = [{label for label, _pairs in choices} for choices in offered]
    return [pair for pair in (offered[0] if offered else []) if all(pair[0] in labels for labels in known)]


def read_cases(text: str) -> dict[int, str]:
    """「17:ab… 18:cd…」 as keys with digests; ValidationError for anything else."""
    found = {}
    for part in text.split():
        said, _, digest = part.partition(":")
        key = whole(said)
        if key is None:
            raise forms.ValidationError("选中的申报没有读全，请回到列表重新勾选。")
        found[key] = digest
    return found


@admin.action(description="一起办理")
def decide_together(page: admin.ModelAdmin, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
    """The page that asks: every case that was ticked, and one decision for all."""
    cases = list(queryset.select_related(*RELATED)[: MOST + 1])
    if len(cases) > MOST:
        page.message_user(request, f"一次最多办理 {MOST:,} 件，请用筛选缩小范围。", level="error")
        return redirect(request.get_full_path())
    digests = newest_digests(cases)
    carried = " ".join(f"{case.pk}:{digests.get(case.pk, '')}" for case in cases)
    initial = {"token": uuid.uuid4(), "cases": carried}
    return asking(request, cases, ManyForm(kinds=[case.kind for case in cases], initial=initial))


decide_together.capability = "cases.decide"  # type: ignore[attr-defined]


def newest_digests(cases: Iterable[Application]) -> dict[int, str]:
    """The digest of the newest submission of each case, in one query."""
    rows = Submission.objects.filter(application__in=[case.pk for case in cases]).order_by("ordinal")
    return dict(rows.values_list("application", "digest"))


def asking(
    request: HttpRequest, cases: list[Application], form: ManyForm, *, status: int = 200
) -> HttpResponse:
    context = {"title": "一起办理", "cases": [(case, name_of(case)) for case in cases], "form": form}
    return desk_page(request, "review/many.html", context, status=status)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide them all; a second press leads to the results of the first."""
    user = person(request)
    if not user.may_somewhere("cases.decide"):
        raise PermissionDenied
    cases = chosen(request)
    form = ManyForm(request.POST, kinds=[case.kind for case in cases])
    if not cases or not form.is_valid():
        return asking(request, cases, form, status=400)
    token = str(form.cleaned_data["token"])
    if token not in request.session.get(SESSION_KEY, {}):
        outcomes = decide_many(
            cases,
            by=user,
            decision=form.cleaned_data["decision"],
            reasons=form.reasons(),
            text=form.cleaned_data["text"],
            digests=form.cleaned_data["cases"],
        )
        keep(request, token, form.cleaned_data["decision"], outcomes)
    return redirect("admin:desk_application_outcome", token=token)


def chosen(request: HttpRequest) -> list[Application]:
    """In the order of the queue, and only what the person may see."""
    try:
        keys = read_cases(request.POST.get("cases", ""))
    except forms.ValidationError:
        return []
    rows = Application.objects.in_scope(request.user).filter(pk__in=list(keys)[:MOST])
    return list(rows.select_related(*RELATED).order_by("clock_on", "pk"))


def keep(
    request: HttpRequest,
    token: str,
    decision: str,
    outcomes: list[tuple[Application, NotAllowed | None]],
) -> None:
    """Remember what became of each case until the page of results has been read, the last few of a session."""
    kept = request.session.get(SESSION_KEY, {})
    told = [(case.pk, refusal.sentence if refusal else "") for case, refusal in outcomes]
    kept[token] = {"decision": decision, "cases": told}
    request.session[SESSION_KEY] = dict(list(kept.items())[-KEPT_OUTCOMES:])


@require_GET
def outcome(request: SignedInRequest, token: uuid.UUID) -> HttpResponse:
    """What became of each case: done, or refused with its sentence."""
    if not may_read(request.user):
        raise PermissionDenied
    kept = request.session.get(SESSION_KEY, {}).get(str(token))
    if kept is None:
        raise Http404
    told = dict(kept["cases"])
    cases = Application.objects.filter(pk__in=told).select_related(*RELATED).order_by("clock_on", "pk")
    rows = [(case, name_of(case), told[case.pk]) for case in cases]
    done = sum(not sentence for sentence in told.values())
    context = {
        "title": f"一起办理：{DECISIONS[kept['decision']]}",
        "refused": [row for row in rows if row[2]],
        "done": [row for row in rows if not row[2]],
        "done_count": done,
        "refused_count": len(told) - done,
        "queue_href": reverse("admin:desk_application_changelist"),
    }
    return desk_page(request, "review/outcome.html", context)
