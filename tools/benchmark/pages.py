"""What pages cost beside the least that Django does: `manage.py benchmark pages`.

One list goes the whole way into an empty database. Then a view without middleware, this portal and nginx are asked in turns,
in one run. Throughput is requests for a second of the server's processor: what else the machine does touches both alike.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import combinations_with_replacement, count, cycle, islice, product
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.db.models import Model
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from catalog.publication.models import CertificateLine, EnterpriseLine, ProductLine
from portal.core.pages import cache
from portal.core.pages.memory import forget_everything
from tools import front
from tools.processes import start_tied

from .lists import published_list
from .load import Served, ask_many, head, in_background, p99
from .table import Line, at_most
from .work import spent

ROUNDS = 5
REQUESTS = 2_000  # of each served thing a round
IN_PROCESS = 30
LIST = "/products/"
DEEP = 2_000  # a page far down, where a list has so many
SORTS = ("newest", "name", "star", "end")
PACKED = {"Accept_Encoding": "br"}


def measure_pages(rows: int, path: Path) -> Iterator[Line]:
    published_list(rows, path)
    yield from in_process(rows)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, ExitStack() as stack:
        yield from served(stack, Path(folder))


# -- In one process: seconds of processor ------------------------------------------------------------------------


def in_process(rows: int) -> Iterator[Line]:
    """Nothing kept of the pages. Each filter, number and record is asked for once; what a running process remembers of the
    edition stays: bitmaps, choices, parts of the frame, the body of the front page.
    """
    hello, portal = _hello(), WSGIHandler()
    makers = _pages_of("/enterprises/?validity=all", min(rows // 200, 50))
    drawn = {
        "uncached list, new filter, all facets / hello": (_filters(), 15.0),
        "uncached list, another page, all facets / hello": (
            _pages_of(f"{LIST}?star=3", min(rows // 80, 50)),
            15.0,
        ),
        "check by number, uncached / hello": (_each("/check/?number={}", CertificateLine, "number"), 10.0),
        "home, uncached / hello": (("/" for _ in count()), 15.0),
        "enterprise directory, uncached / hello": (makers, 15.0),
        "product page, uncached / hello": (_each("/products/{}/", ProductLine, "number"), 15.0),
        "enterprise page, uncached / hello": (_each("/enterprises/{}/", EnterpriseLine, "uscc"), 15.0),
    }
    for measure, (addresses, goal) in drawn.items():
        yield _compared(f"{measure}, CPU", (hello, cycle("/")), (portal, addresses), goal)
    yield from _far_down(rows, portal)
    yield from _queries(portal)


def _far_down(rows: int, portal: WSGIHandler) -> Iterator[Line]:
    """Whole pages of twenty rows that nobody drew yet, from either end of the longest list."""
    far = max(min(DEEP, rows // 40), 1)
    for sort in SORTS:
        near, deep = (
            (f"{LIST}?sort={sort}&page={1 + (start + n) % max(rows // 20, 1)}" for n in count())
            for start in (0, far)
        )
        measure = f"page {far:,} and on / first pages, by {sort}, CPU"
        yield _compared(measure, (portal, near), (portal, deep), 1.2)


Asked = tuple[WSGIHandler, Iterator[str]]


def _compared(measure: str, baseline: Asked, ours: Asked, goal: float) -> Line:
    """In turns, medians of many rounds; the first one reads what a running process remembers."""
    pairs = [
        [cost_of(handler, list(islice(addresses, IN_PROCESS))) for handler, addresses in (baseline, ours)]
        for _ in range(ROUNDS + 1)
    ]
    least, own = (statistics.median(one) / IN_PROCESS for one in zip(*pairs[1:], strict=True))
    return at_most(measure, least, own, goal)


def cost_of(handler: WSGIHandler, addresses: list[str]) -> float:
    environs = [RequestFactory().get(address, HTTP_HOST="localhost").environ for address in addresses]
    began = spent()
    for environ in environs:
        cache.pages.clear()
        response = handler(environ, lambda *told: None)  # type: ignore[arg-type]  # nobody writes
        if response.status_code != 200:
            raise RuntimeError(f"{environ['PATH_INFO']} answers {response.status_code}")
        b"".join(response)
    return spent() - began


def _pages_of(address: str, pages: int) -> Iterator[str]:
    return (f"{address}&page={1 + n % pages}" if pages > 1 else address for n in count())


def _filters() -> Iterator[str]:
    """Two kinds with a star: each another list, with other rows."""
    kinds = sorted(ProductLine.objects.order_by().values_list("category_code", flat=True).distinct())
    pairs = product(combinations_with_replacement(kinds, 2), "321")
    return cycle(f"{LIST}?category={one}&category={other}&star={star}" for (one, other), star in pairs)


def _each(address: str, lines: type[Model], column: str) -> Iterator[str]:
    return cycle(address.format(value) for value in lines._base_manager.values_list(column, flat=True)[:500])


def _queries(portal: WSGIHandler) -> Iterator[Line]:
    cost_of(portal, [f"{LIST}?star=3"])  # its rows are drawn; the page itself is not kept
    for measure, goal in (("warm", 2), ("cold", 5)):
        cache.clear()
        if measure == "cold":
            forget_everything()
        with CaptureQueriesContext(connection) as queries:
            cost_of(portal, [f"{LIST}?star=3"])
        yield Line(f"queries of a {measure} list page", "", str(len(queries)), len(queries), goal)


def _hello() -> WSGIHandler:
    with override_settings(MIDDLEWARE=["tools.benchmark.pages.to_hello"]):
        return WSGIHandler()


def to_hello(get_response: Callable) -> Callable:
    def lead(request):
        request.urlconf = "tools.benchmark.hello"
        return get_response(request)

    return lead


# -- Served: requests for a second of processor ------------------------------------------------------------------


def served(stack: ExitStack, folder: Path) -> Iterator[Line]:
    hello = stack.enter_context(_gunicorn("tools.benchmark.hello:application", head("/")))
    portal = stack.enter_context(_gunicorn("portal.wsgi:application", head(LIST, **PACKED)))
    etag = _etag(portal)
    known = Served(portal.port, portal.pid, head(LIST, **PACKED, If_None_Match=etag))
    yield _throughput("cached page / hello, same gunicorn", hello, portal, 1.6)
    yield _throughput("304 / hello, same gunicorn", hello, known, 1.8)
    if shutil.which("nginx"):
        static, kept = stack.enter_context(_nginx(folder, portal.port))
        yield _throughput("cached page through nginx / its static file", static, kept, 0.7)
    yield _flood(portal)


def _throughput(measure: str, baseline: Served, ours: Served, goal: float) -> Line:
    for one in (baseline, ours):
        one.cost(REQUESTS // 10)
    pairs = [(baseline.cost(REQUESTS), ours.cost(REQUESTS)) for _ in range(ROUNDS)]
    least, own = (ROUNDS * REQUESTS / sum(costs) for costs in zip(*pairs, strict=True))
    return Line(measure, f"{least:,.0f}/s", f"{own:,.0f}/s", own / least, goal, is_least=True)


def _flood(portal: Served) -> Line:
    """Strangers on 50 connections ask for pages that nobody kept; a reader asks for one that is kept."""
    idle = p99(portal.port, portal.head, REQUESTS // 2)
    others = in_background(_ask_from_elsewhere, portal.port)
    time.sleep(1)
    flooded = p99(portal.port, portal.head, REQUESTS // 2)
    others.terminate()
    others.join()
    return Line(
        "p99 of a cached page while 50 ask for others / idle",
        f"{idle * 1e3:.2f} ms",
        f"{flooded * 1e3:.2f} ms",
        flooded / idle,
        3,
    )


def _ask_from_elsewhere(port: int) -> None:
    """As strangers do from machines of their own: their work must not take the server's processors."""
    os.nice(15)
    ask_many(port, (head(f"{LIST}?q={n}", **PACKED) for n in count(10_000)), 50)


