"""The commitment letter as a PDF to print, sign and seal, with a code that leads to the public text."""

import logging
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.campaigns.models import Campaign
from events.commitments.models import TemplateVersion
from portal.applications.cases.models import Application
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.text.normalise import clean
from portal.core.typesetting import TypesettingError, qr_code, typeset

from ..reach import at_the_counter, my_application
from .forms import day_words
from .wording import template_of

logger = logging.getLogger(__name__)
LAYOUT = Path(__file__).parent / "letter.typ"


@require_safe
@at_the_counter
def letter(request: SignedInRequest, number: str) -> HttpResponse:
    application = my_application(request.user, number)
    wording = template_of(application)
    if wording is None:
        raise Http404
    try:
        content = letter_pdf(application, wording)
    except TypesettingError:
        logger.exception("The letter of %s was not set", application.number)
        messages.error(request, "承诺书现在排不出来，我们已经记下。请稍后再试，或给办理单位打电话。")
        return redirect("counter:papers", number=number)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letter-{application.number}.pdf"'
    return response


def letter_pdf(application: Application, wording: TemplateVersion) -> bytes:
    """The wording with the enterprise's name filled in. Raises TypesettingError."""
    address = settings.SITE_URL + reverse("commitments:template", args=[wording.template_id])
    return typeset(LAYOUT, {**letter_data(application, wording), "address": address, "qr": qr_code(address)})


def letter_data(application: Application, wording: TemplateVersion) -> dict:
    values, personal = application.values, application.personal or {}
    campaign = Campaign.objects.filter(slug=values.get("campaign")).first()
    enterprise = application.enterprise
    return {
        "title": wording.title,
        "ordinal": wording.ordinal,
        "is_draft_text": wording.is_draft_text,
        "preamble": paragraphs(wording.preamble),
        "clauses": [{"title": clean(one["title"]), "text": clean(one["text"])} for one in wording.clauses],
        "closing": paragraphs(wording.closing),
        "party": enterprise.name if enterprise else "",
        "uscc": application.uscc,
        "campaign": campaign.name if campaign else "",
        "valid_until": day_words(values.get("valid_until") or ""),
        "signed_on": day_words(values.get("signed_on") or ""),
        "signatory": personal.get("signatory_name") or "",
        "post": personal.get("signatory_title") or "",
        "number": application.number,
    }


def paragraphs(text: str) -> list[str]:
    return [clean(line) for line in text.splitlines() if line.strip()]
