"""The back end of the working group: Django's admin behind the role table, in the look of the house."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite, site
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_safe

from portal.core.accounts import second_factor
from portal.core.accounts.capability_admin import CapabilityAdmin, Link, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import person
from portal.core.audit.record import record
from portal.core.editions.models import Edition
from portal.core.pages.parameters import Query
from portal.core.workflow import NoPermission, NotAllowed

from .exporting import exported
from .files import draft_file
from .keeping import drop_view, keep_view, query_of, views_of
from .list_parts import ListPart
from .menu import menu_of, rank
from .picture import Part, Picture, drawn
from .search import Asked, Finder, Kind, asked_of, kind_of

MOST_PROBLEMS = 200
Tools = Callable[[HttpRequest, Any], Iterable[Link]]


class DeskSite(AdminSite):
    """Lets in staff with `desk.enter`, and only pages that name their capabilities."""

    site_title = "工作台"
    site_header = "工作台"
    index_title = "待办"
    index_template = "admin/desk_home.html"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def __init__(self, name: str = "admin"):
        super().__init__(name)
        self._offered_actions: dict[type[models.Model], list[Callable]] = defaultdict(list)
        self._offered_tools: dict[type[models.Model], list[Tools]] = defaultdict(list)
        self._offered_lists: dict[type[models.Model], ListPart] = {}
        self._parts: dict[type[models.Model], list[Part]] = defaultdict(list)
        self._finders: dict[type[models.Model], Finder] = {}
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: object) -> None:
        """Pages of other packages (groups, jobs) name no capability: they stay outside."""
        if admin_class is not None and issubclass(admin_class, CapabilityAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def offer(
        self, model: type[models.Model], *, actions: Iterable[Callable] = (), tools: Iterable[Tools] = ()
    ) -> None:
        """How a room above puts its actions and links on the pages of a room below."""
        self._offered_actions[model].extend(actions)
        self._offered_tools[model].extend(tools)

    def add_to_list(self, model: type[models.Model], part: ListPart) -> None:
        """Filters and columns that a room above has for the list of a room below."""
        self._offered_lists[model] = part

    def show_of(self, model: type[models.Model], part: Part) -> None:
        """What a room above has to say on the page of a record of a room below."""
        self._parts[model].append(part)

    def picture_of(self, request: HttpRequest, obj: models.Model) -> Picture | None:
        parts = self._parts[type(obj)]
        return drawn(parts, request, obj) if parts else None

    def list_part(self, model: type[models.Model]) -> ListPart | None:
        return self._offered_lists.get(model)

    def list_context(self, request: HttpRequest, model: type[models.Model], offered: Any) -> dict[str, Any]:
        return {"views": views_of(request, model, offered), "current_query": query_of(request)}

    def find_with(self, model: type[models.Model], finder: Finder) -> None:
        """How the search of the desk finds rows of this model; a room above may say it for one below."""
        self._finders[model] = finder

    def actions_for(self, model: type[models.Model]) -> list[Callable]:
        return self._offered_actions[model]

    def tools_for(self, request: HttpRequest, obj: models.Model) -> list[Link]:
        return [link for tools in self._offered_tools[type(obj)] for link in tools(request, obj)]

    def get_urls(self) -> list:
        drafts = path("draft-file/<str:token>/", self.admin_view(draft_file), name="draft_file")
        own = [
            path("search/", self.admin_view(self.search), name="search"),
            path("export/<slug:app>/<slug:model>/", self.admin_view(self.export), name="export"),
            path("views/keep/", self.admin_view(keep_view), name="keep_view"),
            path("views/<int:pk>/drop/", self.admin_view(drop_view), name="drop_view"),
        ]
        return [drafts, *own, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        return self.is_for(person(request)) and not second_factor.is_missing(request)

    def is_for(self, user: User) -> bool:
        """Whether the account may enter; the session must have passed its second factor besides."""
        return user.is_active and user.is_staff and user.may_somewhere("desk.enter")

    def pages(self) -> list[CapabilityAdmin]:
        return sorted(
            (page for page in self._registry.values() if isinstance(page, CapabilityAdmin)), key=rank
        )

    def each_context(self, request: HttpRequest) -> dict:
        inside = self.has_permission(request)
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": "/",
            "has_permission": inside,
            "menu": menu_of(request, self.pages(), reverse("admin:index")) if inside else [],
            "public_edition": Edition.objects.current_number() if inside else 0,
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
        }

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        context = {"waiting": self.waiting(request), **(extra_context or {})}
        return super().index(request, context)

    @method_decorator(require_safe)
    def search(self, request: HttpRequest) -> HttpResponse:
        """What was meant by one number alone is opened at once."""
        query = Query.of(request)
        query.refuse_unknown(single=("q",))
        asked = asked_of(query.first("q"), person(request))
        kinds = self.found(request, asked) if asked.typed else []
        if len(kinds) == 1 and len(kinds[0].hits) == 1:
            return redirect(kinds[0].hits[0].href)
        context = {"title": "查找", "asked": asked, "kinds": kinds}
        return desk_page(request, "admin/search.html", context, desk=self)

    @method_decorator(require_safe)
    def export(self, request: HttpRequest, app: str, model: str) -> HttpResponseBase:
        """The list of a page as it is filtered and sorted, whole, as a workbook."""
        pages = {(page.opts.app_label, page.opts.model_name): page for page in self.pages()}
        page = pages.get((app, model))
        if page is None:
            raise Http404
        if not page.has_module_permission(request):
            raise PermissionDenied
        return exported(request, page)

    def found(self, request: HttpRequest, asked: Asked) -> list[Kind]:
        kinds = [
            kind_of(request, page, self._finders[page.model], asked)
            for page in self.pages()
            if page.model in self._finders and page.has_module_permission(request)
        ]
        return [kind for kind in kinds if kind]

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict | None = None) -> Any:
        """The first page shows all rooms; an address of one of them leads there."""
        return redirect("admin:index")

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        """There is one door, and it is not here: this address leads to it, and back to where the person was going."""
        index = reverse("admin:index")
        target = request.GET.get("next", index)
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
            target = index
        where = urlencode({"next": target})
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{where}")
        if self.has_permission(request):
            return redirect(target)
        if self.is_for(request.user):
            return redirect(f"{reverse('entrance:second_factor')}?{where}")
        return TemplateResponse(request, "admin/no_desk.html", self.each_context(request), status=403)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        return redirect("entrance:account")

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        """307: what was posted here is posted there."""
        return HttpResponseRedirect(reverse("account_logout"), status=HTTPStatus.TEMPORARY_REDIRECT)

    def waiting(self, request: HttpRequest) -> list[Waiting]:
        return [
            item
            for page in self.pages()
            if page.has_module_permission(request)
            for item in page.waiting(request)
        ]

    def journal(self, request: HttpRequest, step: str, obj: models.Model, **details: Any) -> None:
        """Write an act on a row that keeps no before-images into the audit trail, in place of Django's own log."""
        record(step, obj, by=request.user, **details)


def posted(request: HttpRequest) -> Any:
    """The data for a form: bound on a POST, even an empty one."""
    return request.POST if request.method == "POST" else None


def desk_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, desk: AdminSite = site
) -> TemplateResponse:
    """A page of the back end that Django does not draw by itself."""
    request.current_app = desk.name  # type: ignore[attr-defined]
    return TemplateResponse(request, template, {**desk.each_context(request), **context}, status=status)


def refused(request: HttpRequest, refusal: NotAllowed, *, title: str, back: Link) -> TemplateResponse:
    """A refusal in its own words, with every line that stands in the way. Nothing was done.

    A missing capability is Django's own 403.
    """
    if refusal.rule == "step.permission":
        raise PermissionDenied
    context = {
        "title": title,
        "refusal": refusal,
        "problems": getattr(refusal, "problems", [])[:MOST_PROBLEMS],
        "problem_count": len(getattr(refusal, "problems", [])),
        "back": back,
    }
    return desk_page(request, "admin/refused.html", context, status=status_of(refusal))


def status_of(refusal: NotAllowed) -> int:
    return 403 if isinstance(refusal, NoPermission) else 409
