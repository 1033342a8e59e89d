"""A real nginx with the example of `deploy/`, on ports and in folders of its own: for the tests and the benchmark."""

import os
import re
import subprocess
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"


def configuration(folder: Path, port: int, portal: int, static: Path, second: int | None = None) -> str:
    """The example without TLS; `X-Kept` says what became of a request. `static` is the folder around `static/`, `second`
    the port of a second node."""
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    conf = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", conf, flags=re.DOTALL)
    conf = re.sub(r"\n    ssl_certificate.*", "", conf)
    for written, own in {
        "server 127.0.0.1:8000 max_fails=0;": "".join(
            f"server 127.0.0.1:{node} max_fails=0;" for node in (portal, second) if node
        ),
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "    listen [::]:443 ssl http2;\n": "",
        "portal.example.cn": "localhost",
        "/var/cache/nginx/portal": f"{folder}/cache",
        "/srv/portal/var": str(static),
        "/etc/nginx/portal-proxy.conf": f"{DEPLOY}/portal-proxy.conf",
        "proxy_cache portal;": "proxy_cache portal;\n        add_header X-Kept $upstream_cache_status always;",
    }.items():
        conf = conf.replace(written, own)
    paths = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # the folders are of whoever runs the tests
    main = f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
    types = "types { text/css css; image/svg+xml svg; text/javascript js; }"
    return f"{main}http {{\naccess_log off;\n{types}\n{paths}\n{conf}\n}}\n"


def start(folder: Path, port: int, portal: int, static: Path, second: int | None = None) -> subprocess.Popen:
    """The caller ends it."""
    file = folder / "nginx.conf"
    file.write_text(configuration(folder, port, portal, static, second), encoding="utf-8")
    return subprocess.Popen(["nginx", "-c", str(file), "-e", str(folder / "error.log")])
