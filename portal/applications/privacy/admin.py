"""Requests to be forgotten, and consents, at the desk."""

from collections.abc import Iterable, Sequence

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from portal.core.accounts.capability_admin import Link, ReadOnlyAdmin, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person as signed_in
from portal.core.desk.site import desk_page, posted, refused
from portal.core.text.digits import whole
from portal.core.workflow import NotAllowed

from .erasing import CAPABILITY, erase_person, is_erased, obstacles, preview
from .forms import BasisForm
from .models import Consent, ErasureRequest


class StandingFilter(admin.SimpleListFilter):
    title = "办理"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("open", "待办理"), ("done", "已办理"), ("taken_back", "本人撤回")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        match self.value():
            case "open":
                return queryset.filter(done_at=None, taken_back_at=None)
            case "done":
                return queryset.filter(done_at__isnull=False)
            case "taken_back":
                return queryset.filter(taken_back_at__isnull=False)
        return queryset


@admin.register(ErasureRequest)
class ErasureRequestAdmin(ReadOnlyAdmin):
    """A request opens the page of its person, where the erasure is prepared and carried out."""

    read = "accounts.read"
    list_display = ("__str__", "user", "asked_at", "standing")
    list_filter = (StandingFilter,)
    list_select_related = ("user",)

    @admin.display(description="办理")
    def standing(self, row: ErasureRequest) -> str:
        if row.taken_back_at:
            return "本人撤回"
        return "已办理" if row.done_at else "待办理"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.person_view)
        own = [path("person/<int:pk>/", view, name="privacy_erasurerequest_person")]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if not self.may_read(signed_in(request)):
            raise PermissionDenied
        found = ErasureRequest.objects.filter(pk=whole(object_id)).first()
        if found is None:
            raise Http404
        return HttpResponseRedirect(person_href(found.user_id))

    def person_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what would be deleted, pseudonymised and kept, and why. POST: the erasure."""
        user = signed_in(request)
        if not self.may_read(user):
            raise PermissionDenied
        person = get_object_or_404(User, pk=pk)
        may_erase = user.may(CAPABILITY)
        if request.method == "POST" and not may_erase:
            raise PermissionDenied
        form = BasisForm(posted(request))
        if form.is_valid():
            try:
                erase_person(person, by=user, basis=form.cleaned_data["basis"])
            except NotAllowed as refusal:
                return refused(
                    request, refusal, title="清除个人信息", back=Link(str(person), person_href(pk))
                )
            messages.success(request, "已清除。这个账号只剩编号。")
            return HttpResponseRedirect(person_href(pk))
        context = {
            "title": "清除个人信息",
            "person": person,
            "request_open": ErasureRequest.objects.filter(
                user=person, taken_back_at=None, done_at=None
            ).first(),
            "done": ErasureRequest.objects.filter(user=person, done_at__isnull=False).first(),
            "is_erased": is_erased(person),
            "lines": preview(person),
            "obstacles": obstacles(person),
            "form": form if may_erase else None,
        }
        return desk_page(request, "privacy/desk/person.html", context, status=400 if form.errors else 200)

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        user = signed_in(request)
        count = ErasureRequest.objects.filter(done_at=None, taken_back_at=None).count()
        if not count or not user.may(CAPABILITY):
            return ()
        href = reverse("admin:privacy_erasurerequest_changelist") + "?standing=open"
        return [Waiting("checking", "个人信息清除申请", count, href, "应在 30 天内办理")]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    read = "accounts.read"
    list_display = ("at", "user", "purpose", "about", "is_given", "text_version")
    list_filter = ("purpose", "is_given")
    list_select_related = ("user",)
    fields = ("at", "user", "purpose", "about", "is_given", ("text_version", "text_digest"))


def person_href(pk: int) -> str:
    return reverse("admin:privacy_erasurerequest_person", args=[pk])


def erasure_link(request: HttpRequest, person: User) -> Iterable[Link]:
    """On the page of an account: a person may also ask by letter."""
    user = signed_in(request)
    return [Link("清除个人信息", person_href(person.pk))] if user.may(CAPABILITY) else []


admin.site.offer(User, tools=[erasure_link])  # type: ignore[attr-defined]
