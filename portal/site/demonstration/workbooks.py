"""Writes the workbooks of the demonstration, each laid out as another office would: the real importer reads them."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from .world import BODY_NAME, BODY_SHORT_NAME, Item, Maker, Paper

STAR_WORDS = {"1": "一星级", "2": "二星级", "3": "三星级", "green": "绿色产品"}
STAR_SIGNS = {"1": "★", "2": "★★", "3": "★★★", "green": "绿色产品"}
STAR_DIGITS = {"1": "1星", "2": "2星", "3": "3星", "green": "绿色产品"}

Cell = str | int | datetime.date | None
Columns = Sequence[tuple[str, Callable[..., Cell]]]


@dataclass(frozen=True)
class Layout:
    """The heading words of a workbook in their order, and how each cell is written."""

    columns: Columns
    rows_above: int = 1  # title rows over the heading


def _of_paper(write: Callable[[Paper], Cell]) -> Callable[[Item], Cell]:
    return lambda item: write(item.paper) if item.paper else None


def _dotted(day: datetime.date) -> str:
    return f"{day.year}.{day.month}.{day.day}"


def _in_words(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


DIRECTORY = Layout(
    columns=(
        ("企业名称", lambda maker: maker.name),
        ("统一社会信用代码", lambda maker: maker.uscc),
        ("行政区划代码", lambda maker: maker.division),
        ("单位电话", lambda maker: maker.phone),
        ("销售范围", lambda maker: "全国" if maker.number % 3 else ""),
    )
)
BY_CERTIFICATION = Layout(
    columns=(
        ("企业名称", lambda item: item.maker.name),
        ("统一社会信用代码", lambda item: item.maker.uscc),
        ("产品类别", lambda item: item.category_word),
        ("产品名称", lambda item: item.name),
        ("品牌", lambda item: item.maker.brand),
        ("规格型号", lambda item: item.models),
        ("认证机构", lambda item: BODY_NAME),
        ("证书编号", _of_paper(lambda paper: paper.number)),
        ("认证等级", _of_paper(lambda paper: STAR_WORDS[paper.star])),
        ("发证日期", _of_paper(lambda paper: paper.issued_on)),
        ("有效期至", _of_paper(lambda paper: paper.valid_until)),
        ("认证依据标准", _of_paper(lambda paper: paper.standard)),
        ("认证委托人", lambda item: item.maker.name if item.paper else None),
        ("制造商", lambda item: item.maker.name if item.paper else None),
        ("生产厂", lambda item: item.maker.factory if item.paper else None),
    )
)
BY_NUMBER = Layout(
    columns=(
        ("证书号", _of_paper(lambda paper: paper.number)),
        ("获证企业", lambda item: item.maker.name),
        ("信用代码", lambda item: item.maker.uscc.lower()),
        ("品类", lambda item: item.category_word),
        ("获证产品名称", lambda item: item.name),
        ("型号规格", lambda item: item.models),
        ("商标", lambda item: item.maker.brand),
        ("发证机构", lambda item: BODY_SHORT_NAME),
        ("星级", _of_paper(lambda paper: STAR_SIGNS[paper.star])),
        ("证书有效期", _of_paper(lambda paper: paper.range)),
    ),
    rows_above=2,
)
BY_MAKER = Layout(
    columns=(
        ("生产企业", lambda item: item.maker.name),
        ("产品类别", lambda item: item.category_word),
        ("产品名称", lambda item: item.name),
        ("规格", lambda item: item.models),
        ("品牌", lambda item: item.maker.brand),
        ("等级", _of_paper(lambda paper: STAR_DIGITS[paper.star])),
        ("认证机构", lambda item: BODY_SHORT_NAME),
        ("证书编号", _of_paper(lambda paper: paper.number)),
        ("发证时间", _of_paper(lambda paper: _dotted(paper.issued_on))),
        ("到期日期", _of_paper(lambda paper: _in_words(paper.valid_until))),
    ),
    rows_above=0,
)
LOCAL = Layout(
    columns=(
        *BY_CERTIFICATION.columns,
        ("地方技术要求", lambda item: item.requirement),
    )
)


def written(title: str, layout: Layout, rows: Sequence[Maker] | Sequence[Item]) -> bytes:
    """An .xlsx file: title rows merged over the whole width, a numbered heading, the rows."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        sheet = workbook.add_worksheet("清单")
        day_format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row in range(layout.rows_above):
            sheet.merge_range(row, 0, row, len(layout.columns), title if row == 0 else "（演示数据）")
        sheet.write_row(layout.rows_above, 0, ["序号", *(word for word, _write in layout.columns)])
        for place, row_data in enumerate(rows, start=1):
            sheet.write(layout.rows_above + place, 0, place)
            for column, (_word, write) in enumerate(layout.columns, start=1):
                _write_cell(sheet, layout.rows_above + place, column, write(row_data), day_format)
    return buffer.getvalue()


def _write_cell(sheet, row: int, column: int, value: Cell, day_format) -> None:
    if isinstance(value, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), day_format)
    elif value:
        sheet.write(row, column, value)
