"""What staff do for somebody at the door: an activation code where no letter arrives, a lost second factor taken away."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from portal.core.accounts import second_factor
from portal.core.accounts.capability_admin import Link, ReadOnlyAdmin, Waiting
from portal.core.accounts.models import User
from portal.core.accounts.sign_ups import waiting_for_activation
from portal.core.accounts.signed_in import person
from portal.core.desk.site import DeskSite, desk_page, refused
from portal.core.workflow import NotAllowed

from . import accounts, activation  # noqa: F401 - accounts registers its pages
from .finding import ACCOUNTS
from .models import ActivationCode
from .second_factor.losing import take_factor

Act = Callable[[HttpRequest, User], HttpResponse]


@admin.register(ActivationCode)
class ActivationCodeAdmin(ReadOnlyAdmin):
    """The list shows who was given a code, by whom, and what became of it; the code itself is nowhere."""

    read = "accounts.manage"
    list_display = ("user", "issued_by", "issued_at", "expires_at", "used_at", "wrong_tries")
    list_display_links = None
    list_select_related = ("user", "issued_by")

    def waiting(self, request: HttpRequest) -> Sequence[Waiting]:
        """Where no letter can be sent: who signed up and waits for a code, and whether anybody can be asked for one."""
        if settings.HAS_MAIL_SERVER or not person(request).may("accounts.manage"):
            return []
        found = []
        if count := waiting_for_activation().count():
            href = f"{reverse('admin:accounts_user_changelist')}?activation=waiting"
            found.append(Waiting("approved", "等激活码的注册", count, href, "按邮箱查找，打开账号发放激活码"))
        if not settings.OBJECTION_CONTACT:
            note = "各页写着「请联系办公室」，却没有电话：请在 .env 写 OBJECTION_CONTACT 并重新启动"
            found.append(
                Waiting("revoked", "没有办公室的联系方式", 1, reverse("admin:accounts_role_table"), note)
            )
        return found

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/issue/", wrap(self.issue), name="entrance_activationcode_issue"),
            path("<int:pk>/factor/", wrap(self.lost_factor), name="entrance_activationcode_factor"),
        ]
        return own + super().get_urls()

    def issue(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asked first; then the code, shown this once."""

        def act(request: HttpRequest, account: User) -> HttpResponse:
            code = activation.issue(account, by=request.user)  # type: ignore[arg-type]
            return self._page(request, account, "entrance/desk/activation_code.html", code=code)

        return self._confirmed(request, pk, "entrance/desk/activation_code.html", act)

    def lost_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asked first; every session of the account ends, and the next sign-in sets a new factor up."""

        def act(request: HttpRequest, account: User) -> HttpResponse:
            take_factor(account, by=request.user)  # type: ignore[arg-type]
            return self._page(request, account, "entrance/desk/factor_taken.html", is_done=True)

        return self._confirmed(request, pk, "entrance/desk/factor_taken.html", act)

    def _confirmed(self, request: HttpRequest, pk: int, template: str, act: Act) -> HttpResponse:
        account = get_object_or_404(User, pk=pk)
        user = person(request)
        if (
            not user.may("accounts.manage")
            or account == user
            or (account.is_superuser and not user.is_superuser)
        ):
            raise PermissionDenied
        try:
            if request.method == "POST":
                return act(request, account)
            return self._page(request, account, template)
        except NotAllowed as refusal:
            back = Link("回到账号", reverse("admin:accounts_user_change", args=[account.pk]))
            return refused(request, refusal, title="没有办理", back=back)

    def _page(self, request: HttpRequest, account: User, template: str, **more: object) -> HttpResponse:
        context = {
            "account": account,
            "address": activation.waiting_address(account),
            "activate_at": request.build_absolute_uri(reverse("entrance:activate")),
            **more,
        }
        return desk_page(request, template, context)


def tools(request: HttpRequest, account: User) -> list[Link]:
    """On the page of an account: what it may need of the door."""
    user = person(request)
    if not user.may("accounts.manage") or account == user:
        return []
    found = []
    if activation.waiting_address(account) is not None:
        found.append(Link("发放激活码", reverse("admin:entrance_activationcode_issue", args=[account.pk])))
    if second_factor.is_set_up(account):
        found.append(Link("清除第二因素", reverse("admin:entrance_activationcode_factor", args=[account.pk])))
    return found


if isinstance(site, DeskSite):
    site.offer(User, tools=[tools])
    site.find_with(User, ACCOUNTS)
