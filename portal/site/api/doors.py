"""How a program comes in: from any origin, reading only, so often; and what it is told beside the answer.

Answers are kept as pages are. Only those that have to be drawn are counted against the limit.
"""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from portal.core.accounts.addresses import client_address
from portal.core.pages.cache import View, public_page
from portal.core.pages.parameters import BadParameter, Problem, Query, careless, label_of
from portal.core.proof.limits import Limit, network

from .problems import Refused, answer_of, refusal_of

READING = ("GET", "HEAD")
METHODS = (*READING, "OPTIONS")
MINUTE = 60
CARELESS = ("「{}」没有值，请写上，或不写这个参数。", "「{}」的同一个值写了两遍，请只写一遍。")
LEFT = "portal.api_left"  # under which a request carries how many more may be drawn for its sender


def limit() -> Limit:
    return Limit("api", settings.API_PER_MINUTE, MINUTE)


def endpoint(view: View) -> View:
    """A public view for programs: errors are JSON, and every origin may read."""
    kept = public_page(_counted(view))

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _open(request, HttpResponse(status=204))
        try:
            return _open(request, _answer(request, kept, given))
        except Exception as error:
            refused = refusal_of(error, request)
            if refused is None:
                raise
            return _open(request, answer_of(refused))

    return answer


def _answer(request: HttpRequest, kept: View, given: dict[str, Any]) -> HttpResponse:
    if request.method not in READING:
        sentence = "这一接口只能读取，请用 GET。"
        raise Refused(405, "method_not_allowed", sentence, headers={"Allow": ", ".join(METHODS)})
    _refuse_careless(request)
    return kept(request, **given)


def _refuse_careless(request: HttpRequest) -> None:
    """A page leaves out what is empty or said twice; a program that sends it means something that it did not say."""
    problems = [
        Problem(name, value, CARELESS[bool(value)].format(label_of(name)))
        for name, value in careless(request.META.get("QUERY_STRING", ""))
    ]
    if problems:
        raise BadParameter(Query.of(request), problems)


def _counted(view: View) -> View:
    @wraps(view)
    def draw(request: HttpRequest, **given: Any) -> HttpResponse:
        allowed, who = limit(), network(client_address(request))
        if not allowed.take(who):
            sentence = f"这一来源一分钟里要了超过 {allowed.most} 次，请过 {allowed.wait()}再试；整份数据请取 /data/ 。"
            raise Refused(
                429, "too_many_requests", sentence, headers={"Retry-After": str(allowed.seconds_left())}
            )
        request.META[LEFT] = allowed.left(who)
        return view(request, **given)

    return draw


def _open(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After, RateLimit, RateLimit-Policy"
    headers["RateLimit-Policy"] = f'"drawn";q={settings.API_PER_MINUTE};w={MINUTE}'
    if LEFT in request.META:
        headers["RateLimit"] = f'"drawn";r={request.META[LEFT]};t={limit().seconds_left()}'
    if request.method == "OPTIONS":
        headers["Allow"] = headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        headers["Access-Control-Allow-Headers"] = "If-None-Match, Accept-Encoding, Content-Type"
        headers["Access-Control-Max-Age"] = "86400"
    return response
