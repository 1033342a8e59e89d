"""Enquiries at the desk: a list with what is late, a page each view of which is recorded, and a page for every step."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from catalog.standing.deadlines import Deadline
from portal.core.accounts.capability_admin import CapabilityAdmin, Group, Link, Place, Tally, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record
from portal.core.desk.filters import FilteredAdmin
from portal.core.desk.site import DeskSite, desk_page, refused
from portal.core.files.models import StoredFile
from portal.core.files.views import content_of
from portal.core.pages.templatetags.pages import day_words
from portal.core.text.digits import whole
from portal.core.workflow import NoPermission, NotAllowed

from .answers.answering import draft_of
from .deadlines import Deadlines
from .desk import answers as answer_admin  # noqa: F401 - registers the published answers
from .desk.filters import EnquiryFilters
from .desk.finding import ENQUIRIES
from .desk.many import pass_many
from .desk.masking import masked_contact
from .desk.pictures import of_enterprise, of_product
from .desk.steps import STEPS, EnquiryStepPage, offered, works_on
from .models import Enquiry
from .office_names import OfficeNames
from .templatetags.enquiries import enquiry_status


def deadline_words(deadline: Deadline, *, is_over: bool) -> str:
    day = day_words(deadline.due_on)
    if deadline.is_overdue:
        return f"{day}　{'晚' if is_over else '逾期'} {deadline.days_late} 个工作日"
    return day if is_over else f"{day}　还有 {deadline.days_left} 个工作日"


@admin.register(Enquiry)
class EnquiryAdmin(FilteredAdmin, CapabilityAdmin):
    """Nobody adds or edits an enquiry here; `edit` is what its steps ask for."""

    read, edit = "enquiries.read", ""
    menu_place = Place(Group.WAITING, "咨询投诉", 20)
    filters = EnquiryFilters
    list_views = (("待核对", "state__exact=held"), ("待答复", "state__exact=open"), ("已逾期", "late=yes"))
    search_fields = ("number",)
    search_help_text = "编号"
    actions = (pass_many,)
    ordering = ("-id",)

    def may_read(self, user: User) -> bool:
        return user.may_somewhere(self.read) or user.may_somewhere("enquiries.support")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Two columns rest on the calendar and the divisions, which are read once for all rows of a request."""
        names, deadlines = OfficeNames(), Deadlines()

        @admin.display(description="办理单位", ordering="office")
        def handled_by(enquiry: Enquiry) -> str:
            return names.of(enquiry)

        @admin.display(description="答复期限", ordering="received_on")
        def due(enquiry: Enquiry) -> str:
            return deadline_words(deadlines.of(enquiry), is_over=enquiry.is_over)

        return ("number", "kind", "matter", "standing", handled_by, "received_on", due)

    @admin.display(description="事项", ordering="topic")
    def matter(self, enquiry: Enquiry) -> str:
        """What it is about, without the words of the sender."""
        return "　".join(part for part in (enquiry.get_topic_display(), enquiry.about_title) if part)

    @admin.display(description="状态", ordering="state")
    def standing(self, enquiry: Enquiry) -> SafeString:
        return enquiry_status(enquiry)

    # -- pages -------------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/contact/", view(require_POST(self.contact_view)), name="enquiries_enquiry_contact"
            ),
            path("<int:pk>/publish/", view(require_POST(self.draft_view)), name="enquiries_enquiry_publish"),
            path(
                "<int:pk>/photo/<int:photo>/<int:width>/",
                view(self.photo_view),
                name="enquiries_enquiry_photo",
            ),
            *(
                path(
                    f"<int:pk>/{slug}/",
                    view(self.step_view),
                    {"slug": slug},
                    name=f"enquiries_enquiry_{slug}",
                )
                for slug in STEPS
            ),
        ]
        return [*own, *super().get_urls()]

    def found(self, request: HttpRequest, pk: int) -> Enquiry:
        """The enquiry if this person may see it: another's does not exist."""
        enquiry = self.get_queryset(request).filter(pk=pk).first()
        if enquiry is None or not self.may_read(person(request)):
            raise Http404
        return enquiry

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Reading is recorded each time; whom to call stays masked until it is asked for."""
        key = whole(object_id)
        if key is None:
            raise Http404
        enquiry = self.found(request, key)
        if request.method == "POST":
            raise PermissionDenied
        record("enquiry.viewed", enquiry, by=request.user)
        return self.page(request, enquiry)

    def contact_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The contact in full, for whoever works on the enquiry; who looked is recorded."""
        enquiry = self.found(request, pk)
        if not works_on(enquiry, person(request)):
            raise PermissionDenied
        record("enquiry.contact_viewed", enquiry, by=request.user)
        return self.page(request, enquiry, is_revealed=True)

    def photo_view(self, request: HttpRequest, pk: int, photo: int, width: int) -> Any:
        enquiry = self.found(request, pk)
        shown = enquiry.photos.filter(pk=photo).first()
        size = next((size for size in shown.shown.sizes if size.width == width), None) if shown else None
        file = StoredFile.objects.filter(
            sha256=size.sha256 if size else "", root=StoredFile.Root.PRIVATE, erased_at__isnull=True
        ).first()
        if file is None:
            raise Http404
        record("enquiry.photo_viewed", enquiry, by=request.user, photo=photo)
        response = content_of(request, file, f"{photo}.webp")
        response["Cache-Control"] = "no-store"
        return response

    def page(self, request: HttpRequest, enquiry: Enquiry, *, is_revealed: bool = False) -> HttpResponse:
        names = OfficeNames()
        works = works_on(enquiry, person(request))
        context = {
            "title": str(enquiry),
            "enquiry": enquiry,
            "contact": masked_contact(enquiry, is_revealed=is_revealed),
            "is_revealed": is_revealed,
            "may_reveal": works,
            "deadline": Deadlines().of(enquiry),
            "office": names.of(enquiry),
            "place": names.place(enquiry.place),
            "acts": [(act, names.of(act)) for act in enquiry.acts.select_related("by").order_by("-id")],
            "photos": list(enquiry.photos.all()),
            "steps": [(step, self.href(step.slug, enquiry.pk)) for step in offered(enquiry, person(request))],
            "answer": self.published_answer(request, enquiry),
        }
        response = desk_page(request, "enquiries/desk/enquiry.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def step_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        return EnquiryStepPage(request, STEPS[slug], self.found(request, pk)).answer()

    def draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin a published answer from this one; a second person publishes it."""
        enquiry = self.found(request, pk)
        try:
            version = draft_of(enquiry, by=request.user)
        except NoPermission as refusal:
            raise PermissionDenied from refusal
        except NotAllowed as refusal:
            back = Link(str(enquiry), self.href("change", pk))
            return refused(request, refusal, title="起草公开答复", back=back)
        messages.success(request, "草稿已起。请改写成不含来信人的问答，再送审。")
        return HttpResponseRedirect(reverse("admin:enquiries_answerversion_change", args=[version.pk]))

    # -- who and where -----------------------------------------------------------------------------------------
    def published_answer(self, request: HttpRequest, enquiry: Enquiry) -> dict | None:
        """The link to the published answer or its draft, or the button to begin one."""
        user = person(request)
        if not user.may("content.read"):
            return None
        answer = getattr(enquiry, "published_answer", None)
        newest = answer.versions.order_by("-pk").first() if answer else None
        if newest is not None:
            return {"href": reverse("admin:enquiries_answerversion_change", args=[newest.pk])}
        may_draft = enquiry.state == Enquiry.State.ANSWERED and user.may("content.edit")
        return {"draft_href": self.href("publish", enquiry.pk)} if may_draft else None

    def href(self, page: str, *args: Any) -> str:
        return reverse(f"admin:enquiries_enquiry_{page}", args=args)

    def tally(self, request: HttpRequest) -> Tally:
        rows = Enquiry.objects.in_scope(request.user).waiting()
        count = rows.count()
        return Tally(count, bool(count) and Deadlines().overdue(rows).exists())

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        user = person(request)
        if not user.may_somewhere("enquiries.answer") and not user.may_somewhere("enquiries.support"):
            return ()
        rows = Enquiry.objects.in_scope(user)
        lines = (
            ("returned", "来信已逾期", Deadlines().overdue(rows), "?late=yes"),
            ("checking", "来信待核对", rows.filter(state=Enquiry.State.HELD), "?state__exact=held"),
            ("approved", "来信待答复", rows.filter(state=Enquiry.State.OPEN), "?state__exact=open"),
        )
        found = [(code, label, lot.count(), query) for code, label, lot, query in lines]
        return [
            Waiting(code, label, count, self.href("changelist") + query)
            for code, label, count, query in found
            if count
        ]


if isinstance(admin.site, DeskSite):
    admin.site.find_with(Enquiry, ENQUIRIES)
    admin.site.show_of(Enterprise, of_enterprise)
    admin.site.show_of(Product, of_product)
