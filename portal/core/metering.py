"""What is counted of requests, for `/metrics`. Low in the house, so that every room that answers can count.

Several processes add up in files of the folder PROMETHEUS_MULTIPROC_DIR, which the web server's supervisor names before
it starts them (`tools/serve.py`); without it each process counts for itself.
"""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

NOBODYS = "none"  # an address that leads nowhere: strangers must not make a label each
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds

REQUESTS = Counter(
    "portal_requests", "Requests answered, by the name of the address.", ("address", "method", "status")
)
SECONDS = Histogram(
    "portal_request_seconds", "Seconds from a whole request to its answer.", ("address",), buckets=BUCKETS
)
PAGES = Counter(
    "portal_public_pages", "Public pages given from memory (kept) or made anew (drawn).", ("source",)
)
KEPT, DRAWN = PAGES.labels("kept"), PAGES.labels("drawn")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Metered:
    """The outermost middleware: every answer of the application is counted, refusals and errors too; pages that are given from
    memory before it are counted in PAGES alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        count(name_of(request), request.method or "", response.status_code, time.perf_counter() - began)
        return response


def name_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match and match.view_name else NOBODYS


def count(address: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(address, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(address).observe(seconds)
