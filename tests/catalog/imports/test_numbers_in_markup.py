"""A number in the markup of a table that is none in ASCII is as good as not there."""

import pytest

from catalog.imports.reading.sheets import read

PAGE = '<table><tr><td colspan="{0}">甲</td><td rowspan="{0}">乙</td></tr></table>'
BOOK = """<?xml version="1.0"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="表"><Table><Row ss:Index="{0}"><Cell><Data ss:Type="String">甲</Data></Cell>
<Cell ss:Index="{0}"><Data ss:Type="String">乙</Data></Cell></Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("number", ["²", "1²", "٣", ""])
@pytest.mark.parametrize("markup", [PAGE, BOOK])
def test_it_is_left_out(tmp_path, markup, number):
    path = tmp_path / "list.xls"
    path.write_text(markup.format(number), encoding="utf-8")
    with read(path) as reading:
        assert [text for _number, cells in reading.rows(reading.sheets[0]) for text in cells if text] == [
            "甲",
            "乙",
        ]
