"""The inventory of personal data: the same for everybody, read out of the declarations of the rooms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.pages.cache import public_page
from portal.core.pages.parameters import Query
from portal.core.pages.reading import read_at
from portal.core.processing import all_records


@require_safe
@public_page
def inventory(request: HttpRequest) -> HttpResponse:
    Query.of(request).refuse_unknown(single=())
    context = {
        "reading": read_at(request),
        "records": all_records(),
        "crumbs": [("隐私说明", reverse("about:privacy")), ("个人信息清单", None)],
    }
    return render(request, "privacy/inventory.html", context)
