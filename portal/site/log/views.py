"""What anybody needs to check the site without trusting it: the log of all editions, proofs, and the program for it."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.core.checkpoints.cosigning import newest_seen
from portal.core.checkpoints.models import Timestamp
from portal.core.checkpoints.signing import trouble
from portal.core.checkpoints.succession import known_keys
from portal.core.editions.digest import canonical
from portal.core.editions.models import Edition
from portal.core.files.ranged import partial
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import BadParameter, Query, has_control
from portal.core.pages.reading import moment_asked, read_at
from portal.core.pages.streaming import begun
from portal.core.replicas import public_reading
from portal.core.text.digits import whole

from . import checker as given_out
from .editions import lines, measured, part_of
from .proofs import proof_of, public_line

LINES = "application/x-ndjson; charset=utf-8"


@require_safe
@public_reading
def page(request: HttpRequest) -> HttpResponse:
    """Kept by no memory: a witness may come at any moment."""
    Query.of(request).refuse_unknown(single=())
    context = {
        "newest": Edition.objects.order_by("-number").first(),
        "trouble": trouble(),
        "keys": known_keys()[::-1],
        "seen": newest_seen(),
        "timestamp": Timestamp.objects.first(),
        "origin": settings.LOG_ORIGIN,
        "now": timezone.now(),
        "reading": read_at(request),
        "crumbs": [("公开日志", None)],
    }
    return render(request, "log/page.html", context)


@require_safe
@public_reading
def editions(request: HttpRequest) -> HttpResponseBase:
    """Whole, after an edition, or a part in bytes. The tag is that of the newest head, which names everything before it."""
    newest = Edition.objects.order_by("-number").first()
    since = _since(request, newest.number if newest else 0)
    etag = f'"{newest.head[:32] if newest else "empty"}-{since}"'
    response = get_conditional_response(request, etag=etag) or _content(request, newest, since, etag)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _since(request: HttpRequest, newest: int) -> int:
    query = Query.of(request)
    query.refuse_unknown(single=("since",))
    given = query.first("since", "0")
    since = whole(given, 9)
    if since is None:
        raise BadParameter.one(query, "since", given, f"版号「{given}」不是正整数。")
    if since > newest:
        raise BadParameter.one(query, "since", given, f"没有第 {since} 版，它还没有公布。")
    return since


def _content(request: HttpRequest, newest: Edition | None, since: int, etag: str) -> HttpResponseBase:
    if newest and "Range" in request.headers:
        ends = measured.upto(newest)
        before, size = ends[since], ends[-1] - ends[since]

        def read(part: range) -> Iterator[bytes]:
            first = bisect_right(ends, before + part.start) - 1  # this many editions end before the part
            last = bisect_left(ends, before + part.stop)
            return begun(part_of(lines(first, last), before + part.start - ends[first], len(part)))

        if found := partial(request, size, etag, LINES, read):
            return found
    return StreamingHttpResponse(begun(lines(since, newest.number if newest else 0)), content_type=LINES)


@require_safe
@public_reading
def proof(request: HttpRequest, key: str) -> HttpResponse:
    """Of the line that was public under this key in the edition read, as a file to keep."""
    _query, reading = moment_asked(request)
    line = None if has_control(key) else public_line(key, reading.edition)
    if line is None:
        raise NeverPublic(
            f"第 {reading.edition} 版里没有公布「{key}」。键见批次文件，如 product/0000001-3/national。"
        )
    content = canonical(proof_of(line)) + b"\n"
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        content, content_type="application/json; charset=utf-8"
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def checker(request: HttpRequest) -> HttpResponse:
    return _to_keep(given_out.python_file(), "check.py", "text/x-python; charset=utf-8")


@require_safe
def checker_page(request: HttpRequest) -> HttpResponse:
    """To be kept and opened without the site: a page that the site shows could judge the site as it likes."""
    return _to_keep(given_out.page(), "check.html", "text/html; charset=utf-8")


def _to_keep(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
