"""The tables of a report as files, and the report on paper."""

import csv
import logging
from collections.abc import Iterator
from io import StringIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.publication.exporting.columns import DEMONSTRATION
from catalog.publication.exporting.expressions import harmless
from catalog.publication.exporting.writing import TYPES
from portal.core.accounts.addresses import client_address
from portal.core.files.shown import disposition
from portal.core.pages.context import is_demonstration
from portal.core.pages.reading import PARAMETERS
from portal.core.proof.limits import EVERYBODY, HOUR, Limit, network
from portal.core.replicas import public_reading
from portal.core.typesetting import TypesettingError
from portal.core.workbook import Cell, Table, as_xlsx

from .models import ReportVersion
from .paper import paper
from .shown import Shown
from .views import Reports

HEADINGS = ("部分", "指标", "单位", "本年", "上一年", "本年的行", "上一年的行")
WITHDRAWN = "本报告已撤下"
SET = Limit("reports-pdf", 60, HOUR)
OF_ALL = Limit("reports-pdf-of-all", 3_000, HOUR)
logger = logging.getLogger(__name__)


@require_safe
@cache_control(no_store=True)
@public_reading
def file(request: HttpRequest, year: int, place: str, extension: str) -> HttpResponse:
    """Of the version that the page of the report shows at that moment."""
    writers = {"csv": as_csv, "xlsx": as_workbook, "pdf": as_pdf}
    if extension not in writers:
        raise Http404
    pages = Reports(request)
    pages.query.refuse_unknown(single=PARAMETERS)
    number = pages.number_of(year, place)
    versions = pages.versions(number)
    return writers[extension](pages, versions[0]) if versions else pages.came_later(number)


def as_csv(pages: Reports, version: ReportVersion) -> HttpResponse:
    """UTF-8 with a byte order mark, without which Excel guesses another encoding."""
    text = StringIO("\ufeff")
    text.seek(0, 2)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in (*withdrawn(version), *rows(version)):
        writer.writerow([harmless(str(cell)) for cell in row])
    return _file(text.getvalue().encode(), "csv", version)


def as_workbook(pages: Reports, version: ReportVersion) -> HttpResponse:
    assert version.counted_on is not None  # noqa: S101 - what is public was counted
    assert version.last_day is not None  # noqa: S101 - and so up to some day
    about: list[tuple[str, str | int]] = [
        ("内容", version.title),
        ("报送单位", version.unit),
        ("版号", version.from_edition_id or 0),
        ("统计于第几版", version.counted_edition),
        ("截至日期", version.last_day.isoformat()),
        ("统计于", version.counted_on.isoformat()),
        *([(WITHDRAWN, version.change_note)] if version.is_withdrawn else []),
        *([("说明", DEMONSTRATION)] if is_demonstration(pages.request) else []),
    ]
    table = Table(HEADINGS, [False] * len(HEADINGS), about, version.counted_on)
    with as_xlsx(table, rows(version)) as made:
        return _file(made.read(), "xlsx", version)


def as_pdf(pages: Reports, version: ReportVersion) -> HttpResponse:
    for limit, whom in ((SET, network(client_address(pages.request))), (OF_ALL, EVERYBODY)):
        if not limit.take(whom):
            return _refused(
                pages, version, f"取 PDF 太频繁，请 {limit.wait()}后再试；这一页照常可以打印。", 429
            )
    try:
        content = paper(version, is_demonstration=is_demonstration(pages.request))
    except TypesettingError:
        logger.exception("The report %s was not set", version.key)
        return _refused(pages, version, "PDF 现在排不出来，我们已经记下。请直接打印这一页。", 503)
    return _file(content, "pdf", version)


def withdrawn(version: ReportVersion) -> list[list[Cell]]:
    """What says so in the rows themselves, where it was withdrawn; as wide as they are."""
    return [[WITHDRAWN, version.change_note, *[""] * (len(HEADINGS) - 2)]] if version.is_withdrawn else []


def rows(version: ReportVersion) -> Iterator[list[Cell]]:
    """The figures, then those of each region, each with the address of its rows."""
    for group in Shown(version).groups:
        for line in group.lines:
            sides = [line.now, line.before]
            words = [_number(side.words) if side else "" for side in sides]
            hrefs = [settings.SITE_URL + side.href if side and side.href else "" for side in sides]
            yield [group.label, line.label, line.unit, *words, *hrefs]
    for row in Shown(version).region_rows:
        for column, (count, href) in zip(version.columns, row.cells, strict=True):
            address = settings.SITE_URL + href if href else ""
            yield [f"各地·{row.name}", column.label, column.unit, count, "", address, ""]


def _number(words: str) -> Cell:
    """A whole number as one: a spreadsheet adds it up."""
    plain = words.replace(",", "")
    return int(plain) if plain.isdecimal() else words


def _refused(pages: Reports, version: ReportVersion, sentence: str, status: int) -> HttpResponse:
    context = pages.context_of(version, pages.versions(version.report_id)) | {"refusal": sentence}
    return pages.answer(f"{pages.template}_detail.html", context, status=status)


def _file(content: bytes, extension: str, version: ReportVersion) -> HttpResponse:
    types = {**TYPES, "pdf": "application/pdf"}
    response = HttpResponse(content, content_type=types[extension])
    stem = f"{version.year}-{version.report.place}-{version.from_edition_id}.{extension}"
    response["Content-Disposition"] = disposition(f"年度报告-{stem}", plain=f"report-{stem}")
    return response
