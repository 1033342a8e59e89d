"""The lines of a batch to circulate: as a workbook, and as a paper to sign with its digest on every page."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from catalog.publication.compiling.numbering import publisher_name
from catalog.publication.models import Batch
from portal.core.editions import clock
from portal.core.editions.digest import canonical
from portal.core.editions.models import Edition
from portal.core.pages.templatetags.pages import cn_day, grouped
from portal.core.typesetting import TypesettingError, typeset
from portal.core.workbook import Table, as_xlsx

from .batch_views import batch_href, with_batch
from .lines import BatchLines, whole
from .shown import ShownLine

LAYOUT = Path(__file__).parent / "sheet.typ"
MOST_ON_PAPER = 3_000  # lines: some 120 pages
HEADINGS = (
    "行",
    "动作",
    "名册",
    "名称",
    "编号或代码",
    "企业",
    "所在地",
    "与公开的相比",
    "公布后的内容",
    "原因",
    "来源",
    "行摘要",
)


@require_safe
@with_batch
def workbook(request: HttpRequest, batch: Batch) -> HttpResponseBase:
    """Every line, as they stand on the page."""
    rows = list(_rows(whole(batch)))
    table = Table(HEADINGS, [False] * len(HEADINGS), about(batch, rows), clock.today())
    file = as_xlsx(table, (_cells(row) for row in rows))
    return FileResponse(file, as_attachment=True, filename=_name(batch, "xlsx"))


@require_safe
@with_batch
def paper(request: HttpRequest, batch: Batch) -> HttpResponse:
    lines = whole(batch)
    if lines.total > MOST_ON_PAPER:
        messages.error(
            request,
            f"超过 {MOST_ON_PAPER:,} 行，打印出来没有人看得完。请导出 XLSX，在「说明」里有同一个摘要。",
        )
        return redirect(batch_href(batch))
    rows = list(_rows(lines))
    try:
        content = typeset(
            LAYOUT,
            {
                **paper_data(batch, lines),
                "rows": [_printed(row) for row in rows],
                "digest": digest_words(batch, rows),
            },
        )
    except TypesettingError:
        messages.error(request, "这份表有字排不出来，没有生成。请导出 XLSX，并告诉管理员。")
        return redirect(batch_href(batch))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_name(batch, "pdf")}"'
    return response


def about(batch: Batch, rows: list[ShownLine]) -> list[tuple[str, str | int]]:
    return [
        ("批次", f"{batch.title}（{batch.slug}）"),
        ("发布方", publisher_name(batch.publisher)),
        ("状态", batch.get_state_display()),
        ("依据", batch.basis),
        ("行数", len(rows)),
        ("摘要", digest_words(batch, rows)),
    ]


def digest_words(batch: Batch, rows: list[ShownLine]) -> str:
    """What names these lines: of a draft only these sheets, so that two papers can be told apart."""
    if batch.digest:
        return f"批次摘要 {grouped(batch.digest)}"
    return f"草稿，未冻结；本表摘要 {grouped(hashlib.sha256(canonical([_cells(row) for row in rows])).hexdigest())}"


def paper_data(batch: Batch, lines: BatchLines) -> dict[str, Any]:
    told = "，".join(f"{group.action.label} {group.count:,}" for group in lines.groups())
    return {
        "title": batch.title,
        "facts": [
            f"编号 {batch.slug}，{publisher_name(batch.publisher)}，{batch.get_kind_display()}，{batch.get_state_display()}",
            f"共 {lines.total:,} 行：{told}" if told else "没有行",
            f"依据：{batch.basis}" if batch.basis else "",
            f"与公开的第{Edition.objects.current_number()}版相比；{cn_day(clock.today())}打印",
        ],
        "signers": ["编制", "复核", "批准"],
    }


def _rows(lines: BatchLines) -> Iterator[ShownLine]:
    yield from lines.rows("", "", 0, lines.total)


def _compared(row: ShownLine) -> str:
    return (
        "；".join(f"{change.label}：{change.before} → {change.after}" for change in row.changes) or row.fresh
    )


def _cells(row: ShownLine) -> list[Any]:
    return [
        row.place,
        row.action.label,
        row.label,
        row.name,
        row.number,
        row.enterprise,
        getattr(row.line, "division_name", ""),
        _compared(row),
        row.content,
        row.why,
        row.origin,
        row.line.digest,
    ]


def _printed(row: ShownLine) -> list[str]:
    told = "；".join(part for part in (_compared(row), row.why) if part)
    return [str(row.place), row.action.label, row.label, row.name, row.enterprise or row.number, told]


def _name(batch: Batch, extension: str) -> str:
    return f"{re.sub('[^0-9A-Za-z-]', '', batch.slug)}-{clock.today():%Y%m%d}.{extension}"
