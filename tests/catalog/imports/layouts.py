"""Fourteen workbooks as fourteen offices would send them: each lists two products of its own under one maker."""

import datetime
from collections.abc import Callable
from pathlib import Path

from catalog.enterprises.models import Enterprise

from .workbooks import write_csv, write_xls, write_xlsx

END = datetime.date(2029, 6, 5)
START = datetime.date(2024, 6, 6)
Layout = Callable[[Path, Enterprise, int], Path]


def _names(number: int) -> list[tuple[str, str]]:
    """Product and certificate number of the two rows of workbook `number`."""
    return [(f"第{number}册产品{row}", f"CTC-{number:02d}-{row}") for row in (1, 2)]


def plain(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        ["序号", "企业名称", "产品类别", "产品名称", "规格型号", "认证机构", "证书编号", "星级", "有效期至"]
    ]
    rows += [
        [n, maker.name, "纸面石膏板", name, "9.5mm", "国检集团", code, "三星级", "2029-06-05"]
        for n, (name, code) in enumerate(_names(number), 1)
    ]
    return write_xlsx(folder / "01.xlsx", {"Sheet1": rows})


def under_titles(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        ["2026年绿色建材下乡活动产品清单"],
        ["填报单位：示例省工信厅", "", "", "填报日期：2026年6月6日"],
        [],
    ]
    rows += [["企业", "品类", "产品", "型号规格", "发证机构", "证书号", "等级", "有效期"]]
    rows += [
        [maker.name, "防水卷材", name, "", "CTC", code, "★★★", "2029/6/5"] for name, code in _names(number)
    ]
    rows += [["合计", "", "2"], ["注：证书信息以认e云为准。"]]
    return write_xlsx(folder / "02.xlsx", {"清单": rows}, {"清单": ["A1:H1"]})


def in_reverse(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        ["有效期至", "星级", "证书编号", "认证机构", "规格型号", "产品名称", "产品类别", "企业名称"]
    ]
    rows += [[END, 3, code, "国检集团", "A", name, "水嘴", maker.name] for name, code in _names(number)]
    return write_xlsx(folder / "03.xlsx", {"清单": rows})


def two_heading_rows(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        ["序号", "企业信息", "", "产品信息", "", "", "证书信息", "", "", ""],
        ["", "名称", "信用代码", "名称", "类别", "型号", "编号", "发证机构", "星级", "有效期限"],
    ]
    rows += [
        [n, maker.name, maker.uscc, name, "墙面涂料", "B", code, "CQC", "二星级", "2024.6.6-2029.6.5"]
        for n, (name, code) in enumerate(_names(number), 1)
    ]
    return write_xlsx(folder / "04.xlsx", {"清单": rows}, {"清单": ["A1:A2", "B1:C1", "D1:F1", "G1:J1"]})


def csv_with_bom(folder: Path, maker: Enterprise, number: int) -> Path:
    lines = ["获证企业,产品种类,获证产品名称,规格,认证机构名称,证书编号,认证等级,证书有效期"]
    lines += [
        f'{maker.name},砌体材料,{name},"390×190×190, 240×115×53",国检集团,{code},3星,2029年6月5日'
        for name, code in _names(number)
    ]
    return write_csv(folder / "05.csv", "\r\n".join(lines), "utf-8-sig")


def csv_of_old_excel(folder: Path, maker: Enterprise, number: int) -> Path:
    lines = ["单位名称,产品类别,产品名称,型号,颁证机构,证书编号,星级,到期日期"]
    lines += [f"{maker.name},石材,{name},,国检,{code},二星,2029/6/5" for name, code in _names(number)]
    return write_csv(folder / "06.csv", "\n".join(lines), "gb18030")


def old_workbook(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        ["生产企业", "类别", "产品名称", "规格型号", "发证机构", "证书编号", "星级", "发证日期", "有效期至"]
    ]
    rows += [
        [maker.name, "钢质户门", name, "M1", "国检集团", code, "一星级", START, END]
        for name, code in _names(number)
    ]
    return write_xls(folder / "07.xls", {"清单": rows})


def several_sheets(folder: Path, maker: Enterprise, number: int) -> Path:
    heading: list = ["企业名称", "产品类别", "产品名称", "认证机构", "证书编号", "星级", "有效期至"]
    one, two = [
        [maker.name, "建筑陶瓷", name, "国检集团", code, "三星级", "2029-06-05"]
        for name, code in _names(number)
    ]
    notes = [["填表说明"], ["1. 请按证书填写。"]]
    return write_xlsx(
        folder / "08.xlsx", {"填表说明": notes, "A市": [heading, one], "B市": [["B市清单"], heading, two]}
    )


