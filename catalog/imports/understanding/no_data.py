"""Rows that hold something and are no data: notes, sums, headings again, and who signed below the list."""

import datetime
import re

from ..reading.sheets import Cell
from .cell_text import is_blank

_NOTE = re.compile(
    r"\s*[(（]?(?:合\s*计|总\s*计|小\s*计|共\s*计|注\s*[:：1一]|备\s*注|说\s*明|填\s*表|制\s*表|审\s*核|联系人|以上|以下|本表|填报|单位[:：]|第.{1,4}页)"
)
_TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计)")
_NUMBERED = re.compile(r"\s*[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
_SIGNED = re.compile(
    r"\s*(?:填\s*表|填\s*报|制\s*表|编\s*制|审\s*核|复\s*核|审\s*批|批\s*准|校\s*对|经\s*办|负\s*责|联\s*系|单\s*位|日\s*期)"
    r"\s*(?:人|单位|部门|电话|方式|日期|时间)?\s*(?:[(（][^()（）]*[)）])?\s*[:：]"
)
_HELP = re.compile(
    r"\s*[*＊]?\s*(?:(?:非?必[填选]|选填|可选|可不填|下拉选择|文本|日期|数字|自动生成)项?|[(（【\[][^()（）【】\[\]]*[)）】\]]"
    r"|(?:年|yyyy|xxxx)\s*[-/.年]?\s*(?:月|mm|xx)\s*[-/.月]?\s*(?:日|dd|xx)?日?)\s*",
    re.I,
)
_EXAMPLE = re.compile(r"\s*[(（]?(?:填写)?(?:示例|样例|范例|举例|例如|例)(?:行|数据)?\s*[:：)）]")
_FEWEST_HELPED = 3
_LONGEST_SIGNATURE = 4  # characters of a name in the cell beside its label
_DAY_WRITTEN = re.compile(r"\s*\d{4}\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?\s*")


def _is_of_a_signature(cell: Cell) -> bool:
    """「审核人：李四」, a day, or a name in the cell beside its label."""
    if not isinstance(cell, str):
        return isinstance(cell, datetime.date)
    return (
        bool(_SIGNED.match(cell) or _DAY_WRITTEN.fullmatch(cell)) or len(cell.strip()) <= _LONGEST_SIGNATURE
    )


def why_no_data(cells: list[Cell], *, is_banner: bool, heading: frozenset[Cell]) -> str:
    """Why a row with content is no row of data; '' when it is one."""
    filled = [cell for cell in cells if not is_blank(cell) and not isinstance(cell, list)]
    if not filled:
        return ""
    first = filled[0] if isinstance(filled[0], str) else ""
    if len(filled) == 1 and first and (is_banner or _NOTE.match(first) or _NUMBERED.match(first)):
        return "说明或小标题"
    if len(filled) >= _FEWEST_HELPED and all(
        isinstance(cell, str) and _HELP.fullmatch(cell) for cell in filled
    ):
        return "填写要求"
    if len(filled) >= _FEWEST_HELPED and _EXAMPLE.match(first):
        return "填写示例"
    if _TOTAL.match(first) and len(filled) <= 4:
        return "合计行"
    if _SIGNED.match(first) and all(map(_is_of_a_signature, filled)):
        return "填表人、审核人等的落款"
    same = sum(1 for cell in filled if cell in heading)
    if same >= 2 and same * 2 >= len(heading):
        return "重复的标题行"
    return ""
