from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.dates import (
    PartialDate,
    read_date,
    read_partial,
    read_stated,
    read_validity,
)

DAY = date(2022, 6, 6)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2022-06-06",
            "2022/6/6",
            "2022.6.6",
            "2022年6月6日",
            "20220606",
            "2022-6-6",
            "2022年06月06号",
            "2022.06.06.",
        ),
        *(
            "２０２２－０６－０６",
            "2022 年 6 月 6 日",
            "2022-06-06 00:00:00",
            "2022/6/6 0:00",
            "2022-06-06T10:00:00+08:00",
        ),
        *(
            "2022年6月6日 10时30分",
            "2022-06-05T16:00:00Z",
            "2022年6月6日起",
            "44718",
            44718,
            44718.75,
            20220606,
            20220606.0,
        ),
        *(DAY, datetime(2022, 6, 6, 23, 59), datetime(2022, 6, 5, 16, tzinfo=UTC)),
    ],
)
def test_a_day_is_read_in_each_form_people_write(written):
    assert read_date(written) == DAY


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2022-02-30", "不存在"),
        ("2022年13月1日", "不存在"),
        ("22-06-06", "不是能识别的日期"),
        ("2022-6/6", "不是能识别的日期"),
        ("2022-06", "只写到月"),
        ("2022年６月份", "只写到月"),
        ("2022-06-06 25:00", "不是能识别的日期"),
        ("2022-06-06~2027-06-05", "不是能识别的日期"),
        ("2022-13-06T10:00:00Z", "不是能识别的日期"),
        ("长期", "不是能识别的日期"),
        ("1989-12-31", "1990年至2100年"),
        ("2101-01-01", "1990年至2100年"),
        ("9999-12-31T23:59:59Z", "1990年至2100年"),
        (" ", "未填写"),
        (None, "不是能识别的日期"),
        (True, "不是能识别的日期"),
        (3.0, "不是能识别的日期"),
        (float("nan"), "不是能识别的日期"),
        (float("inf"), "不是能识别的日期"),
        ("." * 30_000 + "x", "不是能识别的日期"),
    ],
)
def test_what_is_no_day_is_refused_with_a_reason(written, said):
    with pytest.raises(ValueError, match=said):
        read_date(written)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2022-06-06~2027-06-05",
            "2022-06-06-2027-06-05",
            "2022-06-06 - 2027-06-05",
            "2022.6.6—2027.6.5",
            "2022/6/6–2027/6/5",
        ),
        *(
            "2022年6月6日至2027年6月5日",
            "自2022年6月6日起至2027年6月5日止",
            "20220606-20270605",
            "2022-06-06 ～ 2027-06-05",
        ),
        *("2022/6/6 0:00 到 2027/6/5 0:00", "有效期：2022-06-06至2027-06-05", "2022-06-06\n至\n2027-06-05"),
    ],
)
def test_two_days_in_one_cell_are_a_range(written):
    assert read_validity(written) == (DAY, date(2027, 6, 5))


def test_the_end_alone_is_a_validity():
    assert read_validity("至2027-06-05") == read_validity(date(2027, 6, 5)) == (None, date(2027, 6, 5))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2027-06-05~2022-06-06", "早于"),
        ("2022-06-06至长期", "长期"),
        ("2022-06-06至", "缺少结束日期"),
        ("2022年6月6日起", "缺少结束日期"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(written, said):
    with pytest.raises(ValueError, match=said):
        read_validity(written)


@pytest.mark.parametrize("written", ["2023年9月", "2023-09", "2023/9", "202309", 202309, "2023年9月份"])
def test_a_month_keeps_its_precision(written):
    month = read_partial(written)
    assert month == PartialDate(2023, 9)
    assert (month.first_day, month.last_day) == (date(2023, 9, 1), date(2023, 9, 30))
    assert (month.isoformat(), str(month)) == ("2023-09", "2023年9月")


def test_a_day_is_a_partial_date_too():
    day = read_partial("2023年9月5日")
    assert (day.first_day, day.last_day, day.isoformat(), str(day)) == (
        date(2023, 9, 5),
        date(2023, 9, 5),
        "2023-09-05",
        "2023年9月5日",
    )


@pytest.mark.parametrize("written", [2023.1, "2023-13", "2023", "", None, True])
def test_no_month_is_guessed(written):
    with pytest.raises(ValueError, match="。"):
        read_partial(written)


@given(DAYS)
def test_every_day_reads_back_from_every_form(day):
    forms = (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
    )
    assert {read_date(form) for form in forms} == {day}
    assert read_date((day - date(1899, 12, 30)).days) == day


@given(DAYS, st.integers(0, 4000), st.sampled_from(["~", "-", "至", " — ", "到", "–"]))
def test_every_range_reads_back(start, length, between):
    end = min(start + timedelta(days=length), date(2100, 12, 31))
    assert read_validity(f"{start}{between}{end}") == (start, end)


@given(
    st.one_of(
        st.text(st.characters()),
        st.integers(-(10**20), 10**20),
        st.floats(),
        st.datetimes(timezones=st.just(UTC)),
    )
)
def test_anything_in_a_cell_is_a_day_or_refused(value):
    for read in (read_date, read_validity, read_partial):
        try:
            read(value)
        except ValueError as error:
            assert "。" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("text", "iso", "words", "last"),
    [
        ("2023", "2023", "2023年", "2023-12-31"),
        ("2023年", "2023", "2023年", "2023-12-31"),
        ("2024年2月", "2024-02", "2024年2月", "2024-02-29"),
        ("2023-09-15", "2023-09-15", "2023年9月15日", "2023-09-15"),
    ],
)
def test_a_date_is_read_as_exactly_as_it_was_stated(text, iso, words, last):
    stated = read_stated(text)
    assert (stated.isoformat(), str(stated), stated.last_day.isoformat()) == (iso, words, last)
    assert PartialDate.of(stated.first_day, stated.precision) == stated
    assert PartialDate.of(stated.last_day, stated.precision) == stated


@pytest.mark.parametrize("text", ["", "1066", "去年", "2023年13月", "20231301"])
def test_what_was_not_stated_as_a_date_is_refused(text):
    with pytest.raises(ValueError):
        read_stated(text)
