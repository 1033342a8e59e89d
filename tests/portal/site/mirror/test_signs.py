"""Postings of a copy are text: what is written is what a browser reads. No database."""

import pytest

from portal.site.mirror.finding import SIGNS, written


@pytest.mark.parametrize(
    "numbers", [[], [1], [1, 2, 3], [5, 33, 34, 35, 1000, 70_000], list(range(1, 100)), [2**31]]
)
def test_numbers_are_written_in_signs_and_read_again(numbers):
    text = written(numbers)
    assert set(text) <= set(SIGNS)
    assert read(text) == numbers


def read(text: str) -> list[int]:
    """As `mirror.js` reads them."""
    signs = iter(text)

    def next_number() -> int | None:
        number, weight = 0, 1
        for sign in signs:
            number += SIGNS.index(sign) % 32 * weight
            if SIGNS.index(sign) < 32:
                return number
            weight *= 32
        return None

    numbers: list[int] = []
    before = 0
    while (said := next_number()) is not None:
        before += said // 2
        numbers.append(before)
        for _ in range((next_number() or 0) + 1 if said % 2 else 0):
            before += 1
            numbers.append(before)
    return numbers
