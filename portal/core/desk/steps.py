"""A step on one row as a page of the desk: a GET tells what it does, a POST does it.

A room declares each step as a `DeskStep`, and says in a subclass of `StepPage` what differs: who is kept out, what the
page tells beside the form, where it leads. Whether a step is legal is judged in the workflow alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.core.accounts.capability_admin import Link
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.workflow import NotAllowed

from .site import desk_page, posted, refused, status_of

Row = TypeVar("Row", bound=models.Model)
Step = TypeVar("Step", bound="DeskStep")


class StepForm(forms.Form, Generic[Row]):
    """What a step asks, by itself nothing. `given()` is what `run` takes beside the row and the person."""

    def __init__(self, *args: Any, row: Row, user: User, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.row, self.user = row, user

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


@dataclass(frozen=True)
class DeskStep:
    """`does` tells the consequence before the button is pressed. `run(row, by=…, …)` takes what the form asks."""

    slug: str
    label: str
    does: str
    run: Callable[..., Any]
    form: type[StepForm] = StepForm
    done: str = ""  # what is told afterwards, where 「已」 and the label do not say enough
    button: str = ""  # its words, where the label alone does not say enough
    template: str = "admin/step.html"
    is_refusal: bool = False

    @property
    def done_words(self) -> str:
        return self.done or f"已{self.label}。"

    @property
    def press(self) -> str:
        return self.button or self.label


class StepPage(Generic[Step, Row]):
    """One request for one step on one row that the person may see."""

    list_name: str
    desk = site

    def __init__(self, request: HttpRequest, step: Step, row: Row):
        self.request, self.step, self.row = request, step, row
        self.user = person(request)

    # -- what a room says --------------------------------------------------------------------------------------
    def hindered(self) -> HttpResponse | None:
        """The answer to whoever may not come as far as the form. May raise PermissionDenied and Http404."""
        return None

    def name(self) -> str:
        """The row, where the page leads back to it."""
        return str(self.row)

    def heading(self) -> str:
        return f"{self.step.label}：{self.row}"

    def initial(self) -> dict[str, Any]:
        return {}

    def context(self) -> dict[str, Any]:
        """What the template of the room tells beside the form."""
        return {}

    def done(self) -> str:
        return f"{self.name()}：{self.step.done_words}"

    # -- asking and taking -------------------------------------------------------------------------------------
    def answer(self) -> HttpResponse:
        if (hindered := self.hindered()) is not None:
            return hindered
        form = self.form()
        if not form.is_valid():
            return self.ask(form)
        try:
            after = self.take(form)
        except NotAllowed as refusal:
            return self.told(refusal, form)
        messages.success(self.request, self.done())
        return redirect(self.after_href(after))

    def form(self) -> StepForm:
        data = posted(self.request)
        return self.step.form(data, row=self.row, user=self.user, initial=self.initial())

    def take(self, form: StepForm) -> Any:
        return self.step.run(self.row, by=self.user, **form.given())

    def ask(self, form: StepForm, refusal: NotAllowed | None = None) -> HttpResponse:
        """The page of the step; after a refusal with what was typed."""
        context = {
            "title": self.step.label,
            "heading": self.heading(),
            "step": self.step,
            "row": self.row,
            "form": form,
            "refusal": refusal,
            "list": Link(self.list_name, self.href("changelist")),
            "back": self.back(),
            **self.context(),
        }
        status = status_of(refusal) if refusal else 400 if form.errors else 200
        return desk_page(self.request, self.step.template, context, status=status, desk=self.desk)

    def told(self, refusal: NotAllowed, form: StepForm) -> HttpResponse:
        """Why it was not done. Rooms whose forms are long draw the form again."""
        return self.refused(refusal)

    def refused(self, refusal: NotAllowed) -> HttpResponse:
        return refused(self.request, refusal, title=self.step.label, back=self.back())

    # -- where it leads ----------------------------------------------------------------------------------------
    def href(self, page: str, *args: object) -> str:
        opts = self.row._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)

    def back(self) -> Link:
        return Link(self.name(), self.href("change", self.row.pk))

    def after_href(self, after: models.Model | None) -> str:
        """Back to the row; to the list where the step took it out of the person's sight."""
        seen: Any = type(self.row)._default_manager
        is_seen = seen.in_scope(self.user).filter(pk=self.row.pk).exists()
        return self.href("change", self.row.pk) if is_seen else self.href("changelist")
