"""`/check/many/`: up to 500 numbers at once, without an account. Nothing of what comes in is kept."""

from unicodedata import normalize

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from catalog.imports.reading.refusals import Refused
from catalog.publication.exporting.columns import source_of
from catalog.publication.exporting.writing import TYPES
from catalog.publication.showing.many import HEADINGS, MOST_NUMBERS, Verdict, numbers_of, verdicts
from portal.core.accounts.addresses import client_address
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt, moment_asked
from portal.core.proof.limits import HOUR, Limit, network
from portal.core.workbook import Table, as_xlsx
from portal.site.check_many.sheet import numbers_in_file

ASKED = Limit("check-many", 30, HOUR)
LONGEST = 100_000  # signs of what is pasted
LONGEST_LINE = 2_000


class NotTaken(Exception):
    """Why nothing was looked up, in a sentence for the reader."""

    def __init__(self, sentence: str, status: int = 400):
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def many(request: HttpRequest) -> HttpResponseBase:
    query, reading = moment_asked(request)
    if request.method != "POST":
        return page(request, query, reading)
    try:
        numbers = numbers_sent(request, reading)
    except NotTaken as refused:
        return page(request, query, reading, refused.sentence, status=refused.status)
    rows = verdicts(numbers, reading)
    if "xlsx" in request.POST:
        return workbook(rows, reading)
    return page(request, query, reading, rows=rows, numbers=numbers)


def numbers_sent(request: HttpRequest, reading: ReadAt) -> list[str]:
    """Within the limit of this network; raises NotTaken."""
    who = network(client_address(request))
    if not ASKED.take(who):
        raise NotTaken(f"您这里查得太频繁，请 {ASKED.wait()}后再试；单个编号仍可在「证书核验」查。", 429)
    numbers = numbers_of(texts_sent(request), reading)
    if not numbers:
        raise NotTaken("没有读到编号。请粘贴编号，每行一个，或选一个含有「证书编号」一列的表格。")
    if len(numbers) > MOST_NUMBERS:
        raise NotTaken(f"一次最多核验 {MOST_NUMBERS} 个编号，这里超过了。请分几次核验。")
    return numbers


def texts_sent(request: HttpRequest) -> list[str]:
    pasted = request.POST.get("numbers", "")
    if len(pasted) > LONGEST:
        raise NotTaken(f"粘贴的文字超过 {LONGEST // 10_000} 万字。请只粘贴编号一列，每行一个。")
    texts = pasted.splitlines()
    if any(len(text) > LONGEST_LINE for text in texts):
        raise NotTaken(f"有一行超过 {LONGEST_LINE:,} 字。请每行写一个编号。")
    if upload := request.FILES.get("file"):
        try:
            texts += numbers_in_file(upload)
        except Refused as refused:
            raise NotTaken(refused.sentence) from refused
    # One sign may stand for eighteen (ﷺ), and each is read as what it stands for.
    if sum(len(normalize("NFKC", text)) for text in texts) > LONGEST:
        raise NotTaken(f"全部文字展开后超过 {LONGEST // 10_000} 万字。请只给编号一列，每行一个。")
    return texts


def page(
    request: HttpRequest,
    query: Query,
    reading: ReadAt,
    refusal: str = "",
    *,
    rows: list[Verdict] | None = None,
    numbers: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "rows": rows or [],
        "written": "\n".join(numbers) if numbers else request.POST.get("numbers", "")[:LONGEST],
        "refusal": refusal,
        "most": MOST_NUMBERS,
        "reading": reading,
        "query": query,
        "crumbs": [("证书核验", "/check/"), ("批量核验", None)],
    }
    return render(request, "site/check_many.html", context, status=status)


def workbook(rows: list[Verdict], reading: ReadAt) -> HttpResponseBase:
    _names, sources, source = zip(*source_of(reading), strict=True)
    headings = (*HEADINGS, *sources)
    days = [heading == "有效期至" for heading in headings]
    about = [("内容", "批量核验的结果"), *zip(sources, source, strict=True)]
    table = Table(headings, days, about, reading.day)
    response = FileResponse(
        as_xlsx(table, ((*row.cells, *source) for row in rows)), content_type=TYPES["xlsx"]
    )
    name = f"check-{reading.edition}-{reading.day}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
