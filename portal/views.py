"""The front door's own pages: whether the process lives, and whether it can work."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


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
    """The database answers and has every migration; until then a balancer should send nobody here."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _answer("database unreachable", 503)
    if waiting:
        return _answer(f"{len(waiting)} migrations are not applied", 503)
    return _answer("ok")
