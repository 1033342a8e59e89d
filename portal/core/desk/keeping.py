"""Kept filters of a list: 「我的视图」, a name for what a person looks for often. Nobody else sees them."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.apps import apps
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from portal.core.accounts.models import KeptView
from portal.core.accounts.signed_in import person
from portal.core.text.normalise import clean

MOST = 12  # of one list: they stand in a line
PASSING = ("p", "e")  # a page, and Django's word for a fault


@dataclass(frozen=True)
class View:
    label: str
    href: str
    is_current: bool = False
    pk: int | None = None  # of a kept one


class KeepForm(forms.Form):
    page = forms.CharField(max_length=80)
    query = forms.CharField(required=False)
    label = forms.CharField(max_length=20)

    def clean_query(self) -> str:
        """As it is kept, which is longer than what was sent: part of it would be another filter."""
        query = said(self.cleaned_data["query"])
        if len(query) > KeptView.LONGEST:
            raise forms.ValidationError("选的条件太长，留不下来。请少选几个，或把搜索词写短。")
        return query

    def clean_label(self) -> str:
        label = clean(self.cleaned_data["label"])
        if not label:
            raise forms.ValidationError("请给视图起一个名字。")
        return label

    def refusal(self) -> str:
        return str(self.errors.get("query", ["请给它起一个 20 字以内的名字。"])[0])


def query_of(request: HttpRequest) -> str:
    """What is chosen, in one order: two ways to choose the same are one view."""
    return said(request.GET.urlencode())


def said(query: str) -> str:
    return urlencode(sorted(pair for pair in parse_qsl(query) if pair[0] not in PASSING))


def views_of(
    request: HttpRequest, model: type[models.Model], offered: tuple[tuple[str, str], ...]
) -> list[View]:
    """One query: those that the page has, then the person's own."""
    now = query_of(request)
    own = KeptView.objects.filter(user=person(request), page=model._meta.label_lower)
    return [
        View("全部", "?", not now),
        *(offered_view(label, str(query), now) for label, query in offered),
        *(View(view.label, f"?{view.query}", view.query == now, view.pk) for view in own),
    ]


def offered_view(label: str, query: str, now: str) -> View:
    """An address instead of a query leads to another list."""
    return View(label, query) if query.startswith("/") else View(label, f"?{query}", said(query) == now)


def list_href(page: str) -> str:
    """Of the list of a model, by its label. Raises Http404."""
    try:
        opts = apps.get_model(page)._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    except (LookupError, ValueError, NoReverseMatch):
        raise Http404 from None


@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """A name that is taken names what is chosen now."""
    href = list_href(request.POST.get("page", ""))
    form = KeepForm(request.POST)
    query = said(request.POST.get("query", ""))
    if not form.is_valid():
        messages.error(request, f"没有留下视图：{form.refusal()}")
        return redirect(f"{href}?{query}")
    own = KeptView.objects.filter(user=person(request), page=form.cleaned_data["page"].lower())
    label = form.cleaned_data["label"]
    if own.exclude(label=label).count() >= MOST:
        messages.error(request, f"一个列表最多留 {MOST} 个视图，请先删去一个。")
        return redirect(f"{href}?{query}")
    own.update_or_create(
        user=person(request), page=form.cleaned_data["page"].lower(), label=label, defaults={"query": query}
    )
    messages.success(request, f"已留作视图「{label}」，只有您看得到。")
    return redirect(f"{href}?{query}")


@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Another's does not exist."""
    view = get_object_or_404(KeptView, pk=pk, user=person(request))
    href = list_href(view.page)
    view.delete()
    messages.success(request, f"已删去视图「{view.label}」，列表里的内容没有变。")
    return redirect(href)
