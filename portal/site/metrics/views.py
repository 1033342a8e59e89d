"""The page that Prometheus reads. For everybody else it does not exist."""

import os

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from portal.core.accounts.addresses import is_this_machine
from portal.site.metrics.standing import Standing


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        raise Http404
    house = CollectorRegistry()
    house.register(Standing())
    return HttpResponse(generate_latest(counted()) + generate_latest(house), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Whoever has the token; without one, a program on this machine that asks the portal itself, not through a proxy."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(
            request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
        )
    if any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via")):
        return False
    # A proxy that tells nothing of itself passes on the name of the site.
    host, _port = split_domain_port(request.get_host())
    return is_this_machine(host.strip("[]")) and is_this_machine(request.META.get("REMOTE_ADDR", ""))


def counted() -> CollectorRegistry:
    """The counts of this process, or of all of them together."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together
