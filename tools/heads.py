"""The head of a request, read as far as it tells whose it is; only one that nobody could read otherwise.

Everything unusual (a header twice, a folded line, an underscore, another version) is None: gunicorn's own parser judges it.
"""

import re
from typing import Any

from gunicorn.util import unquote_to_wsgi_str

LONGEST = 4000
# No text can be read by a part of these in two ways: the loop itself reads what strangers send.
PLAIN = re.compile(rb"(GET|HEAD) (/[!\"$-~]*) HTTP/1\.1\r\n((?:[A-Za-z0-9-]+:[\t -~]*\r\n)+)\r\n")
LINE = re.compile(rb"([A-Za-z0-9-]+):([\t -~]*)\r\n")
TOLD = {
    b"host": "HTTP_HOST",
    b"cookie": "HTTP_COOKIE",
    b"accept-encoding": "HTTP_ACCEPT_ENCODING",
    b"if-none-match": "HTTP_IF_NONE_MATCH",
    b"x-forwarded-proto": "HTTP_X_FORWARDED_PROTO",
    b"connection": "HTTP_CONNECTION",
}
UNUSUAL = frozenset(
    {
        b"content-length",
        b"content-type",
        b"transfer-encoding",
        b"expect",
        b"upgrade",
        b"http2-settings",
        b"x-forwarded-protocol",
        b"x-forwarded-ssl",
    }
)


def read(head: bytes) -> dict[str, Any] | None:
    """As WSGI names it."""
    found = PLAIN.fullmatch(head) if len(head) <= LONGEST else None
    if found is None:
        return None
    method, target, lines = found.groups()
    path, _, query = target.decode("ascii").partition("?")
    meta: dict[str, Any] = {
        "REQUEST_METHOD": method.decode("ascii"),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_wsgi_str(path),
        "QUERY_STRING": query,
    }
    for name, value in LINE.findall(lines):
        name = name.lower()
        if name in TOLD:
            if TOLD[name] in meta:
                return None
            meta[TOLD[name]] = value.strip(b" \t").decode("ascii")
        elif name in UNUSUAL:
            return None
    return None if path.startswith("//") else meta
