"""The texts that letters are signed under, and what differs between them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from events.commitments.comparison import compare
from events.commitments.models import LetterVersion, TemplateVersion
from portal.core.pages.cache import public_page
from portal.core.pages.parameters import BadParameter, Query
from portal.core.pages.reading import PARAMETERS, read_at
from portal.core.pages.records import came_later, versions_until

from .asking import asked


@require_safe
@public_page
def template_list(request: HttpRequest) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    visible = TemplateVersion.objects.visible(reading.edition, reading.day).standing()
    context = {
        "query": query,
        "reading": reading,
        "templates": visible.order_by("template_id"),
        "crumbs": [("合作承诺", query.link(reverse("commitments:list"))), ("承诺书文本", None)],
    }
    return render(request, "commitments/template_list.html", context)


@require_safe
@public_page
def template_detail(request: HttpRequest, number: int) -> HttpResponse:
    query, reading = asked(request), read_at(request)
    versions = versions_until(TemplateVersion, number, reading)
    if not versions:
        return came_later(request, TemplateVersion, number, reading, what="承诺书文本")
    version = versions[0]
    signed = LetterVersion.objects.visible(reading.edition, reading.day).standing()
    context = {
        "query": query,
        "reading": reading,
        "version": version,
        "versions": versions,
        "wordings": wordings_of(versions),
        "signed_count": signed.filter(template_version__template=number).count(),
        "takes": [],
        "crumbs": template_crumbs(query, (version.title, None)),
    }
    return render(request, "commitments/template_detail.html", context)


def wordings_of(versions: list[TemplateVersion]) -> list[TemplateVersion]:
    """One of each ordinal, newest first; a withdrawal says nothing new."""
    return [version for version in versions if not version.is_withdrawn]


def template_crumbs(query: Query, *last: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    kept = query.keep(*PARAMETERS)
    return [
        ("合作承诺", kept.link(reverse("commitments:list"))),
        ("承诺书文本", kept.link(reverse("commitments:templates"))),
        *last,
    ]


@require_safe
@public_page
def template_difference(request: HttpRequest, number: int) -> HttpResponse:
    """`older` and `newer` are ordinals; without them the newest wording beside the one before it."""
    query = Query.of(request)
    query.refuse_unknown(single=("older", "newer", *PARAMETERS))
    reading = read_at(request)
    versions = versions_until(TemplateVersion, number, reading)
    if not versions:
        return came_later(request, TemplateVersion, number, reading, what="承诺书文本")
    wordings = wordings_of(versions)
    newer = wording(query, "newer", wordings, wordings[0])
    older = wording(query, "older", wordings, wordings[min(1, len(wordings) - 1)])
    href = query.keep(*PARAMETERS).link(reverse("commitments:template", args=[number]))
    context = {
        "query": query,
        "reading": reading,
        "older": older,
        "newer": newer,
        "wordings": wordings,
        "rows": compare(older, newer),
        "crumbs": template_crumbs(query, (newer.title, href), ("比较", None)),
    }
    return render(request, "commitments/template_difference.html", context)


def wording(
    query: Query, name: str, wordings: list[TemplateVersion], default: TemplateVersion
) -> TemplateVersion:
    given = query.first(name)
    if not given:
        return default
    found = next((one for one in wordings if str(one.ordinal) == given), None)
    if found is None:
        raise BadParameter.one(query, name, given, f"没有第「{given}」稿。")
    return found