def merged_makers(folder: Path, maker: Enterprise, number: int) -> Path:
    (one, first), (two, second) = _names(number)
    rows: list[list] = [
        [
            "序号",
            "申报企业",
            "统一社会信用代码",
            "产品类别",
            "产品名称",
            "认证机构",
            "证书编号",
            "星级",
            "有效期至",
        ],
        [1, maker.name, maker.uscc, "水嘴", one, "国检集团", first, "三星级", "2029-06-05"],
        ["", "", "", "水嘴", two, "国检集团", second, "三星级", "2029-06-05"],
    ]
    return write_xlsx(folder / "09.xlsx", {"清单": rows}, {"清单": ["A2:A3", "B2:B3", "C2:C3"]})


def noisy_headings(folder: Path, maker: Enterprise, number: int) -> Path:
    heading: list = [
        "*企业\n名称（全称）",
        "产品类别（51类）：",
        "产 品 名 称",
        "规格\n型号",
        "发证机构",
        "绿色建材产品认证证书编号",
        "星级（一/二/三）",
        "有效期（至）",
    ]
    rows: list[list] = [
        [maker.name, "LED照明产品", name, "C", "中国质量认证中心", code, "三 星 级", "20290605"]
        for name, code in _names(number)
    ]
    return write_xlsx(folder / "10.xlsx", {"清单": [heading, *rows]})


def one_range_cell(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        [
            "生产厂家",
            "建材种类",
            "产品名称",
            "产品规格",
            "商标",
            "发证机构",
            "证书编号",
            "绿色建材评价标识等级",
            "起止日期",
            "认证依据",
            "证书状态",
            "备注",
        ]
    ]
    rows += [
        [
            maker.name,
            "净水设备",
            name,
            "D",
            "示例牌",
            "CABR",
            code,
            "叁星级",
            "2024年6月6日至2029年6月5日",
            "T/CECS 10068-2019",
            "有效",
            "无",
        ]
        for name, code in _names(number)
    ]
    return write_xlsx(folder / "11.xlsx", {"清单": rows})


def numbers_of_excel(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        ["税号", "产品类别", "产品名称", "规格型号", "认证机构", "证书编号", "星级", "获证日期", "有效期至"]
    ]
    rows += [
        [maker.uscc, "雨水处理设备", name, 600, "国检集团", code, 2, 20240606, 47274]
        for name, code in _names(number)
    ]
    return write_xlsx(folder / "12.xlsx", {"清单": rows})


def text_with_tabs(folder: Path, maker: Enterprise, number: int) -> Path:
    lines = ["企业名称\t产品类别\t产品名称\t认证机构\t证书编号\t星级\t有效期至"]
    lines += [
        f"{maker.name}\t集成墙面\t{name}\t国检集团\t{code}\t三星级\t2029-06-05"
        for name, code in _names(number)
    ]
    return write_csv(folder / "13.txt", "\r\n".join(lines), "utf-16")


def parties_of_the_certificate(folder: Path, maker: Enterprise, number: int) -> Path:
    rows: list[list] = [
        [
            "认证委托人",
            "制造商",
            "生产厂",
            "产品名称",
            "型号",
            "规格",
            "产品类别",
            "认证机构",
            "证书编号",
            "星级",
            "有效期起",
            "有效期止",
            "手机",
        ]
    ]
    rows += [
        [
            maker.name,
            "示例制造有限公司",
            "示例工厂",
            name,
            "E",
            "大",
            "石膏装饰材料",
            "国检集团",
            code,
            "三星级",
            "2024-06-06",
            "2029-06-05",
            "13812341234",
        ]
        for name, code in _names(number)
    ]
    return write_xlsx(folder / "14.xlsx", {"清单": rows})


LAYOUTS: list[Layout] = [
    plain,
    under_titles,
    in_reverse,
    two_heading_rows,
    csv_with_bom,
    csv_of_old_excel,
    old_workbook,
    several_sheets,
    merged_makers,
    noisy_headings,
    one_range_cell,
    numbers_of_excel,
    text_with_tabs,
    parties_of_the_certificate,
]
