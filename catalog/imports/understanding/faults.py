"""What is wrong with a cell, a row or a sheet: a stable rule id, where it is, and what to do about it."""

from typing import Any, NamedTuple

from catalog.fields.invalid import SENTENCES as VALUE_SENTENCES

from ..reading.cells import address

SENTENCES = VALUE_SENTENCES | {
    # the sheet
    "heading-ambiguous": "有两列都像是「{label}」：{columns}。请删去或改名其中一列，或在页面上指定用哪一列。",
    "tables-side-by-side": "这张工作表并排放了几张表：{left}，{right}。请把右边的表移到左边的下面，或另放一张工作表，再上传。",
    "column-missing": "缺少「{label}」列，{count} 行新内容因此不能导入。请补上这一列，或在页面上指定由哪一列充当。",
    "too-many-data-rows": "数据共 {count} 行，超过上限 {limit} 行。请拆成几个文件，分别导入同一批次。",
    # one cell by itself
    "empty": "「{label}」没有填写。请补上，或删去这一行。",
    "became-date": "Excel 把「{label}」变成了日期。请把该列设为「文本」格式后按原样重新填写。",
    "cell-error": "单元格是公式错误值。请改正公式，或直接填写内容。",
    "formula-without-value": "单元格只有公式，没有算出的结果。请用 Excel 打开并保存一次，或直接填写内容。",
    "number-format": "单元格的数字格式太特别，看不出它显示成什么。请把该列设为「文本」格式，照显示的样子重新填写。",
    "undecodable": "有一个字在文件里已经损坏，无法还原。请重新填写这一格。",
    "row-too-wide": "这一行比标题多 {count} 格，各列因此错位，多半是内容里有没加引号的分隔符，或少了一截。请核对这一行。",
    "row-remainder": "这一行只有「{label}」，多半是上一行没写完的。请并入上一行，或把这一行补全。",
    "several-certificates": "一格里有 {count} 个证书编号。请每个证书写一行。",
    "years-without-issue": "只写了年限，没有发证日期，推算不出到期的日子。请填写有效期至的日期。",
    "serial": "“{value}”不是清单编号。清单编号是七位数字加一位校验位，如 0000127-5；新产品请留空。",
    # the enterprise
    "uscc-bad-check": "{reason}确认证照无误的，请先在企业登记中写明「证照核对一致」再导入。",
    "uscc-nonconforming-check": "{reason}核对一致的，请先在企业登记中写明「证照核对一致」再导入。",
    "enterprise-unknown": "企业名录里没有“{value}”。{hint}请核对名称或信用代码；确是新企业的，请先导入企业名录。",
    "enterprise-ambiguous": "有 {count} 家企业叫这个名称或曾用名。请补上统一社会信用代码。",
    "enterprise-mismatch": "名称与信用代码不是同一家：该代码登记的是「{name}」。请核对哪一个写错了。",
    "name-of-another": "名称与「{code}」登记的企业相同，信用代码却不同。请核对信用代码；确是更换代码的，请由登记人员办理。",
    "division-unknown": "“{value}”不是{within}的行政区划。请填写现行的省、市、县（区）名称，不清楚就留空。",
    "division-ambiguous": "“{value}”在几个地方都有（{places}）。请写明省、市。",
    # the certificate and the product
    "body-unknown": "没有登记名为“{value}”的认证机构。请核对全称或简称；确是新机构的，请先登记认证机构。",
    "category-unknown": "品类目录里没有“{value}”。请按目录填写产品类别{hint}。",
    "requirement-unknown": "没有登记名为“{value}”的地方技术要求。请核对名称，或先登记该技术要求。",
    "basis-missing": "既没有证书编号，也没有地方技术要求。产品须有一项依据，请补上其中一项。",
    "basis-double": "证书编号和地方技术要求只能填一项。请删去其中一项。",
    "dates-reversed": "有效期至早于发证日期（{issued}）。请核对两个日期。",
    "certificate-conflict": "同一证书在{where}写的「{label}」是“{other}”，与此处不同。请核对后统一。",
    "certificate-expired": "证书已于 {until} 到期，不能列入。请换用新证书，或删去这一行。",
    "certificate-not-valid": "证书已{state}，不能列入。请删去这一行，或核对证书状态。",
    "status-undated": "证书{state}须有状态日期。请补上「状态日期」列。",
    "serial-unknown": "没有编号为 {value} 的产品。请核对清单编号；新产品请留空。",
    "serial-of-another": "编号 {value} 是「{name}」（{enterprise}），与本行的企业不符。请核对清单编号。",
    "identity-taken": "同一企业、同一证书下已有同名同型号的产品（{number}）。请核对清单编号，或删去这一行。",
    # more than once
    "name-twice": "与{where}同名，信用代码却不同。请核对两行的信用代码。",
    "duplicate-in-file": "与{where}重复。请只留一行。",
    "duplicate-in-draft": "同一批次已由「{file}」导入过，内容不同（{difference}）。请核对；要以本文件为准，请先撤回那次导入。",
}


# Values that were taken, though not as they stand: told beside those that were left out.
MENDED = {
    "mended-float": "是程序写成的小数，按 {taken} 读取。",
    "mended-number": "只取编号 {taken}，旁边的说明没有采用。",
    "mended-mark": "只取「{taken}」，旁边的记号没有采用。",
    "mended-code": "只取信用代码 {taken}，其余没有采用。",
    "mended-phone": "只取电话号码，旁边的姓名和说明没有采用。",
    "mended-contact": "号码记作联系人电话，姓名记作联系人。",
    "mended-maker": "按名录里的「{name}」认定，“{rest}”没有采用。",
    "mended-years": "只写了年限，按发证日期推算：{issued} 起 {term}，到 {until} 止（含当日）。",
    "mended-name": "名称取「{name}」，“{rest}”不计在内{former}。",
    "mended-category": "产品类别取自上面的小标题「{section}」。",
    "mended-place": "只取到「{place}」，“{rest}”没有采用。",
}
SENTENCES |= MENDED


class Fault(NamedTuple):
    """One fault. `column` 0 means the row as a whole, `row` 0 the sheet as a whole."""

    rule: str
    sheet: str
    row: int
    column: int
    value: str
    message: str

    @property
    def cell(self) -> str:
        return address(self.sheet, self.row, self.column) if self.row else self.sheet

    def as_dict(self) -> dict[str, str]:
        return {"rule": self.rule, "cell": self.cell, "value": self.value, "message": self.message}


def sentence(rule: str, /, **values: Any) -> str:
    return SENTENCES[rule].format_map(_Known(values))


class _Known(dict):
    """Leaves out what a caller does not know, instead of failing on the way to tell somebody of a fault."""

    def __missing__(self, key: str) -> str:
        return ""