def _etag(portal: Served) -> str:
    ask_many(portal.port, iter([portal.head] * 3), 1)
    with socket.create_connection(("127.0.0.1", portal.port)) as client:
        client.sendall(portal.head)
        start = client.recv(64 * 1024).decode("latin-1")
    return next(line[6:] for line in start.split("\r\n") if line.lower().startswith("etag: "))


@contextmanager
def _gunicorn(application: str, asked: bytes) -> Iterator[Served]:
    """One process with 8 threads, as `tools.serve` starts it."""
    port = _free_port()
    words = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    words += ["--worker-class", "tools.intake.PatientWorker", "--workers", "1", "--threads", "8"]
    words += ["--no-control-socket", "--log-level", "error"]
    environment = os.environ | {"DATABASE_URL": _database(), "TRUSTED_PROXIES": "1", "LOG_LEVEL": "ERROR"}
    if application.startswith("tools.benchmark"):
        environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = start_tied(words, env=environment)
    try:
        _wait_for(port)
        yield Served(port, process.pid, asked)
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def _nginx(folder: Path, portal: int) -> Iterator[tuple[Served, Served]]:
    """Its static file is the page, as the portal packs it."""
    port, static = _free_port(), folder / "var" / "static"
    static.mkdir(parents=True)
    (static / "page.css").write_bytes(os.urandom(7_000))
    process: subprocess.Popen = front.start(folder, port, portal, folder / "var")
    try:
        _wait_for(port)
        yield (
            Served(port, process.pid, head("/static/page.css")),
            Served(port, process.pid, head(LIST, **PACKED)),
        )
    finally:
        process.terminate()
        process.wait(timeout=30)


def _database() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("A server of the benchmark did not start.")
