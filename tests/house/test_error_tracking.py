"""An error reaches a server that speaks Sentry's protocol, with its number and with nothing of the reader."""

import gzip
import http.server
import json
import os
import subprocess
import sys
import threading

import brotli
import pytest

UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
# A process of its own: the client of Sentry belongs to its process.
PROGRAM = """
import django, sys
django.setup()
from django.test import Client, override_settings
sys.path.insert(0, {folder!r})
plain = {{"staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}}}
with override_settings(ROOT_URLCONF="broken_urls", ALLOWED_HOSTS=["testserver"], STORAGES=plain):
    client = Client(raise_request_exception=False, REMOTE_ADDR="192.0.2.77")
    page = client.post("/desk/invitations/abc-DEF_123/x/?name=private", {{"phone": "13800138000"}})
import sentry_sdk
sentry_sdk.flush(300)  # returns when all is told, however busy the machine is
print(page.content.decode())
"""
URLS = """
from django.db import IntegrityError
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
import portal.urls
def broken(request, key):
    secret_of_the_reader = request.POST["phone"]
    try:
        raise IntegrityError(f"duplicate key\\nDETAIL: Key (phone)=({secret_of_the_reader}) already exists.")
    except IntegrityError:
        raise RuntimeError(f"broken on purpose\\n{secret_of_the_reader}")
urlpatterns = [path("desk/invitations/<str:key>/x/", csrf_exempt(broken))]
handler500 = portal.urls.handler500
"""


@pytest.fixture
def server():
    taken: list[bytes] = []

    class Taker(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(UNPACK[self.headers.get("Content-Encoding", "")](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running, taken
        running.shutdown()


def test_an_error_is_told_with_its_number_and_without_the_reader(server, tmp_path):
    running, taken = server
    (tmp_path / "broken_urls.py").write_text(URLS)
    given = {
        "SENTRY_DSN": f"http://key@127.0.0.1:{running.server_port}/1",
        "VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    program = [sys.executable, "-c", PROGRAM.format(folder=str(tmp_path))]
    done = subprocess.run(
        program, env=os.environ | given, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    told = b"\n".join(taken).decode()
    events = [json.loads(line) for line in told.splitlines() if '"exception"' in line]
    (broken,) = [event["exception"]["values"] for event in events]
    assert [one["type"] for one in broken] == ["IntegrityError", "RuntimeError"]
    assert broken[-1]["value"] == "broken on purpose"
    assert events[0]["tags"]["incident"] in done.stdout
    for private in ("abc-DEF_123", "13800138000", "192.0.2.77", "private"):
        assert private not in told
