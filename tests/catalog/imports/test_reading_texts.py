"""Text files as people and programs write them: encodings, characters that were cut, quotes."""

import pytest

from catalog.imports.reading import sheets
from catalog.imports.reading.refusals import Refused
from catalog.imports.reading.sheets import read

from .workbooks import rows_of, write_csv, write_xls

LIST = "企业名称,产品名称,证书编号\n" + "".join(f"示例建材{n}有限公司,石膏板{n},CTC-{n}\n" for n in range(30))
BIG5 = "企業名稱,產品名稱,證書編號\n" + "".join(f"示例建材{n}有限公司,石膏板{n},CTC-{n}\n" for n in range(30))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (LIST.encode("utf-16-le"), "utf-16-le"),
        (LIST.encode("utf-16-be"), "utf-16-be"),
        (LIST.encode("gbk"), "gb18030"),
        ("联通\n".encode("gbk"), "gb18030"),
        (BIG5.encode("gbk"), "gb18030"),
        (BIG5.encode("big5"), "big5hkscs"),
    ],
)
def test_an_encoding_is_told_by_what_comes_of_it(tmp_path, content, encoding):
    (tmp_path / "a.csv").write_bytes(content)

    with read(tmp_path / "a.csv") as reading:
        assert reading.encoding == encoding


@pytest.mark.parametrize(("one", "rest"), [("gbk", "utf-8"), ("utf-8", "gbk")])
def test_a_line_in_another_encoding_is_named_with_both(tmp_path, one, rest):
    lines = LIST.split("\n")
    mixed = b"\n".join(line.encode(one if at == 7 else rest) for at, line in enumerate(lines))
    (tmp_path / "a.csv").write_bytes(mixed)

    with pytest.raises(Refused, match=r"第 8 行是 .*其余各行是") as refused:
        read(tmp_path / "a.csv")

    assert refused.value.rule == "mixed-encodings"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_character_that_was_cut_costs_its_cell(tmp_path, encoding):
    content = LIST.encode(encoding)
    at = content.index("石膏板5".encode(encoding)) + len("石膏".encode(encoding)) + 1
    (tmp_path / "a.csv").write_bytes(content[:at] + content[at + 1 :])

    row = rows_of(tmp_path / "a.csv")[6]

    assert "\ufffd" in row[1]
    assert (row[0], row[2]) == ("示例建材5有限公司", "CTC-5")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,b\n5" 管,"6\n7"\n', [["a", "b"], ['5" 管', "6\n7"]]),
        ('a,b\n"1/2" 阀,y\n', [["a", "b"], ['1/2" 阀', "y"]]),
        ('a,b\n"金" 丝,q\n', [["a", "b"], ['"金" 丝', "q"]]),
        ('a,b\n"C:\\",x\n', [["a", "b"], ["C:\\", "x"]]),
        ('a,b\n"a \\"q\\" b\nc",x\n', [["a", "b"], ['a "q" b\nc', "x"]]),
        ('a,b\n"1/2 球,x\n"3/4" 阀,y\n', [["a", "b"], ['"1/2 球', "x"], ['3/4" 阀', "y"]]),
        ('a, b\nx, "p,q"\n', [["a", " b"], ["x", "p,q"]]),
        ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
        ("a,b\nc\x0bd,e\n", [["a", "b"], ["c\x0bd", "e"]]),
    ],
)
def test_quotes_are_kept_where_they_enclose_nothing(tmp_path, text, rows):
    assert rows_of(write_csv(tmp_path / "a.csv", text)) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_nul_byte_costs_its_cell_and_no_file(tmp_path, encoding):
    text = (
        LIST.replace("石膏板5,", "石\0膏板5,").replace("石膏板6,", "石膏板6\0\0,").replace("板7,", "板7\x1a,")
    )
    rows = rows_of(write_csv(tmp_path / "a.csv", text + "\0" * 600 + "\x1a", encoding))

    assert [row[1] for row in rows[6:9]] == ["石\x1a膏板5", "石膏板6", "石膏板7\x1a"]
    assert len(rows) == 31


def test_no_cell_of_a_workbook_gives_a_nul(tmp_path):
    path = write_xls(tmp_path / "a.xls", {"清单": [["产品\0名称", "板\0", r"C:\u0000"]]})

    assert rows_of(path) == [["产品\x1a名称", "板", r"C:\u0000"]]


def test_a_busy_machine_is_not_blamed_on_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "WALL_SECONDS", 0)

    with pytest.raises(Refused, match="与文件无关"):
        read(write_csv(tmp_path / "a.csv", "a,b\n"))
