"""503: the database is busy or away, or what keeps the files is. One answer for every address, which needs neither database nor session.

A form that was sent is kept in the page, so that one press sends it again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes

from portal.core.busy import Fault, fault_of
from portal.core.pages.mode import Mode, mode_of

RETRY_AFTER = {Fault.BUSY: 5, Fault.AWAY: 30, Fault.FILES: 30}  # seconds
WORDS = {
    Fault.BUSY: ("本站正忙，请过几秒再试", "数据正在大批更新，这一次没有轮到。"),
    Fault.AWAY: ("本站暂时不能使用", "数据库没有应答，管理员会收到记录。请过几分钟再试。"),
    Fault.FILES: ("文件暂时不能存取", "存放文件的地方没有应答或不能写入，管理员会收到记录。请过几分钟再试。"),
}
CROWDED = ("本站正忙，请过几秒再试", "同时打开网页的人太多，这一次没有轮到。")
DOORS = "/accounts/"  # passwords and codes are typed there: none of it is written into a page
SECRET = "password"  # noqa: S105 - part of a field's name, on the desk too

logger = logging.getLogger(__name__)


class DatabaseFaults:
    """Answers for every view; what fails outside of one comes through `handler500`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_to(request, error)


@dataclass(frozen=True)
class Sent:
    """A form as it came in: texts by field, a field as often as it was sent; and the files that went with it."""

    action: str
    texts: list[tuple[str, str]]
    files: list[tuple[str, str]]


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to a fault of the database or of the files; None for every other error."""
    fault = fault_of(error)
    if fault is None:
        return None
    logger.warning("503 %s %s: %s: %s", request.method, request.path, fault.told, error)
    response = _response(request, fault)
    response.headers["Retry-After"] = str(RETRY_AFTER[fault])
    response.headers["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would write a traceback for each
    return response


def crowded_page() -> HttpResponse:
    """For strangers who want a page drawn while too many others do: the same words for every address."""
    title, sentence = CROWDED
    context = {"title": title, "sentence": sentence, "mode": Mode(), "again": ""}
    headers = {
        "Retry-After": str(RETRY_AFTER[Fault.BUSY]),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)


def _response(request: HttpRequest, fault: Fault) -> HttpResponse:
    title, sentence = WORDS[fault]
    if not request.accepts("text/html"):
        return HttpResponse(f"{title}。{sentence}\n", status=503, content_type="text/plain; charset=utf-8")
    context = {
        "title": title,
        "sentence": sentence,
        "is_away": fault is not Fault.BUSY,
        "mode": mode_of(request),
        "again": escape_leading_slashes(request.get_full_path()),
        "was_sent": request.method not in ("GET", "HEAD"),
        "sent": sent_by(request),
    }
    return HttpResponse(render_to_string("503.html", context), status=503)


def sent_by(request: HttpRequest) -> Sent | None:
    """What was typed; None where nothing can be sent again. Tokens go back as they came: none is made here."""
    if request.method != "POST" or request.path.startswith(DOORS):
        return None
    try:
        texts = [(name, text) for name, values in request.POST.lists() for text in values]
        files = [(name, file.name or "") for name, given in request.FILES.lists() for file in given]
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):
        return None
    if not texts or any(SECRET in name for name, _text in texts):
        return None
    return Sent(escape_leading_slashes(request.get_full_path()), texts, files)
