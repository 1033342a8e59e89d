"""The public pages as they will be after a batch, clicked through under the desk by whoever may see the batch.

A page is drawn by its own public view, for a visitor, within `as_published`; its links lead on within the rehearsal. Pages that
write files, answer other programs or belong to somebody's account are not shown.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.core.handlers.exception import response_for_exception
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.views.decorators.http import require_safe

from catalog.publication.models import Batch
from catalog.publication.publishing.rehearsing import as_published
from portal.core.accounts.signed_in import person
from portal.core.desk.site import desk_page, refused
from portal.core.pages.reading import NEWEST
from portal.core.proof.limits import Limit
from portal.core.session_keys import new_key
from portal.core.workflow import NotAllowed

from .batch_views import link_to, with_batch

SHOWN = frozenset({
    "home", "search", "check", "guide", "guide-detail", "sitemap",
    *(f"{room}:{page}" for room in ("products", "enterprises", "batches", "regions", "campaigns", "notices", "activities", "organisations") for page in ("list", "detail")),
    "regions:subsidy", "activities:month", "commitments:list", "commitments:letter", "online:list",
})  # fmt: skip
SEEN = Limit("rehearsal", 60, 600)  # a page holds the door of editions for as long as it is drawn
INNER = re.compile(r'(<(?:a|area|form|button)\b[^>]*?\s(?:href|action|formaction)=")/(?!/|static/|files/)')


@require_safe
@with_batch
def rehearsal(request: HttpRequest, batch: Batch, path: str = "") -> HttpResponse:
    match = _public_view(f"/{path}")
    if match is None:
        context = {"title": "预演里没有这一页", "batch": batch, "home": _front(batch)}
        return desk_page(request, "publication/desk/rehearsal_none.html", context, status=404)
    try:
        _refuse_many(request)
        return _drawn(request, batch, f"/{path}", match)
    except NotAllowed as refusal:
        return refused(request, refusal, title="预演", back=link_to(batch))


def _refuse_many(request: HttpRequest) -> None:
    if not SEEN.take(str(person(request).pk)):
        raise NotAllowed(
            "rehearsal.often",
            f"预演看得太频繁：每看一页，别人都要等它画完才能公布。请 {SEEN.wait()}后再看。",
        )


def _front(batch: Batch) -> str:
    return reverse("admin:publication_batch_rehearsal", args=[batch.pk])


def _public_view(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if match.view_name in SHOWN else None


def _drawn(request: HttpRequest, batch: Batch, path: str, match: ResolverMatch) -> HttpResponse:
    visitor = _visitor(request, path, match)
    with as_published(batch) as edition:
        response = _answered(visitor, match)
        banner = {"batch": batch, "edition": edition, "here": path, "desk": link_to(batch)}
        return _within(response, _front(batch), render_to_string("publication/desk/_rehearsal.html", banner))


def _visitor(request: HttpRequest, path: str, match: ResolverMatch) -> HttpRequest:
    """Who asks for the page: nobody in particular, but with a session cookie, under which nothing public is kept or recalled."""
    environ = {name: value for name, value in request.META.items() if name != NEWEST}
    visitor = WSGIRequest({**environ, "PATH_INFO": path, "SCRIPT_NAME": ""})
    visitor.COOKIES.setdefault(settings.SESSION_COOKIE_NAME, new_key())
    visitor.user = AnonymousUser()
    visitor.resolver_match = match
    return visitor


def _answered(visitor: HttpRequest, match: ResolverMatch) -> HttpResponse:
    try:
        response: Any = match.func(visitor, *match.args, **match.kwargs)
        return response.render() if hasattr(response, "render") else response
    except (Http404, BadRequest) as error:
        answer: Any = response_for_exception(visitor, error)
        return answer.render() if hasattr(answer, "render") and not answer.is_rendered else answer


def _within(response: HttpResponse, front: str, banner: str) -> HttpResponse:
    """The answer with its links led into the rehearsal, and nothing by which anybody might keep it."""
    inner = HttpResponse(status=response.status_code, content_type=response.headers.get("Content-Type"))
    if location := response.headers.get("Location"):
        inner["Location"] = front + location.removeprefix("/") if location.startswith("/") else location
    elif not response.streaming:
        text = INNER.sub(rf"\g<1>{front}", response.content.decode())
        inner.content = re.sub(r"(<body\b[^>]*>)", lambda body: body[1] + banner, text, count=1)
    inner["Cache-Control"] = "private, no-store"
    inner["X-Accel-Expires"] = "0"
    inner["X-Robots-Tag"] = "noindex"
    return inner
