"""Why a whole file is refused: a stable rule id and a sentence that says what to do."""

from collections import defaultdict
from typing import Any

SENTENCES = {
    "file-missing": "找不到文件「{name}」。请检查文件名和路径。",
    "file-empty": "文件是空的，没有任何内容。请确认选对了文件后再上传。",
    "file-too-large": "文件有 {size} MB，超过上限 {limit} MB。请删去图片和无关内容，或拆成几个文件分别上传。",
    "not-a-workbook": "文件内容是{what}，不是表格。请用 Excel 或 WPS 打开名单，另存为 .xlsx 后再上传。",
    "renamed-program": "文件内容是可执行程序，只是改了扩展名，已拒绝读取。请不要打开它，并向发件人核实来源。",
    "web-table": "文件扩展名像表格，内容其实是{what}，没有从中读出清单。请用 Excel 或 WPS 打开它，核对后另存为 .xlsx 再上传。",
    "old-format": "不支持{what}格式。请用 Excel 或 WPS 打开它，另存为 .xlsx 后再上传。",
    "encrypted": "文件设了打开密码，无法读取。请在 Excel 里取消密码（文件 → 信息 → 保护工作簿）后再上传。",
    "macros": "文件含有宏，已拒绝读取。请另存为不带宏的 .xlsx（保存类型选「Excel 工作簿」）后再上传。",
    "truncated": "文件不完整，可能没有传完或下载中断。请重新取得文件后再上传。",
    "broken-workbook": "文件已损坏，无法读取（{what}）。请用 Excel 或 WPS 打开并另存为新的 .xlsx 后再上传。",
    "zip-bomb": "文件展开后有 {size} MB，超过上限 {limit} MB，与它的大小不相称，已拒绝读取。"
    "请把数据复制到新建的工作簿，另存后再上传。",
    "entity-declaration": "文件里有表格不该有的声明（{part} 中的 DTD），已拒绝读取。请用 Excel 重新另存为 .xlsx 后再上传。",
    "too-many-parts": "文件由 {count} 个部件组成，超过上限 {limit} 个。请把数据复制到新建的工作簿，另存后再上传。",
    "too-many-sheets": "文件有 {count} 张工作表，超过上限 {limit} 张。请只留下要导入的工作表，或拆成几个文件。",
    "too-many-rows": "「{sheet}」超过 {limit} 行的上限。请拆成几个文件，分别导入同一批次。",
    "too-many-columns": "「{sheet}」的 {cell} 有内容，超过 {limit} 列的上限。请删去名单用不着的列后再上传。",
    "far-cell": "「{sheet}」的 {cell} 有内容，离表格太远，多半是误输入。请清除该单元格（或删除表格之外的行列）后再上传。",
    "too-many-merges": "「{sheet}」有 {count} 处合并单元格，超过上限 {limit} 处。请取消合并后再上传。",
    "cell-too-long": "「{sheet}」的 {cell} 有 {size} 个字，超过单元格上限 {limit} 字。请缩短后再上传。",
    "unknown-encoding": "无法识别文字编码：第 {line} 行既不是 UTF-8 也不是 GB18030。请另存为 .xlsx，或「CSV UTF-8」后再上传。",
    "mixed-encodings": "文件里有两种文字编码：第 {line} 行是 {one}，其余各行是 {rest}，多半是几个文件拼在了一起。"
    "请用 Excel 打开各个原文件，合成一张表后另存为 .xlsx 再上传。",
    "unclosed-quote": "第 {line} 行起有一个双引号没有配对，后面的内容都被当成了同一格。请补上或删去这个引号后再上传。",
    "line-too-long": "第 {line} 行有一格超过 {limit} 个字的上限，多半不是表格。请用 Excel 打开原表，另存后再上传。",
    "too-slow": "文件结构异常，规定的处理时间内读不完，已停止读取。请把数据复制到新建的工作簿，另存后再上传。",
    "machine-busy": "服务器正忙，没能在规定时间内读完，与文件无关。请过几分钟再上传；仍不行时请联系管理员。",
    "too-much-memory": "文件内容太多，读取时超过内存上限，已停止。请删去用不着的列，或拆成几个文件分别导入。",
    "no-heading-row": "没有一张工作表有可识别的标题行（{sheets}{read_as}）。标题行至少要有「{needed}」和另外一列，请补上后再上传。",
    "no-rows": "标题行下面没有数据行（{sheets}）。请确认选对了文件后再上传。",
}


class Refused(Exception):
    """The file as a whole is not taken; nothing of it was saved."""

    def __init__(self, rule: str, **values: Any):
        self.rule = rule
        self.values = values
        self.sentence = SENTENCES[rule].format_map(defaultdict(str, values))
        super().__init__(f"{rule}: {self.sentence}")
