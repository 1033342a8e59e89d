"""Personal columns at the desk: shown masked everywhere, and whole only to whoever asks by pressing, which is recorded.

    class EnterpriseAdmin(RevealingAdmin, WorkingAdmin):
        masked = {"contact_person": mask_name, "contact_phone": mask_phone}

    class EnterpriseForm(KeepsMasked, forms.ModelForm):
        masked = EnterpriseAdmin's; clearing = {"clear_contact": ("contact_person", "contact_phone")}

`RevealingAdmin` adds the button to the page of a row and the page that shows the values once (POST, `may_reveal`, no-store).
`KeepsMasked` makes a form that can change the columns without showing what they hold.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person

Mask = Callable[[str], str]


class RevealingAdmin:
    """For a CapabilityAdmin with columns that are masked. Whoever may edit the row may ask to see them."""

    masked: Mapping[str, Mask] = {}

    def may_reveal(self, user: User, obj: models.Model) -> bool:
        return self.may_edit(user, obj)  # type: ignore[attr-defined]

    def shown_masked(self, obj: models.Model) -> str:
        """All masked columns of a row in one line."""
        return " ".join(word for name, mask in self.masked.items() if (word := mask(getattr(obj, name))))

    def get_urls(self) -> list:
        page: Any = self
        view = page.admin_site.admin_view(require_POST(self.reveal_view))
        own = path("<path:object_id>/reveal/", view, name=self._reveal_name)
        return [own, *super().get_urls()]  # type: ignore[misc]

    def reveal_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The values in full, once; as of every page of the desk, nothing stores it. Who looked is recorded first."""
        page: Any = self
        obj = page.get_object(request, unquote(object_id))
        if obj is None or not page.may_read(request.user):
            raise Http404
        if not self.may_reveal(person(request), obj):
            raise PermissionDenied
        page.admin_site.journal(request, page.act_code("revealed"), obj, fields=list(self.masked))
        context = {
            **page.admin_site.each_context(request),
            "opts": page.opts,
            "original": obj,
            "values": [(label_of(obj, name), getattr(obj, name)) for name in self.masked],
            "back": reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[obj.pk]),
        }
        return TemplateResponse(request, "admin/revealed.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and self.shown_masked(obj) and self.may_reveal(person(request), obj):
            context["reveal_href"] = reverse(f"admin:{self._reveal_name}", args=[obj.pk])
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    @property
    def _reveal_name(self) -> str:
        opts = self.opts  # type: ignore[attr-defined]
        return f"{opts.app_label}_{opts.model_name}_reveal"


class KeepsMasked:
    """For a ModelForm: a masked column stays as it is while its box is empty; a tick of `clearing` empties columns."""

    masked: Mapping[str, Mask] = {}
    clearing: Mapping[str, tuple[str, ...]] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        form: Any = self
        self.held = {name: getattr(form.instance, name) for name in self.masked}
        for name, mask in self.masked.items():
            if self.held[name] and name in form.fields:
                form.initial[name] = ""
                form.fields[name].required = False
                form.fields[name].help_text = f"现为 {mask(self.held[name])}，留空不改。"

    def clean(self) -> dict[str, Any]:
        form: Any = self
        cleaned = super().clean() or form.cleaned_data  # type: ignore[misc]
        cleared = {name for tick, names in self.clearing.items() if cleaned.get(tick) for name in names}
        for name, value in self.held.items():
            if name in cleaned and not cleaned[name] and name not in cleared:
                cleaned[name] = value
        return cleaned


def tick(label: str) -> forms.BooleanField:
    """A box that empties masked columns."""
    return forms.BooleanField(label=label, required=False)


def label_of(obj: models.Model, name: str) -> str:
    return str(getattr(obj._meta.get_field(name), "verbose_name", name))
