"""Which edition and which day a page reads."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import RequestFactory

from portal.core.editions.models import Edition
from portal.core.pages.parameters import BadParameter
from portal.core.pages.reading import ReadAt, read_at

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def edition(number: int, at: str) -> Edition:
    return Edition.objects.create(
        number=number, token=str(number), at=datetime.fromisoformat(at), cause="batch", subject="x", header={}
    )


@pytest.fixture
def editions():
    edition(1, "2022-06-06T02:00Z")
    edition(2, "2022-06-06T15:59Z")  # 23:59 in Shanghai
    edition(3, "2022-06-06T16:00Z")  # midnight: the seventh
    with time_machine.travel(NOW, tick=False):
        yield


def read(address: str) -> ReadAt:
    return read_at(RequestFactory().get(address))


def where(address: str) -> tuple[int, str]:
    reading = read(address)
    return reading.edition, reading.day.isoformat()


def test_nothing_given_reads_the_newest_edition_today(editions):
    assert where("/") == (3, "2026-11-24")
    assert not read("/").is_past


def test_a_day_reads_its_last_edition_and_its_own_clock(editions):
    assert where("/?as_of=2022-06-06") == (2, "2022-06-06")
    assert where("/?as_of=2022-06-07") == (3, "2022-06-07")
    assert where("/?as_of=2022-06-05") == (0, "2022-06-05")
    assert read("/?as_of=2023-01-01").is_past


def test_today_as_a_date_is_the_present(editions):
    assert not read("/?as_of=2026-11-24").is_past


def test_an_edition_alone_reads_on_the_day_it_was_published(editions):
    assert where("/?edition=1") == (1, "2022-06-06")
    assert where("/?edition=3") == (3, "2022-06-07")


def test_a_cited_address_keeps_its_rows_and_its_clock_after_the_next_edition(editions):
    cited = read("/").cited
    address = f"/?edition={cited['edition']}&as_of={cited['as_of']}"
    assert cited == {"edition": 3, "as_of": "2026-11-24"}
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC)):
        edition(4, "2027-01-01T00:00Z")
        assert where(address) == (3, "2026-11-24")


def test_a_day_changes_at_midnight_in_shanghai(editions):
    with time_machine.travel(datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC), tick=False):
        assert read("/").day == date(2026, 11, 24)
    with time_machine.travel(datetime(2026, 11, 24, 16, 0, tzinfo=UTC), tick=False):
        assert read("/").day == date(2026, 11, 25)


def test_an_empty_site_reads_nothing_and_cites_nothing():
    assert (read("/").edition, read("/").cited) == (0, {})


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/?as_of=2026-11-25", "还没有到"),
        ("/?as_of=yesterday", "不是日期"),
        ("/?as_of=20220606", "不是日期"),
        ("/?as_of=2022-02-30", "不是日期"),
        ("/?edition=4", "没有第 4 版"),
        ("/?edition=0", "没有第 0 版"),
        ("/?edition=-1", "不是正整数"),
        ("/?edition=" + "9" * 30, "不是正整数"),
    ],
)
def test_a_moment_that_is_none_is_told(editions, address, words):
    with pytest.raises(BadParameter, match=words):
        read(address)
