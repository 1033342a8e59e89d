"""Pages on which staff edit working rows: every edit leaves its before-image, and its author."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.html import format_html

from portal.core.accounts.capability_admin import Capabilities, CapabilityAdmin
from portal.core.accounts.signed_in import person
from portal.core.audit.changes import WorkingRow, remove_working, save_working
from portal.core.audit.history import edits_of

from .fields import DESK_WIDGETS, NameField

SOURCE = "desk"
NOT_YET_PUBLIC = "公众看到的没有变，放入批次并公布后才变。"


class DeskFields:
    """How the fields of a form are drawn and cleaned."""

    formfield_overrides = DESK_WIDGETS
    name_fields: tuple[str, ...] = ("name",)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        if db_field.name in self.name_fields and not db_field.choices:
            kwargs.setdefault("form_class", NameField)
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class WorkingAdmin(DeskFields, CapabilityAdmin):
    """For registers. `save_working` writes nothing when nothing changed."""

    not_yet_public = False  # whether the public reads these rows as lines of a batch

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Forms know in `self.user` who fills them in."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def save_model(self, request: HttpRequest, obj: WorkingRow, form: forms.ModelForm, change: bool) -> None:
        save_working(obj, by=request.user, source=SOURCE)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseInlineFormSet, change: bool
    ) -> None:
        for row in formset.save(commit=False):
            save_working(row, by=request.user, source=SOURCE)
        for row in formset.deleted_objects:
            remove_working(row, by=request.user, source=SOURCE)

    def message_user(
        self, request: HttpRequest, message: Any, level: int | str = messages.INFO, *args: Any, **kwargs: Any
    ) -> None:
        """After Django's 「成功修改了」: what the public sees of it."""
        if level == messages.SUCCESS and self.not_yet_public:
            message = format_html("{} {}", message, NOT_YET_PUBLIC)
        super().message_user(request, message, level, *args, **kwargs)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: object) -> Any:
        """The before-image says it."""

    log_change = log_addition

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["has_history"] = True
        obj = kwargs.get("obj")
        site: Any = self.admin_site
        picture = site.picture_of(request, obj) if obj is not None else None
        if picture is None:
            return super().render_change_form(request, context, *args, **kwargs)
        context |= {"picture": picture, "list_href": self.list_href}
        response: Any = super().render_change_form(request, context, *args, **kwargs)
        response.template_name = "admin/record.html"
        return response

    def history_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse | HttpResponseBase:
        """Who changed which field of this row when, and what it held before."""
        obj = self.get_object(request, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": "改动记录",
            "subtitle": str(obj),
            "original": obj,
            "opts": self.opts,
            "edits": edits_of(obj),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/object_history.html", context)


class WorkingInline(DeskFields, Capabilities, admin.TabularInline):
    """Rows that belong to a working row. A row typed in by mistake may be taken out; the audit trail keeps it."""

    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_edit(person(request), obj)
