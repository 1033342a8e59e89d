"""The desk of notices: written, reviewed by a second person, corrected, withdrawn; and the batches that wait for one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from catalog.publication.models import Batch
from portal.core.accounts.capability_admin import Group, Link, Place, Tally, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.history import label_of
from portal.core.desk.site import DeskSite
from portal.core.desk.version_acts import VersionStep
from portal.core.desk.version_files import FilesAdmin
from portal.core.text.prose import plain_text
from portal.core.workflow import NoPermission, NotAllowed, versions

from . import batches, workflow
from .article import pieces
from .checks import faults, warnings
from .forms import NoticeForm
from .models import Notice, NoticeVersion
from .preview import with_draft_files
from .views import Notices, preview_reading

site: DeskSite = admin.site  # type: ignore[assignment]


@admin.register(NoticeVersion)
class NoticeVersionAdmin(FilesAdmin):
    form = NoticeForm
    file_labels = {
        "pictures": (
            "图片",
            "JPEG、PNG 或 WebP。保存后照片里的拍摄地点、设备等信息都会去掉。正文里写 [图1] 的地方放第 1 张。",
        ),
        "attachments": (
            "附件",
            "PDF、.docx、.xlsx 或图片。系统会打开文件核对类型；带宏、脚本、批注或修订痕迹的不收；Word 和 Excel 文件属性里的姓名会去掉。",
        ),
    }
    change_list_template = "notices/desk_list.html"
    menu_place = Place(Group.PUBLISHING, "公告", 20)
    public_name = "notices:detail"
    not_said = ("pictures", "attachments", "body")
    lines = {
        "pictures": lambda picture: f"{picture['alt']}（{picture['caption']}）",
        "attachments": lambda file: f"{file['title']}　{file['sha256'][:8]}",
        **dict.fromkeys(("batches", "enterprises", "regions", "activities"), str),
    }
    name_fields = ("title",)
    list_display = ("title", "kind", "dated_on", "standing", "publish_on", "created_by")
    list_filter = ("state", "kind")
    list_select_related = ("created_by", "notice")
    search_fields = ("title", "document_number")
    search_help_text = "标题或文号"
    ordering = ("-dated_on", "-pk")
    fieldsets = (
        (None, {"fields": (("kind", "title"), "summary")}),
        (
            "日期与来源",
            {
                "fields": (
                    ("dated_on", "dated_precision", "date_note"),
                    ("source", "original_link"),
                )
            },
        ),
        (
            "政策文件",
            {"fields": (("document_number", "issuer", "in_force"),), "description": "只有政策文件要填。"},
        ),
        ("公示", {"fields": (("open_until", "contact"),), "description": "只有公示要填。"}),
        ("正文", {"fields": ("body",)}),
        ("相关", {"fields": (("batches", "enterprises"), ("regions", "activities"))}),
        ("发布", {"fields": (("publish_on", "pinned_until"), "change_note")}),
    )

    # -- writing -----------------------------------------------------------------------------------------------
    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A notice about a batch starts from what the batch says: `?batch=2022-1`."""
        batch = Batch.objects.filter(slug=request.GET.get("batch", ""), state__in=batches.PHASES).first()
        return batches.draft_for(batch) if batch else {}

    def make_identity(self, form: Any) -> Notice:
        """What a pilot officer writes belongs to the own region."""
        scopes = form.user.scopes(self.edit)
        return Notice(division=scopes[0] if scopes else "")

    def prepare_correction(self, draft: Any, current: Any) -> None:
        draft.change_note = ""

    def files_of(self, version: Any) -> list[Any]:
        return [*version.shown_pictures, *version.shown_attachments]

    # -- checks and steps --------------------------------------------------------------------------------------
    def faults(self, version: Any) -> list[str]:
        return faults(version)

    def warnings(self, version: Any) -> list[str]:
        return warnings(version)

    def submit_version(self, version: Any, *, by: User, reason: str) -> Any:
        return workflow.submit(version, by=by, reason=reason, checks=self.faults_of)

    def send_back_version(self, version: Any, *, by: User, reason: str) -> Any:
        return workflow.send_back(version, by=by, reason=reason)

    def publish_version(self, version: Any, *, by: User, reason: str) -> Any:
        return workflow.publish(
            version,
            by=by,
            reason=reason,
            checks=self.faults_of,
            read_at=version.submitted_at,
            publish_on=version.publish_on,
        )

    def withdraw_version(self, version: Any, *, by: User, reason: str) -> Any:
        return workflow.withdraw(version.notice, by=by, reason=reason)

    def notes(self, step: VersionStep, version: Any) -> list[str]:
        if step.slug == "withdraw":
            return [note for note in [workflow.column_left_empty(version)] if note]
        return []

    def words(self, version: Any, name: str) -> Any:
        return plain_text(version.body) if name == "body" else super().words(version, name)

    def differences(self, version: Any) -> list[Any]:
        """The body is drawn, with its changes marked."""
        return [one for one in super().differences(version) if one.label != label_of(version, "body")]

    def drawn(self, version: Any) -> str:
        current = versions.current_version(NoticeVersion, version.notice)
        against = None if current is None or current.pk == version.pk else current
        shown = with_draft_files(version)
        context = {
            "version": shown,
            "pieces": pieces(shown, against=against),
            "is_marked": against is not None,
        }
        return render_to_string("notices/desk_drawn.html", context)

    # -- pages -------------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def at(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=self.url_name(name))

        return [
            at("<int:pk>/preview/", self.preview_view, "preview"),
            at("batches/", self.batches_view, "batches"),
            at("batches/<slug:slug>/dismiss/", require_POST(self.dismiss_view), "dismiss"),
            *super().get_urls(),
        ]

    def preview_href(self, version: Any) -> str:
        return self.href("preview", version.pk)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self.get_queryset(request).filter(pk=pk).first()
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        page = Notices(request, preview_reading(version))
        context = page.context_of(with_draft_files(version), page.versions(version.notice_id))
        context["preview"] = {"back": self.href("change", version.pk), "state": version.get_state_display()}
        return page.drawn("detail", context)

    def batches_view(self, request: HttpRequest, refusal: NotAllowed | None = None) -> HttpResponse:
        """Batches that the public reads and no notice announces."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "本批次尚无公告",
            "opts": self.opts,
            "rows": batches.unannounced(person(request)),
            "may_write": self.has_add_permission(request),
            "refusal": refusal,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        status = 200 if refusal is None else 403 if isinstance(refusal, NoPermission) else 409
        return TemplateResponse(request, "notices/desk_batches.html", context, status=status)

    def dismiss_view(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        batch = Batch.objects.in_scope(request.user).filter(slug=slug).first()
        if batch is None:
            raise Http404
        try:
            batches.dismiss(batch, by=person(request), reason=request.POST.get("reason", ""))
        except NotAllowed as refusal:
            return self.batches_view(request, refusal)
        self.message_user(request, f"{batch.slug}：已写明不发公告。", messages.SUCCESS)
        return HttpResponseRedirect(self.href("batches"))

    def tally(self, request: HttpRequest) -> Tally:
        """What the person may publish; for whoever only writes, the drafts."""
        reviews = person(request).may_somewhere(self.review)
        state = NoticeVersion.State.IN_REVIEW if reviews else NoticeVersion.State.DRAFT
        return Tally(self.model.objects.in_scope(request.user).filter(state=state).count())

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        lines = list(super().waiting(request))
        if request.user.may_somewhere(self.edit):  # type: ignore[union-attr]
            count = len(batches.unannounced(person(request)))
            if count:
                lines.append(
                    Waiting(
                        "notice", "本批次尚无公告", count, self.href("batches"), "公示或公布了，还没有发公告"
                    )
                )
        return lines


def tools_of_batch(request: HttpRequest, batch: Any) -> list[Link]:
    """On the desk's page of a public batch: draft its notice."""
    page: Any = site._registry[NoticeVersion]
    if batch.state not in batches.PHASES or not page.has_add_permission(request):
        return []
    if batches.is_announced(batch):
        return []
    return [Link("本批次尚无公告：起草", f"{page.href('add')}?batch={batch.slug}")]


site.offer(Batch, tools=[tools_of_batch])
