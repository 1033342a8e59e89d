"""What anybody needs to check the site without trusting it: the log of all editions, proofs, and the program for it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.core.editions.digest import canonical
from portal.core.editions.models import Edition
from portal.core.files.ranged import partial
from portal.core.pages.cache import public_page
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import BadParameter, Query, has_control
from portal.core.pages.reading import moment_asked, read_at
from portal.core.pages.streaming import begun
from portal.core.replicas import public_reading
from portal.core.text.digits import whole

from .editions import lines, measured, part_of
from .proofs import proof_of, public_line

CHECKER = Path(__file__).with_name("check.py")
LINES = "application/x-ndjson; charset=utf-8"


@require_safe
@public_page
def page(request: HttpRequest) -> HttpResponse:
    Query.of(request).refuse_unknown(single=())
    newest = Edition.objects.order_by("-number").first()
    context = {"newest": newest, "reading": read_at(request), "crumbs": [("公开日志", None)]}
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
@public_page
def proof(request: HttpRequest, key: str) -> HttpResponse:
    """Of the line that was public under this key in the edition read, as a file to keep."""
    _query, reading = moment_asked(request)
    line = None if has_control(key) else public_line(key, reading.edition)
    if line is None:
        raise NeverPublic(
            f"第 {reading.edition} 版里没有公布「{key}」。键见批次文件，如 product/0000001-3/national。"
        )
    return HttpResponse(canonical(proof_of(line)) + b"\n", content_type="application/json; charset=utf-8")


@require_safe
def checker(request: HttpRequest) -> FileResponse:
    return FileResponse(CHECKER.open("rb"), as_attachment=True, content_type="text/x-python; charset=utf-8")
