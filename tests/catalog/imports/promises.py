"""What each workbook of ../shared/cases promises, asked of the answer to it."""

MAKER = "示例晨光新能源科技有限公司"  # registered before each workbook is asked about


def empty_formulas(answer):
    assert answer.is_taken(4)
    assert answer.values("models_text") == [""] * 3 + ["R-1"] or set(answer.values("models_text")) <= {
        "",
        "R-1",
    }


def leading_zeros(answer):
    assert answer.is_taken(2)
    assert answer.certificates("number") == ["00123456", "CTC-0017"]


def hidden_row(answer):
    asked = answer.questions()["hidden-rows"]
    assert asked.rows == [3]
    assert "第 3 行" in asked.message
    assert answer.faults == {("3", "hidden-rows")}
    assert answer.code == 2


def shared_formulas(answer):
    assert answer.faults == {(cell, "formula-without-value") for cell in ("E2", "E3", "E4")}


def backslash_quotes(answer):
    assert answer.is_taken(2)
    assert answer.values("models_text")[0] == 'DN15 "1/2" 型, A款'


def inch_marks(answer):
    assert answer.is_taken(3)
    assert answer.values("models_text")[:2] == ['1/2" 球阀', '1/2" 球阀']


def two_encodings(answer):
    assert answer.refused == "mixed-encodings"
    assert all(word in answer.text for word in ("第 3 行", "UTF-8", "GB18030"))


def big5(answer):
    assert "Big5" in answer.text if answer.code == 1 else answer.told["headings"]["企業名稱"] == "name"


def without_mark(answer):
    assert answer.is_taken(1)


def control_character(answer):
    assert answer.faults == {("D3", "hidden-character")}
    assert answer.told["new"] == 1


def floats(answer):
    assert answer.is_taken(2)
    assert answer.certificates("number") == ["20230012", "20230013"]
    assert answer.certificates("star") == ["3", "2"]
    assert answer.told_of("G2") == ["mended-float"]


def dates_of_programs(answer):
    read = {f"J{row}" for row in (2, 3, 5, 6, 7, 11)}
    assert answer.faulty_cells == {f"J{row}" for row in range(2, 12)} - read
    assert {day.isoformat() for day in answer.certificates("valid_until")} == {"2029-06-05"}


def web_table(answer):
    assert answer.is_taken(1)


def spreadsheet_xml(answer):
    assert answer.refused == "web-table"
    assert "XML 表格 2003" in answer.text
    assert "另存为" in answer.text


def three_heading_rows(answer):
    assert answer.outcome.sheets[0].heading.last == 4
    assert answer.is_taken(answer.told["rows"])
    assert answer.certificates("valid_until")[0].isoformat() == "2029-06-05"


def sections(answer):
    assert answer.is_taken(3)
    assert [told.rule for told in answer.outcome.warnings] == ["mended-category"] * 3
    assert len(set(answer.values("category_id"))) == 2


def second_table(answer):
    assert answer.is_taken(4)
    assert answer.values("name") == [f"示例组件{number}" for number in (1, 2, 3, 4)]


def summary_and_parts(answer):
    asked = answer.questions()["sheets-alike"]
    assert [choice for choice, _label in asked.choices] == ["whole", "parts"]
    assert [fault["rule"] for fault in answer.told["faults"]] == ["sheets-alike"]
    assert answer.told["new"] == 2


def hidden_sheet(answer):
    assert "旧版" in answer.questions()["hidden-sheet"].message
    assert answer.told["new"] == 1
    assert answer.code == 2


def years(answer):
    assert answer.is_taken(1)
    assert answer.certificates("valid_until")[0].isoformat() == "2029-06-05"
    assert answer.told_of("I2") == ["mended-years"]


def several_certificates(answer):
    assert answer.faults == {("G2", "several-certificates")}
    assert "每个证书写一行" in answer.told["faults"][0]["message"]


def zero_dates(answer):
    assert answer.told["new"] == 1
    assert answer.faulty_cells == {"I3", "I4"}
    assert "issued_on" not in answer.planned[0].certificate_values


def maker_written_otherwise(answer):
    assert [answer.told_of(f"A{row}") for row in (2, 3, 4)] == [["mended-maker"]] * 3
    assert answer.told["new"] == 3
    assert answer.faults == {("A5", "enterprise-unknown")}
    assert MAKER in answer.told["faults"][0]["message"]


def dittos(answer):
    assert answer.is_taken(3)
    assert len(set(answer.certificates("body_id"))) == 1
    assert set(answer.certificates("star")) == {"3"}


def codes(answer):
    assert answer.faulty_cells == {"C2", "C7", "C8"}
    assert "91350200MA0000001W" in answer.told["faults"][0]["message"]
    assert answer.told["new"] == 4
    assert answer.told_of("C5") == ["mended-code"] == answer.told_of("C6")


def phones(answer):
    assert answer.is_taken(7)
    by_name = {planned.values["name"]: planned.values for planned in answer.planned}
    numbers = {
        "8": ("contact_phone", "13800138000"),
        "9": ("contact_phone", "13800138000"),
        "10": ("phone", "+86-592-1234567、7654321"),
        "11": ("phone", "400-800-8000 转 8"),
        "12": ("phone", "0592-1234567"),
        "13": ("contact_phone", "13800138000"),
        "14": ("contact_phone", "13900139000"),
    }
    for number, (column, kept) in numbers.items():
        assert by_name[f"示例报告{number}建材有限公司"][column] == kept
    assert by_name["示例报告14建材有限公司"]["contact_person"] == "李四"
    assert "张三" not in answer.text
    assert "李四" not in answer.text
    assert answer.told_of("G2") == ["mended-phone"] == answer.told_of("G6")


def about_the_firm(answer):
    headings = answer.told["headings"]
    assert all(headings[name] is None for name in ("企业类型", "经营状态", "营业期限", "单位"))
    assert headings["企业名称"] == "enterprise"
    assert {fault["rule"] for fault in answer.told["faults"]} <= {"column-missing"}


def unit_of_measure(answer):
    assert answer.told["headings"]["单位"] is None
    assert answer.is_taken(1)


def capitals(answer):
    assert answer.is_taken(1)


def cut_character(answer):
    assert answer.faults == {("3", "row-too-wide")}
    assert answer.told["new"] == 1


def leading_zeros_xls(answer):
    assert answer.is_taken(1)
    assert answer.certificates("number") == ["00123456"]


PROMISES = {
    "02b": empty_formulas,
    "03": leading_zeros,
    "04": hidden_row,
    "13": shared_formulas,
    "15": backslash_quotes,
    "15b": inch_marks,
    "16b": two_encodings,
    "17": big5,
    "18": without_mark,
    "19b": control_character,
    "20": floats,
    "21": dates_of_programs,
    "25": web_table,
    "26": spreadsheet_xml,
    "29": three_heading_rows,
    "30": sections,
    "32": second_table,
    "33": summary_and_parts,
    "33b": hidden_sheet,
    "34": years,
    "35": several_certificates,
    "36": zero_dates,
    "38": maker_written_otherwise,
    "40": leading_zeros_xls,
    "42": dittos,
    "45": codes,
    "46": phones,
    "48": about_the_firm,
    "49": unit_of_measure,
    "51": capitals,
    "53": without_mark,
    "56": cut_character,
}
