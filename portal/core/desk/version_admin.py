"""Pages on which a record's versions are written, reviewed by a second person, published, corrected and withdrawn.

Register the version model with a subclass of `VersionAdmin`; `form` holds its own columns. Only a draft is a form;
everything else is read. A step is never a GET: its page says what will happen, and a POST does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from portal.core.accounts.capability_admin import CapabilityAdmin, Link, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.history import label_of
from portal.core.workflow import NoPermission, NotAllowed, versions
from portal.core.workflow.records import Identity, Version
from portal.core.workflow.versions import Wording

from .version_acts import ACTS, VersionStep, VersionStepPage, due_words, submit_reason
from .version_reading import Reading
from .working_admin import DeskFields

PUBLICATION: Any = ("发布", {"fields": (("publish_on", "change_note"),)})


@dataclass(frozen=True)
class Difference:
    label: str
    before: object
    after: object


class StandingList(ChangeList):
    """Drafts and what is public now; what was replaced is reached from the record's own page."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> models.QuerySet:
        return super().get_queryset(request, exclude_parameters).filter(until_edition=None)


class VersionAdmin(Reading, DeskFields, CapabilityAdmin, Generic[Wording]):
    """Base of the pages for versions. Subclasses say with `faults` and `warnings` what must be right before review."""

    read, edit, review = "content.read", "content.edit", "content.review"
    change_form_template = "admin/version_form.html"
    actions = ()
    list_filter: tuple[Any, ...] = ("state",)
    public_name = ""  # the URL name of the public page; it takes `public_args`

    # -- who may -----------------------------------------------------------------------------------------------
    def may_read(self, user: User) -> bool:
        return user.may_somewhere(self.read) if self.is_regional else user.may(self.read)

    def may_edit(self, user: User, obj: models.Model | None = None) -> bool:
        if obj is None and not self.is_regional:
            return user.may(self.edit)
        return super().may_edit(user, obj)

    @property
    def is_regional(self) -> bool:
        return bool(self.model.scope_column())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.state == Version.State.DRAFT
        return is_open and super().has_change_permission(request, obj)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StandingList

    # -- writing -----------------------------------------------------------------------------------------------
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A draft that is being saved is held before it is looked at: one that somebody submitted meanwhile is no draft."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        return self.model._base_manager.select_for_update().filter(pk=found.pk).first()

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Forms know in `self.user` who fills them in."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def make_identity(self, form: forms.ModelForm) -> Identity:
        """The unsaved record that a new first version belongs to."""
        return self.model.identity_model()()

    def prepare_correction(self, draft: Wording, current: Wording) -> None:
        """Change an unsaved draft that starts from what is public."""

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Wording, form: forms.ModelForm, change: bool) -> None:
        """The last who wrote counts as the writer: whoever publishes must be somebody else."""
        user = person(request)
        if not change:
            identity = self.make_identity(form)
            if not user.may(self.edit, identity.scope_division):
                raise PermissionDenied
            identity.save()
            setattr(obj, obj.IDENTITY, identity)
            obj.key = identity.key
        obj.created_by = user
        obj.save()

    # -- checks before review ----------------------------------------------------------------------------------
    def faults(self, version: Wording) -> list[str]:
        """Sentences that say what must be mended before the version may go on."""
        return []

    def warnings(self, version: Wording) -> list[str]:
        """Sentences of what looks wrong; going on needs a written reason."""
        return []

    def faults_of(self, version: Wording) -> list[str]:
        current = versions.current_version(type(version), version.identity)
        missing = [] if current is None or version.change_note else ["这是对公开内容的更改，请填写更正说明。"]
        return [*missing, *self.faults(version)]

    def ask_about_warnings(self, version: Wording, reason: str) -> None:
        found = self.warnings(version)
        if found and not reason.strip():
            raise NotAllowed("version.warning", "；".join(found) + "。仍要送审，请写明理由。")

    # -- what a room adds to its steps: an index, files ----------------------------------------------------------
    def submit_version(self, version: Wording, *, by: User, reason: str) -> Any:
        return versions.submit(version, by=by, checks=self.faults_of, reason=reason)

    def send_back_version(self, version: Wording, *, by: User, reason: str) -> Any:
        return versions.send_back(version, by=by, reason=reason)

    def publish_version(self, version: Wording, *, by: User, reason: str) -> Any:
        return versions.publish(
            version,
            by=by,
            checks=self.faults_of,
            reason=reason,
            read_at=version.submitted_at,
            publish_on=version.publish_on,
        )

    def withdraw_version(self, version: Wording, *, by: User, reason: str) -> Any:
        return versions.withdraw(type(version), version.identity, by=by, reason=reason)

    def notes(self, step: VersionStep, version: Wording) -> list[str]:
        """Sentences for whoever is about to take a step; they hinder nothing."""
        return []

    def preview_href(self, version: Wording) -> str:
        """Where the desk shows a version as the public will read it; empty where there is no such page."""
        return ""

    # -- steps -------------------------------------------------------------------------------------------------
    def acts(self, version: Wording, user: User) -> list[VersionStep]:
        """What this person may do with this version now."""
        return [act for act in ACTS.values() if self.refusal(act.slug, version, user) is None]

    def refusal(self, code: str, version: Wording, user: User) -> NotAllowed | None:
        model = type(version)
        steps = {
            "submit": versions.submit_step,
            "publish": versions.publish_step,
            "send_back": versions.send_back_step,
        }
        if code in steps:
            return steps[code](model).refusal(version, user)
        if not user.may(self.review if code == "withdraw" else self.edit, version.scope_division):
            return NoPermission("step.permission", "您的账号没有这一步的权限，请联系管理员授权。")
        if code == "discard":
            is_right = version.state == Version.State.DRAFT
        else:
            is_right = version.from_edition_id is not None and version.until_edition_id is None
        if code == "correct":
            is_right = is_right and not self.open_version(version)
        if code == "withdraw":
            is_right = is_right and not version.is_withdrawn
        return None if is_right else NotAllowed("step.state", "现在不能办这一步，请刷新页面查看最新状态。")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        steps = [path(f"<int:pk>/{code}/", view, {"code": code}, name=self.url_name(code)) for code in ACTS]
        return [*steps, *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        version = self.get_queryset(request).filter(pk=pk).first()
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        return VersionStepPage(request, ACTS[code], version, page=self).answer()

    # -- what the page of one version shows ------------------------------------------------------------------------
    def differences(self, version: Wording) -> list[Difference]:
        """What an open version changes of what is public, column by column."""
        current = versions.current_version(type(version), version.identity)
        if current is None or current.pk == version.pk or version.from_edition_id is not None:
            return []
        return [
            Difference(label_of(version, name), self.words(current, name), self.words(version, name))
            for name in version.own_fields()
            if getattr(current, name) != getattr(version, name)
        ]

    def drawn(self, version: Wording) -> str:
        """The version as the public will read it, its changes marked, for rooms whose pages are more than a list of fields."""
        return ""

    def open_version(self, version: Wording) -> Any:
        return type(version).objects.open().filter(**{version.IDENTITY: version.identity}).first()

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        version = kwargs.get("obj")
        if version is not None:
            context |= self.version_context(request, version)
        return super().render_change_form(request, context, *args, **kwargs)

    def version_context(self, request: HttpRequest, version: Wording) -> dict:
        others = type(version).objects.filter(**{version.IDENTITY: version.identity}).exclude(pk=version.pk)
        blocked = self.refusal("publish", version, person(request))
        is_same_person = blocked is not None and blocked.rule == "step.same_person"
        return {
            "version": version,
            "acts": [(act, self.href(act.slug, version.pk)) for act in self.acts(version, person(request))],
            "blocked": blocked.sentence if blocked and is_same_person else "",
            "differences": self.differences(version),
            "others": [
                Link(self.standing_words(other), self.href("change", other.pk))
                for other in others.order_by("-pk")
            ],
            "public_href": self.public_href(version),
            "preview_href": self.preview_href(version),
            "due_words": due_words(version),
            "drawn": "" if self.has_change_permission(request, version) else self.drawn(version),
            "submit_reason": submit_reason(version),
            "said": [] if self.has_change_permission(request, version) else self.said(version),
        }

    def public_href(self, version: Wording) -> str:
        """Where the public reads this version; empty for what is not public."""
        if not self.public_name or version.from_edition_id is None or due_words(version):
            return ""
        address = reverse(self.public_name, args=self.public_args(version))
        return f"{address}?edition={version.from_edition_id}" if version.until_edition_id else address

    def public_args(self, version: Wording) -> list[Any]:
        return [version.identity.pk]

    def standing_words(self, version: Wording) -> str:
        if version.from_edition_id is None:
            return f"{version.get_state_display()}"
        until = f"至第{version.until_edition_id}版" if version.until_edition_id else "，现行"
        return f"第{version.from_edition_id}版起{until}{'（撤下）' if version.is_withdrawn else ''}"

    @admin.display(description="状态", ordering="state")
    def standing(self, version: Wording) -> str:
        if version.is_withdrawn:
            return "已撤下"
        return due_words(version) or version.get_state_display()

    # -- desk --------------------------------------------------------------------------------------------------
    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        rows = self.model.objects.in_scope(request.user)
        lines = []
        if request.user.may_somewhere(self.review):  # type: ignore[union-attr]
            lines.append(("approved", "待审核", Version.State.IN_REVIEW))
        if request.user.may_somewhere(self.edit):  # type: ignore[union-attr]
            lines.append(("draft", "草稿", Version.State.DRAFT))
        found = []
        for code, word, state in lines:
            count = rows.filter(state=state).count()
            if count:
                label = f"{self.opts.verbose_name}{word}"
                found.append(Waiting(code, label, count, f"{self.href('changelist')}?state__exact={state}"))
        return found

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def href(self, page: str, *args: object) -> str:
        return reverse(f"admin:{self.url_name(page)}", args=args)
