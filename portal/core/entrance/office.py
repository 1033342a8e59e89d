"""How the office is reached: asked of the administrator until it is told, and shown wherever a page says 「请联系办公室」."""

from collections.abc import Sequence

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record
from portal.core.desk.fields import CleanCharField
from portal.core.desk.site import desk_page, posted
from portal.core.editions.models import Installation


class OfficeForm(forms.Form):
    contact = CleanCharField(
        label="怎样联系办公室",
        max_length=120,
        help_text="写明名称和电话，例如：推进组办公室 010-00000000。所有页面的页脚和每一处「请联系办公室」都会写出来，人人看得到。",
    )


@transaction.atomic
def tell(contact: str, *, by: User) -> bool:
    """Whether it is another one than before."""
    installation = Installation.locked()
    if installation.office_contact == contact:
        return False
    installation.office_contact = contact
    installation.save(update_fields=["office_contact"])
    record("installation.office_told", installation, by=by, contact=contact)
    return True


@admin.register(Installation)
class OfficeAdmin(ReadOnlyAdmin):
    """One page with one form. What the settings say goes before it, and is told."""

    read = "accounts.manage"
    menu_place = Place(Group.OTHER, "办公室联系方式", 75)

    def get_urls(self) -> list:
        page = self.admin_site.admin_view(self.page)
        return [path("", page, name="editions_installation_changelist")]

    def page(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        if not self.may_read(user):
            raise PermissionDenied
        form = OfficeForm(posted(request), initial={"contact": Installation.told()[1]})
        if not settings.OBJECTION_CONTACT and form.is_valid():
            told = tell(form.cleaned_data["contact"], by=user)
            messages.success(request, "已保存，各页现在就写着它。" if told else "没有改动。")
            return redirect("admin:editions_installation_changelist")
        context = {"title": "办公室联系方式", "form": form, "fixed": settings.OBJECTION_CONTACT}
        return desk_page(request, "entrance/desk/office.html", context, status=400 if form.errors else 200)

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        if not person(request).may("accounts.manage") or Installation.office():
            return ()
        note = "各页写着「请联系办公室」，却没有写怎样联系：请填写"
        return (Waiting("revoked", "没有办公室的联系方式", 1, self.list_href, note),)
