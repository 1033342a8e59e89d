"""Finding an enterprise by its code, and beginning a case for it."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from catalog.enterprises.models import Enterprise, Membership
from catalog.fields.catalogue import ENTERPRISE
from portal.applications.cases.models import Application
from portal.applications.cases.prefilling import public_line
from portal.applications.cases.workflow.starting import start
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.text import uscc as codes
from portal.core.workflow import NotAllowed

from ..crumbs import HOME
from ..reach import at_the_counter, membership_in


class FindForm(forms.Form):
    """One code. What is wrong with it is said in the words of the standard."""

    uscc = forms.CharField(
        label=ENTERPRISE["uscc"].label,
        help_text="营业执照上的 18 位代码。",
        required=False,
        widget=forms.TextInput(
            {"class": "input", "autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


@dataclass(frozen=True)
class Found:
    """What is known of a code. `doubt` is said where a person has to compare the licence.

    `name` is the public one: whoever types a code may not read what an enterprise has not published.
    """

    code: str
    refusal: str = ""
    doubt: str = ""
    enterprise: Enterprise | None = None
    mine: Membership | None = None
    draft: Application | None = None
    is_taken: bool = False
    name: str = ""


def found_by(code: str, user: User) -> Found:
    verdict = codes.verdict(code[:60])
    if not verdict.is_valid and not verdict.may_be_overridden:
        return Found(verdict.code, refusal=verdict.reason)
    enterprise = Enterprise.objects.filter(uscc=verdict.code).first()
    owners = Membership.objects.active().filter(enterprise=enterprise, role=Membership.Role.OWNER)
    line = public_line(verdict.code)
    waiting = Application.objects.filter(
        created_by=user,
        kind=Application.Kind.REGISTER,
        uscc=verdict.code,
        state__in=("draft", "submitted", "returned"),
    )
    return Found(
        verdict.code,
        doubt="" if verdict.is_valid or enterprise else verdict.reason,
        enterprise=enterprise,
        mine=membership_in(user, enterprise) if enterprise else None,
        draft=waiting.first(),
        is_taken=enterprise is not None and owners.exists(),
        name=line.name if line else "",
    )


@require_safe
@at_the_counter
def find(request: SignedInRequest) -> HttpResponse:
    asked = request.GET.get("uscc")
    form = FindForm({"uscc": asked.replace("\x00", "")} if asked is not None else None)
    found = found_by(asked, request.user) if asked is not None else None
    if found and found.refusal:
        form.add_error("uscc", found.refusal)
    context = {"form": form, "found": found, "crumbs": [HOME, ("登记企业", None)]}
    return render(request, "counter/find.html", context, status=400 if found and found.refusal else 200)


@require_POST
@at_the_counter
def begin_registration(request: SignedInRequest) -> HttpResponse:
    """Begin a registration or a claim; whoever began one already goes on with it."""
    found = found_by(request.POST.get("uscc", ""), request.user)
    if found.refusal:
        form = FindForm({"uscc": request.POST.get("uscc", "").replace("\x00", "")})
        form.add_error("uscc", found.refusal)
        context = {"form": form, "found": found, "crumbs": [HOME, ("登记企业", None)]}
        return render(request, "counter/find.html", context, status=400)
    if found.draft:
        return redirect("counter:case", number=found.draft.number)
    try:
        application = start(Application.Kind.REGISTER, by=request.user, uscc=found.code)
    except NotAllowed as refusal:
        messages.error(request, refusal.sentence)
        return redirect("counter:find")
    return redirect("counter:fill", number=application.number)
