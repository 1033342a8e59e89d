"""Periods of figures, as typed and as shown."""

import datetime

import pytest

from events.activities.periods import period_code, period_words, read_code, read_period


@pytest.mark.parametrize(
    ("typed", "first", "last", "words"),
    [
        ("2022", "2022-01-01", "2022-12-31", "2022年"),
        ("2022年", "2022-01-01", "2022-12-31", "2022年"),
        ("2022Q2", "2022-04-01", "2022-06-30", "2022年第二季度"),
        ("2022年第四季度", "2022-10-01", "2022-12-31", "2022年第四季度"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        ("2022-06-06", "2022-06-06", "2022-06-06", "2022年6月6日"),
        ("2022-03-01至2022-12-31", "2022-03-01", "2022-12-31", "2022年3月至12月"),
        ("2022-06-06至2022-07-02", "2022-06-06", "2022-07-02", "2022年6月6日至2022年7月2日"),
        ("2024-01-01至2026-12-31", "2024-01-01", "2026-12-31", "2024年至2026年"),
    ],
)
def test_a_period_is_read_and_named(typed, first, last, words):
    period = read_period(typed)
    assert period == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
    assert period_words(*period) == words
    assert read_code(period_code(*period)) == period
    assert read_period(words) == period


@pytest.mark.parametrize("typed", ["", "去年", "2022Q5", "2022-13", "2022-12-31至2022-01-01"])
def test_what_is_no_period_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match=r"。$"):
        read_period(typed)


@pytest.mark.parametrize("code", ["", "2022", "2022-01-01", "2022-01-01_2021-01-01", "2022-01-01_2022-1-1"])
def test_a_code_has_one_form(code):
    with pytest.raises(ValueError):
        read_code(code)
