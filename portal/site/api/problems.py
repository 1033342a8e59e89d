"""What went wrong, for programs (RFC 9457): a stable code, and a Chinese sentence that says what to do."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from portal.core.busy import fault_of
from portal.core.editions.models import Edition
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import BadParameter
from portal.core.pages.unavailable import RETRY_AFTER, WORDS

MEDIA_TYPE = "application/problem+json; charset=utf-8"
TITLES = {
    "bad_parameter": "参数不对",
    "not_found": "没有这一地址",
    "never_public": "没有公布过",
    "not_yet": "当时尚未公布",
    "method_not_allowed": "只能读取",
    "too_many_requests": "请求太多",
    "unavailable": "暂时不能应答",
}


class Refused(Exception):
    """An answer that is a problem. `more` stands beside its sentence, `headers` around it."""

    def __init__(
        self, status: int, code: str, sentence: str, headers: dict[str, str] | None = None, **more: Any
    ):
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence
        self.headers, self.more = headers or {}, more


def not_yet(what: str, first: Edition) -> Refused:
    """For a record that became public after the moment that is read."""
    sentence = f"{what}在所看的那一版还没有公布，第 {first.number} 版起公布。"
    return Refused(404, "not_yet", sentence, first_edition=first.number, first_day=first.day.isoformat())


def refusal_of(error: Exception, request: HttpRequest) -> Refused | None:
    """What an error is to a program; None for a fault of ours, which is logged as every other."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, BadParameter):
        return _bad_parameter(error, request)
    if isinstance(error, NeverPublic):
        return Refused(404, "never_public", str(error))
    if isinstance(error, Http404):
        return Refused(404, "not_found", "接口里没有这一地址，可用的地址见 /api/ 。")
    if fault := fault_of(error):
        title, sentence = WORDS[fault]
        wait = {"Retry-After": str(RETRY_AFTER[fault])}
        return Refused(503, "unavailable", f"{title}。{sentence}", headers=wait)
    return None


def _bad_parameter(error: BadParameter, request: HttpRequest) -> Refused:
    problems = [{"parameter": one.name, "sentence": one.sentence} for one in error.problems]
    mended = settings.SITE_URL + error.mended.link(request.path).rstrip("?")
    sentence = "".join(one.sentence for one in error.problems)
    return Refused(400, "bad_parameter", sentence, problems=problems, mended=mended)


def answer_of(refused: Refused) -> HttpResponse:
    said = {
        "type": "about:blank",
        "title": TITLES[refused.code],
        "status": refused.status,
        "code": refused.code,
        "detail": refused.sentence,
        **refused.more,
    }
    body = json.dumps(said, ensure_ascii=False)
    response = HttpResponse(body, status=refused.status, content_type=MEDIA_TYPE, headers=refused.headers)
    response.headers.setdefault("Cache-Control", "no-store" if refused.status >= 429 else "no-cache")
    return response
