"""Makers of what an inspection looks at: a message that waits, a try of a day, a server that answers as it is told."""

import datetime
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from django.utils import timezone

from events.enquiries.models import Enquiry
from portal.site.inspection.models import Probe

_serial = count(1)


def make_enquiry(received_on: datetime.date, **changes) -> Enquiry:
    number = next(_serial)
    values = {
        "number": f"Q{number:07}",
        "form_key": f"key-{number}",
        "content_digest": "0" * 64,
        "secret_hash": "x",
        "kind": "question",
        "text": "请问怎样查证书？",
        "office": "working_group",
        "received_on": received_on,
    }
    return Enquiry.objects.create(**values | changes)


def make_probe(at: datetime.datetime | None = None, *, fault: str = "", milliseconds: int = 120) -> Probe:
    """`at` replaces the moment that the column gives itself."""
    probe = Probe(
        url="http://localhost/", status=None if fault else 200, milliseconds=milliseconds, fault=fault
    )
    moment, field = at or timezone.now(), Probe._meta.get_field("at")
    field.auto_now_add = False
    try:
        probe.at = moment
        probe.save()
    finally:
        field.auto_now_add = True
    return probe


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Its address on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *args):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
