"""The page of the people of an enterprise, and the page that an invitation opens."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from catalog.enterprises.models import Membership
from portal.applications.cases.models import Invitation
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.workflow import NoPermission, NotAllowed

from ..crumbs import HOME
from ..reach import at_the_counter, my_enterprise
from . import people

ROLES = (
    (Membership.Role.OWNER, "什么都能办，还能邀请和移除成员"),
    (Membership.Role.EDITOR, "能填写、提交、撤回申报"),
    (Membership.Role.READER, "只能看"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def members(request: SignedInRequest, uscc: str) -> HttpResponse:
    """Everybody sees who acts; an owner invites."""
    membership = my_enterprise(request.user, uscc, to_own=request.method == "POST")
    if request.method != "POST":
        return page(request, membership)
    typed = {"email": request.POST.get("email", "").replace("\x00", ""), "role": request.POST.get("role", "")}
    try:
        invitation = people.invite(membership.enterprise, by=request.user, **typed)
    except NotAllowed as refusal:
        return page(request, membership, typed=typed, refusal=refusal.sentence, status=400)
    messages.success(request, told(request, invitation))
    return redirect("counter:people", uscc=uscc)


def told(request: HttpRequest, invitation: Any) -> str:
    """Where no letter can be sent the address is shown, this once, to be passed on; it is good for that account alone."""
    if settings.HAS_MAIL_SERVER:
        return f"邀请已发到 {invitation.email}，7 天内有效。"
    link = request.build_absolute_uri(invitation.path)
    return f"本站现在不能发邮件。请把这个地址转给 {invitation.email}，7 天内有效，只显示这一次：{link}"


def page(
    request: HttpRequest,
    membership: Membership,
    *,
    typed: dict[str, str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    own = membership.enterprise
    is_owner = membership.role == Membership.Role.OWNER
    context = {
        "membership": membership,
        "enterprise": own,
        "is_owner": is_owner,
        "members": Membership.objects.active().filter(enterprise=own).select_related("user"),
        "invitations": people.open_invitations(own) if is_owner else [],
        "roles": [(role.value, role.label, words) for role, words in ROLES],
        "typed": typed or {"role": Membership.Role.EDITOR},
        "refusal": refusal,
        "crumbs": [HOME, (own.name, f"/desk/enterprises/{own.uscc}/"), ("成员", None)],
    }
    return render(request, "counter/people.html", context, status=status)


@require_POST
@at_the_counter
def change_role(request: SignedInRequest, uscc: str, member: int) -> HttpResponse:
    membership = my_enterprise(request.user, uscc, to_own=True)
    found = member_of(membership, member)
    try:
        people.change_role(found, by=request.user, role=request.POST.get("role", ""))
    except NotAllowed as refusal:
        return page(request, membership, refusal=refusal.sentence, status=409)
    messages.success(request, "身份已改。")
    return redirect("counter:people", uscc=uscc)


@require_POST
@at_the_counter
def end(request: SignedInRequest, uscc: str, member: int) -> HttpResponse:
    """An owner takes somebody out, or somebody leaves."""
    membership = my_enterprise(request.user, uscc)
    found = member_of(membership, member)
    is_self = found.pk == membership.pk
    if not is_self:
        my_enterprise(request.user, uscc, to_own=True)
    try:
        people.end(found, by=request.user)
    except NotAllowed as refusal:
        return page(request, membership, refusal=refusal.sentence, status=409)
    messages.success(request, f"您已退出{membership.enterprise.name}。" if is_self else "成员已移除。")
    return redirect("counter:home") if is_self else redirect("counter:people", uscc=uscc)


def member_of(membership: Membership, member: int) -> Membership:
    found = Membership.objects.active().filter(enterprise=membership.enterprise, pk=member).first()
    if found is None:
        raise Http404
    return found


@require_POST
@at_the_counter
def cancel(request: SignedInRequest, uscc: str, invitation: int) -> HttpResponse:
    membership = my_enterprise(request.user, uscc, to_own=True)
    found = Invitation.objects.filter(enterprise=membership.enterprise, pk=invitation).first()
    if found is None:
        raise Http404
    try:
        people.cancel(found, by=request.user)
    except NotAllowed as refusal:
        return page(request, membership, refusal=refusal.sentence, status=409)
    messages.success(request, "邀请已取消。")
    return redirect("counter:people", uscc=uscc)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def invitation(request: SignedInRequest, token: str) -> HttpResponse:
    """What somebody is invited to; accepted by a press, with the address that was invited."""
    found = people.invitation_by(token)
    crumbs = [HOME, ("邀请", None)]
    if found is None:
        return render(request, "counter/invitation.html", {"gone": people.GONE, "crumbs": crumbs}, status=410)
    context = {"invitation": found, "is_mine": people.is_for(found, request.user), "crumbs": crumbs}
    if request.method != "POST":
        return render(request, "counter/invitation.html", context)
    try:
        people.accept(found, by=request.user)
    except NotAllowed as refusal:
        status = 403 if isinstance(refusal, NoPermission) else 409
        return render(
            request, "counter/invitation.html", context | {"refusal": refusal.sentence}, status=status
        )
    messages.success(request, f"您现在是{found.enterprise.name}的{found.get_role_display()}。")
    return redirect("counter:enterprise", uscc=found.enterprise.uscc)
