"""A hostile file gets a clear refusal within five seconds and takes nothing down."""

import resource

import pytest

from catalog.imports.reading.limits import Limits
from catalog.imports.reading.refusals import SENTENCES, Refused
from catalog.imports.reading.sheets import read

from . import hostile, hostile_xlsx


def seconds_of_children() -> float:
    """Processor time: what a busy machine does beside the test does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize(("name", "make", "rule"), hostile.HOSTILE, ids=[row[0] for row in hostile.HOSTILE])
def test_a_hostile_file_is_refused_within_five_seconds(tmp_path, name, make, rule):
    path = make(tmp_path / name)
    began = seconds_of_children()

    with pytest.raises(Refused) as refused:
        read(path)

    assert refused.value.rule == rule
    assert seconds_of_children() - began < 5
    assert refused.value.sentence.endswith("。")
    assert "{" not in refused.value.sentence


def test_the_far_cell_is_named_with_its_sheet(tmp_path):
    with pytest.raises(Refused, match="「表1」的 XFD1048576"):
        read(hostile_xlsx.far_cell(tmp_path / "far.xlsx"))


def test_a_parser_that_aborts_ends_in_a_refusal_and_not_in_the_caller(tmp_path):
    wide_open = Limits(rows=1_048_576, columns=16_384)

    with pytest.raises(Refused) as refused:
        read(hostile_xlsx.far_cell(tmp_path / "far.xlsx"), limits=wide_open)

    assert refused.value.rule == "too-much-memory"


def test_a_parser_that_loops_is_stopped_by_the_clock(tmp_path):
    rows = "".join(f'<row r="{n}">{hostile_xlsx.text_cell(f"A{n}")}</row>' for n in range(1, 100_000))
    path = hostile_xlsx.zipped(
        tmp_path / "slow.xlsx", hostile_xlsx.parts(f"<sheetData>{rows}</sheetData>", sheets=8)
    )

    with pytest.raises(Refused) as refused:
        read(path, limits=Limits(seconds=0))

    assert refused.value.rule == "too-slow"


def test_empty_styled_cells_far_out_are_no_reason_to_refuse(tmp_path):
    cells = hostile_xlsx.text_cell("A1") + '<c r="XFD1" s="3"/><c r="XFC1" s="3"></c><c r="XFB1"><v/></c>'
    rows = f'<row r="1">{cells}</row><row r="1048576" spans="1:3" s="3"/>'
    path = hostile_xlsx.zipped(tmp_path / "styled.xlsx", hostile_xlsx.parts(f"<sheetData>{rows}</sheetData>"))

    with read(path) as reading:
        assert [row for _, row in reading.rows(reading.sheets[0])] == [["x"]]


def test_the_last_column_and_row_within_the_limits_are_read(tmp_path):
    rows = f'<row r="2">{hostile_xlsx.text_cell("DP2")}</row>'
    path = hostile_xlsx.zipped(tmp_path / "edge.xlsx", hostile_xlsx.parts(f"<sheetData>{rows}</sheetData>"))

    with read(path) as reading:
        assert reading.sheets[0].width == 120


def test_a_smaller_limit_is_kept_and_named(tmp_path):
    rows = "".join(f'<row r="{n}">{hostile_xlsx.text_cell(f"A{n}")}</row>' for n in range(1, 1200))
    path = hostile_xlsx.zipped(tmp_path / "long.xlsx", hostile_xlsx.parts(f"<sheetData>{rows}</sheetData>"))

    with pytest.raises(Refused, match="超过 100 行") as refused:
        read(path, limits=Limits(rows=100))
    assert refused.value.rule == "too-many-rows"


def test_every_rule_has_a_sentence_that_says_what_to_do():
    assert all("请" in sentence for sentence in SENTENCES.values())
