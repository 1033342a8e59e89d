"""The example for a copy behind nginx, tried with a real one over a small folder."""

import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import free_port, wait_until
from tools.front import DEPLOY

pytestmark = pytest.mark.skipif(
    not shutil.which("nginx"), reason="nginx is not installed (apt install nginx-light)"
)
FILES = (
    *("index.html", "batches/index.html", "batches/2026-1.html", "products/0000/0000001-3.html"),
    *("enterprises/1U/91350500DEM000001U.html", "log/check.html", ".mirror/plan", ".mirror.lock"),
)


@pytest.fixture(scope="module")
def front(tmp_path_factory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("mirror"), free_port()
    for name in FILES:
        path = folder / "copy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    folder.chmod(0o755)
    (folder / "nginx.conf").write_text(configuration(folder, port))
    nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    wait_until(lambda: asked(f"http://127.0.0.1:{port}/")[0] == 200, "nginx answers")
    yield f"http://127.0.0.1:{port}"
    nginx.terminate()
    nginx.wait(timeout=20)


def configuration(folder: Path, port: int) -> str:
    example = (DEPLOY / "nginx-mirror.conf").read_text(encoding="utf-8")
    server = example.replace("/srv/mirror;", f"{folder}/copy;").replace("    listen [::]:80;\n", "")
    paths = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"user root;\ndaemon off;\npid {folder}/nginx.pid;\nevents {{}}\n"
    types = "types { text/html html; text/css css; text/javascript js; }"
    return f"{main}http {{\naccess_log off;\n{types}\n{paths}\n{server.replace('listen 80;', f'listen 127.0.0.1:{port};')}}}\n"


def asked(address: str) -> tuple[int, str, str]:
    """Status, policy and body."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.headers["Content-Security-Policy"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, "", ""
    except urllib.error.URLError:
        return 0, "", ""


def test_nginx_gives_out_the_files_and_knows_the_addresses_of_the_site(front):
    for address, file in {
        "/": "index.html",
        "/batches/": "batches/index.html",
        "/batches/2026-1/": "batches/2026-1.html",
        "/products/0000001-3/": "products/0000/0000001-3.html",
        "/enterprises/91350500DEM000001U/": "enterprises/1U/91350500DEM000001U.html",
    }.items():
        status, policy, body = asked(front + address)
        assert (status, body) == (200, file)
        assert "script-src 'self'" in policy
    for hidden in ("/.mirror/plan", "/.mirror.lock", "/nothing/", "/products/0000002-1/"):
        assert asked(front + hidden)[0] == 404
    assert "'unsafe-inline'" in asked(f"{front}/log/check.html")[1]
