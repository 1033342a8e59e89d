"""Accounts and roles: kept by administrators, read by auditors, closed to everybody who works on content."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from portal.core.accounts.capability_admin import Capabilities, CapabilityAdmin, Group, Link, Place
from portal.core.accounts.models import Grant, User
from portal.core.accounts.passwords import generated_password
from portal.core.accounts.revealing import KeepsMasked, RevealingAdmin, tick
from portal.core.accounts.roles import CAPABILITY_WORDS, ROLES, prefix_of
from portal.core.accounts.signed_in import person
from portal.core.desk.filters import FilteredAdmin
from portal.core.text.masking import mask_email

from .account_filters import AccountFilters
from .closing import close_many


def _is_division(code: str) -> bool:
    """000000 lies in no division, and would be the front of every code."""
    return code.isascii() and code.isdigit() and len(code) == 6 and bool(prefix_of(code))


class GrantForm(forms.ModelForm):
    class Meta:
        model = Grant
        fields = ("role", "division")

    def clean_division(self) -> str:
        """A scope that a role does not know would only look like a limit."""
        role, division = self.cleaned_data.get("role"), self.cleaned_data["division"].strip()
        if role in ROLES and division and not ROLES[role].is_scoped:
            raise forms.ValidationError(f"「{ROLES[role].label}」不分地区，区划代码请留空。")
        if role in ROLES and ROLES[role].is_scoped and not _is_division(division):
            raise forms.ValidationError("请填写六位区划代码，例如 350000。")
        return division


class GrantInline(Capabilities, admin.TabularInline):
    model = Grant
    form = GrantForm
    read, edit = "accounts.read", "accounts.manage"
    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_edit(person(request), obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A grant is given or taken, never turned into another one: each is an act in the audit trail."""
        return False

    def may_edit(self, user: User, obj: models.Model | None = None) -> bool:
        """Nobody gives roles to themselves."""
        return super().may_edit(user) and obj != user


class AccountForm(KeepsMasked, forms.ModelForm):
    clear_email = tick("清除邮箱")
    masked, clearing = {"email": mask_email}, {"clear_email": ("email",)}

    class Meta:
        model = User
        fields = ("username", "last_name", "first_name", "person", "email", "certification_body", "is_active")
        labels = {"username": "账号", "last_name": "姓", "first_name": "名", "is_active": "启用"}
        help_texts = {
            "username": "字母、数字和 @ . + - _，至多 150 个字符。",
            "is_active": "取消勾选即停用，不能再登录。账号不删除：审计记录和批次里还写着它。",
        }

    def clean_username(self) -> str:
        """The door reads names without case: two that differ only in it would both stay outside."""
        name = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("已有这个账号，或只有大小写不同的账号。请换一个。")
        return name


@admin.register(User)
class AccountAdmin(FilteredAdmin, RevealingAdmin, CapabilityAdmin):
    """An account is never deleted, it is closed: the audit trail and the batches name it.

    Passwords are generated and shown once, so that an administrator never chooses one for somebody.
    """

    read, edit = "accounts.read", "accounts.manage"
    menu_place = Place(Group.OTHER, "账号与角色", 70)
    form = AccountForm
    masked = AccountForm.masked
    inlines = (GrantInline,)
    list_display = ("username", "full_name", "roles", "is_active", "last_login")
    filters = AccountFilters
    list_views = (("停用的", "is_active__exact=0"), ("半年没有登录", "seen=180"))
    column_css: ClassVar = {"full_name": "clip", "roles": "cut w3"}
    actions = (close_many,)
    search_fields = ("username", "last_name", "first_name", "person", "email__iexact")
    search_help_text = "账号、姓名、人员编号或完整邮箱"
    readonly_fields = ("last_login", "date_joined", "masked_email")
    fieldsets = (
        (
            None,
            {"fields": ("username", ("last_name", "first_name"), ("person", "email"), "certification_body")},
        ),
        ("状态", {"fields": ("is_active", ("last_login", "date_joined"))}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Whoever only reads sees the address masked; whoever edits may empty it.

        Somebody of an enterprise signs in by the address: only the person changes it, and confirms the new one.
        """
        (label, inside), *others = self.fieldsets
        if not self.may_edit(person(request), obj) or (obj is not None and not obj.is_staff):
            shown = tuple("masked_email" if name == "email" else name for name in flatten(inside["fields"]))
            return ((label, {"fields": shown}), *others)
        if obj is not None and obj.email:
            return ((label, {"fields": (*inside["fields"], "clear_email")}), *others)
        return self.fieldsets

    @admin.display(description="邮箱")
    def masked_email(self, user: User) -> str:
        return self.shown_masked(user)

    def may_edit(self, user: User, obj: models.Model | None = None) -> bool:
        """An administrator does not change a superuser's account."""
        return user.may(self.edit) and (user.is_superuser or not getattr(obj, "is_superuser", False))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("grants")

    def get_urls(self) -> list:
        own = [
            path("roles/", self.admin_site.admin_view(self.role_table), name="accounts_role_table"),
            path(
                "<int:pk>/password/",
                self.admin_site.admin_view(self.reset_password),
                name="accounts_user_password",
            ),
        ]
        return own + super().get_urls()

    def role_table(self, request: HttpRequest) -> HttpResponse:
        """Who may do what, read out of the code: everybody at the desk may know it."""
        context = {
            **self.admin_site.each_context(request),
            "title": "角色与权限",
            "roles": [(code, role) for code, role in ROLES.items()],
            "capabilities": CAPABILITY_WORDS.items(),
        }
        return TemplateResponse(request, "accounts/role_table.html", context)

    def get_tools(self, request: HttpRequest, obj: models.Model) -> list[Link]:
        own = [Link("重设密码", reverse("admin:accounts_user_password", args=[obj.pk]))]
        return (own if self.may_edit(person(request), obj) else []) + super().get_tools(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.is_staff = True
            obj.plain_password = generated_password()
            obj.set_password(obj.plain_password)
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show_password(request, obj, obj.plain_password, "账号已建立")

    def reset_password(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asked first, then a new password, shown once; the person's sessions end with the old one."""
        account = get_object_or_404(User, pk=pk)
        if not self.may_edit(person(request), account):
            raise PermissionDenied
        if request.method != "POST":
            return self._answer(request, account, "重设密码")
        password = generated_password()
        account.set_password(password)
        account.save(update_fields=["password"])
        self.admin_site.journal(request, self.act_code("password_reset"), account)  # type: ignore[attr-defined]
        return self._show_password(request, account, password, "密码已重设")

    def _show_password(self, request: HttpRequest, account: User, password: str, title: str) -> HttpResponse:
        return self._answer(request, account, title, password=password)

    def _answer(self, request: HttpRequest, account: User, title: str, **more: object) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "account": account,
            "opts": self.opts,
            **more,
        }
        return TemplateResponse(request, "accounts/password.html", context)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseInlineFormSet, change: bool
    ) -> None:
        """Each role given or taken is an act of its own in the audit trail."""
        formset.save()
        user = formset.instance
        for participle, grants in (("given", formset.new_objects), ("taken", formset.deleted_objects)):
            for grant in grants:
                site: Any = self.admin_site
                act = f"grant.{participle}"
                site.journal(request, act, user, role=grant.role, division=grant.division)

    @admin.display(description="姓名", ordering="last_name")
    def full_name(self, user: User) -> str:
        return f"{user.last_name}{user.first_name}"

    @admin.display(description="角色")
    def roles(self, user: User) -> str:
        return user.role_words
