"""The front door's own pages: home, errors, whether the process lives, and whether it can work."""

import logging
import sys

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import incidents
from portal.core import replicas
from portal.core.checkpoints.signing import disagreement
from portal.core.index import health as index_health
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import BadParameter
from portal.core.pages.unavailable import answer_to

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: name what is not understood and offer the address without it."""
    context: dict[str, object] = {"is_signed_out": isinstance(exception, SessionInterrupted)}
    if isinstance(exception, BadParameter):
        context = {"problems": exception.problems, "mended_href": exception.mended.link(request.path)}
    return render(request, "400.html", context, status=400)


def breakdown(request: HttpRequest) -> HttpResponse:
    """500 with the number under which the log has it; or 503 where the database failed outside of a view."""
    unavailable = answer_to(request, sys.exc_info()[1])
    if unavailable is not None:
        return unavailable
    # Neither the request nor a context processor: what broke the page must not break this one.
    page = render_to_string("500.html", {"incident": incidents.number_of(request)})
    return HttpResponse(page, status=500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what was sought, where we know it, and what to do next."""
    sentence = str(exception) if isinstance(exception, NeverPublic) else ""
    return render(request, "404.html", {"sentence": sentence}, status=404)


def _answer(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. Touches no database: a supervisor must not restart us for a fault elsewhere."""
    return _answer("ok")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; until then a balancer should send nobody here.

    A search index that has to be built again is said, and editions that are not those that were signed here. Neither takes the
    node out: it answers, and so do all others.
    """
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return _answer(f"{len(waiting)} migrations are not applied", 503)
        outdated, unsigned = index_health.outdated(), disagreement()
    except (DatabaseError, InterfaceError):
        if replicas.known.chosen() != DEFAULT_DB_ALIAS:
            return _answer("ok\nprimary unreachable: public pages are read from a replica")
        return _answer("database unreachable", 503)
    if outdated:
        logger.warning("The search index has to be built again: %s", ", ".join(outdated))
    if unsigned:
        logger.error("The log is not signed any more: %s", unsigned)
    told = [f"index outdated: {collection}" for collection in outdated]
    return _answer("\n".join(["ok", *told, *([f"log not signed: {unsigned}"] if unsigned else [])]))
