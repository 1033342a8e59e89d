"""Pages of the back end whose doors are the capabilities of the role table, not Django's own permissions.

Every admin class names the capability that reads its rows and the one that edits them; an empty `edit` means that
nobody does. Rows out of scope do not exist for the person (404), a step without the capability is 403, and no row
is ever deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.text.digits import whole

CHOOSE = "请选择"


@dataclass(frozen=True)
class Waiting:
    """A line of the desk's first page: what waits for the person, and where. `code` is a status of the look."""

    code: str
    label: str
    count: int
    href: str
    note: str = ""


@dataclass(frozen=True)
class Link:
    label: str
    href: str


class Group(StrEnum):
    """The parts of the navigation of the desk, in their order."""

    WAITING = "等我办"
    REGISTERS = "登记册"
    PUBLISHING = "公布"
    EXCHANGE = "进出"
    OTHER = "其他"


class Place(NamedTuple):
    """Where a page stands in the navigation."""

    group: Group
    label: str
    order: int


class Tally(NamedTuple):
    """How much waits behind an entry, and whether some of it is late."""

    number: int = 0
    is_late: bool = False


NOTHING_WAITS = Tally()


@dataclass(frozen=True)
class Entry:
    """An entry of the navigation, with what waits behind it."""

    place: Place
    href: str
    tally: Tally = NOTHING_WAITS
    is_current: bool = False

    @property
    def label(self) -> str:
        return self.place.label


class Capabilities:
    """The permission hooks of admin pages and inlines, answered by the role table."""

    read = ""
    edit = ""

    def may_read(self, user: User) -> bool:
        return bool(self.read) and user.may_somewhere(self.read)

    def may_edit(self, user: User, obj: models.Model | None = None) -> bool:
        """For rows that belong to a division the grant must cover it; what belongs to nobody needs an unscoped one."""
        if not self.edit:
            return False
        if obj is None:
            return user.may_somewhere(self.edit)
        return user.may(self.edit, getattr(obj, "scope_division", ""))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_read(person(request))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_read(person(request))

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_edit(person(request), obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_edit(person(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        """Without the pop-up windows that Django puts beside a choice, and with words for an empty one."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        inner = getattr(getattr(field, "widget", None), "widget", None)
        if inner is not None:
            field.widget = inner
        if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
            field.empty_label = CHOOSE
        elif isinstance(field, forms.TypedChoiceField):
            choices: Any = field.choices
            field.choices = [(value, label if value else CHOOSE) for value, label in choices]
        return field


class CapabilityAdmin(Capabilities, admin.ModelAdmin):
    """Base of every page of the back end. The site that it is registered with writes the journal."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    save_on_top = False
    view_on_site = False
    column_css: ClassVar[dict[str, str]] = {}  # how a column of the list stands: `cut w2`, `num`, `r`
    plain_columns: tuple[str, ...] = ()  # what says itself on a phone, without the word of its column
    list_views: tuple[tuple[str, str], ...] = ()  # links that set filters: (label, query string)
    menu_place: Place | None = None  # without one the page is reached from the first page alone

    def may_edit(self, user: User, obj: models.Model | None = None) -> bool:
        if obj is None and not hasattr(self.model, "scope_division"):
            return bool(self.edit) and user.may(self.edit)
        return super().may_edit(user, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Rows in scope, where the model knows scopes."""
        rows = super().get_queryset(request)
        return rows.in_scope(request.user) if hasattr(rows, "in_scope") else rows

    def get_actions(self, request: HttpRequest) -> dict:
        """The actions of this page that the person may take, with those that rooms above offer for its model."""
        site: Any = self.admin_site
        offered = [self.get_action(action) for action in site.actions_for(self.model)]
        found = {**super().get_actions(request), **{action[1]: action for action in offered if action}}
        user = person(request)
        return {
            name: action
            for name, action in found.items()
            if action and user.may_somewhere(getattr(action[0], "capability", self.edit))
        }

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        """A form sends every select, also those left at 「全部」: those say nothing."""
        given = request.GET.copy()
        for name in [name for name, value in given.items() if not value]:
            del given[name]
        request.GET = given  # type: ignore[assignment]
        if ACTION_CHECKBOX_NAME in request.POST or request.POST.get("select_across"):
            request.POST = self.chosen(request.POST)  # type: ignore[assignment]
        return super().changelist_view(request, {**self.list_context(request), **(extra_context or {})})

    def chosen(self, sent: QueryDict) -> QueryDict:
        """Without ticks that are the key of no row: Django would ask the database for them. It asks for one tick at least,
        even where all are meant.
        """
        posted, is_number = sent.copy(), isinstance(self.opts.pk, models.IntegerField)
        ticked = [key for key in posted.getlist(ACTION_CHECKBOX_NAME) if is_key(key, is_number=is_number)]
        posted.setlist(ACTION_CHECKBOX_NAME, ticked or (["all"] if posted.get("select_across") else []))
        return posted

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        """The links above a list, with the filters that the person has kept."""
        if not self.has_view_permission(request):
            return {}
        return self.admin_site.list_context(request, self.model, self.offered_views())  # type: ignore[attr-defined]

    def offered_views(self) -> tuple[tuple[str, str], ...]:
        return self.list_views

    def get_tools(self, request: HttpRequest, obj: models.Model) -> list[Link]:
        """Links at the head of an object's page, with those that rooms above offer for its model."""
        return self.admin_site.tools_for(request, obj)  # type: ignore[attr-defined]

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        """What waits for this person here."""
        return ()

    def tally(self, request: HttpRequest) -> Tally:
        """The number beside the entry of the navigation. Every page of the desk asks it: one query, or two."""
        return NOTHING_WAITS

    def menu(self, request: HttpRequest) -> Sequence[Entry]:
        """The entries of the navigation that lead here."""
        if self.menu_place is None:
            return ()
        return (Entry(self.menu_place, self.list_href, self.tally(request)),)

    @property
    def list_href(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["tools"] = self.get_tools(request, obj) if obj is not None else []
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        raise PermissionDenied

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """The history of a row is in the audit trail; see WorkingAdmin for rows with before-images."""
        raise Http404

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: object, object_id: str
    ) -> HttpResponseBase:
        raise Http404

    def act_code(self, participle: str) -> str:
        """The code of an act for the audit trail: `user.created`."""
        return f"{self.opts.model_name}.{participle}"

    def log_addition(self, request: HttpRequest, obj: models.Model, message: object) -> Any:
        self.admin_site.journal(request, self.act_code("created"), obj)  # type: ignore[attr-defined]

    def log_change(self, request: HttpRequest, obj: models.Model, message: object) -> Any:
        self.admin_site.journal(request, self.act_code("changed"), obj, fields=changed_fields(message))  # type: ignore[attr-defined]

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet) -> Any:
        for obj in queryset:
            self.admin_site.journal(request, self.act_code("removed"), obj)  # type: ignore[attr-defined]


class ReadOnlyAdmin(CapabilityAdmin):
    """For what is public or only ever added to: read by whoever holds `read`, changed here by nobody."""

    actions = ()

    def may_edit(self, user: User, obj: models.Model | None = None) -> bool:
        return False


def is_key(text: str, *, is_number: bool) -> bool:
    return whole(text, 18) is not None if is_number else "\x00" not in text


def changed_fields(message: object) -> list[str]:
    """Labels of the changed fields out of the message that Django composes."""
    if not isinstance(message, list):
        return []
    parts = [part.get("changed", {}).get("fields", []) for part in message if isinstance(part, dict)]
    return [str(label) for labels in parts for label in labels]
