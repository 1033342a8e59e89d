"""The administrator's page of the search index: what it is made of, whether it is fit to be read, and the button to rebuild."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin, Waiting
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record

from . import health
from .models import IndexState
from .tasks import rebuild_everything


@admin.register(IndexState)
class IndexAdmin(ReadOnlyAdmin):
    read = "index.rebuild"
    menu_place = Place(Group.OTHER, "检索", 74)

    def get_urls(self) -> list[URLPattern]:
        order = self.admin_site.admin_view(require_POST(self.order_rebuild))
        return [path("rebuild/", order, name="index_indexstate_rebuild"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        self._check_permission(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "检索",
            "conditions": health.conditions(),
            "running": health.running(),
        }
        return TemplateResponse(request, "index/state.html", context)

    def order_rebuild(self, request: HttpRequest) -> HttpResponseRedirect:
        """Once a rebuild runs, a second order would only be refused by it."""
        self._check_permission(request)
        if running := health.running():
            messages.warning(request, f"正在重建：{'、'.join(running)}。请等它做完，再看是否还要重建。")
        else:
            record("index.rebuild_ordered", by=request.user)
            rebuild_everything.enqueue()
            messages.success(request, "已安排重建检索，由后台任务办理。做完之前，公众用的还是原来的检索。")
        return HttpResponseRedirect(self.href())

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        faults = health.faults()
        if not faults:
            return ()
        note = "；".join(map(str, faults)) + "。请打开后按「重建检索」"
        return [Waiting("revoked", "检索须重建", len(faults), self.href(), note)]

    def href(self) -> str:
        return reverse("admin:index_indexstate_changelist")

    def _check_permission(self, request: HttpRequest) -> None:
        if not self.may_read(person(request)):
            raise PermissionDenied
