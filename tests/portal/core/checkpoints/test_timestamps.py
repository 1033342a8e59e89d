"""RFC 3161 against OpenSSL: its authority stamps what the portal asks, and its verifier believes what the portal kept."""

import http.server
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_certificates

from portal.core.checkpoints import signing, timestamps
from portal.core.checkpoints.models import KeptCheckpoint, Timestamp
from tests.make import publish_products

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamps]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


def openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Folder with root and signing certificate of an authority of OpenSSL."""
    assert shutil.which("openssl"), "openssl is missing"
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "rsa:2048", "-nodes", "-config", "tsa.cnf")
    openssl(
        folder,
        "req",
        "-x509",
        *new,
        "-keyout",
        "root.key",
        "-out",
        "root.pem",
        "-subj",
        "/CN=Root",
        "-extensions",
        "authority",
    )
    openssl(folder, "req", *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps")
    signed = (
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-CAcreateserial",
        "-extfile",
        "tsa.cnf",
        "-extensions",
        "stamps",
    )
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *signed, "-out", "tsa.pem")
    return folder


@pytest.fixture
def served(authority, settings):
    """The authority under an address; `mangle` alters what it answers."""

    class Answers(http.server.BaseHTTPRequestHandler):
        mangle = staticmethod(lambda content: content)

        def do_POST(self):
            (authority / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            how = ("-config", "tsa.cnf", "-signer", "tsa.pem", "-inkey", "tsa.key")
            openssl(authority, "ts", "-reply", "-queryfile", "query", *how, "-out", "answer")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.mangle((authority / "answer").read_bytes()))

        def log_message(self, *_arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.LOG_TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    settings.LOG_TSA_CERTIFICATES = authority / "root.pem"
    timestamps.roots.cache_clear()
    yield Answers
    server.shutdown()
    server.server_close()


def test_the_checkpoint_is_stamped_and_openssl_verifies_what_the_site_gives_out(authority, served, client):
    publish_products()
    report = timestamps.stamp()
    assert report.is_good, report.sentence
    row = Timestamp.objects.get()
    (authority / "checkpoint").write_bytes(client.get(f"/log/checkpoint/{row.checkpoint_id}").content)
    (authority / "given.tsr").write_bytes(client.get(f"/log/timestamp/{row.pk}.tsr").content)
    verify = ("ts", "-verify", "-in", "given.tsr", "-CAfile", "root.pem", "-data")
    openssl(authority, *verify, "checkpoint")
    (authority / "other").write_bytes(b"another checkpoint")
    with pytest.raises(AssertionError):
        openssl(authority, *verify, "other")
    assert "最近一次可信时间戳" in client.get("/log/").content.decode()
    assert timestamps.stamp().is_good
    assert (Timestamp.objects.count(), KeptCheckpoint.objects.count()) == (2, 1)


def test_an_answer_that_does_not_verify_is_not_kept(authority, served, settings):
    publish_products()
    served.mangle = staticmethod(lambda content: content[:-1] + bytes([content[-1] ^ 1]))
    assert not timestamps.stamp().is_good
    served.mangle = staticmethod(lambda content: b"no answer")
    assert not timestamps.stamp().is_good
    served.mangle = staticmethod(lambda content: content)
    openssl(
        authority,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-config",
        "tsa.cnf",
        "-keyout",
        "x.key",
        "-out",
        "x.pem",
        "-subj",
        "/CN=Root",
        "-extensions",
        "authority",
    )
    settings.LOG_TSA_CERTIFICATES = authority / "x.pem"
    assert load_pem_x509_certificates((authority / "x.pem").read_bytes())
    report = timestamps.stamp()
    assert (report.is_good, "没有取到时间戳" in report.sentence) == (False, True)
    settings.LOG_TSA_URL = "http://127.0.0.1:1/"
    assert not timestamps.stamp().is_good
    assert Timestamp.objects.count() == 0


def test_what_cannot_be_signed_is_not_stamped(served, settings):
    publish_products()
    settings.LOG_SIGNED_FILE.write_text("nonsense")
    assert "读不懂" in timestamps.stamp().sentence
    assert signing.trouble()
