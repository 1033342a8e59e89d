"""Numbers, titles and refusals of batches, without a row: their boundaries."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.products.models import LocalRequirement
from catalog.publication.compiling.endings import Ending, Endings
from catalog.publication.compiling.numbering import (
    BatchNumber,
    chinese_numeral,
    default_notice_days,
    default_title,
    publisher_name,
)
from catalog.publication.compiling.problems import (
    BatchRefused,
    Problem,
    certificate_problem,
    requirement_problem,
)
from catalog.publication.models import NATIONAL, Batch, CertificateLine
from catalog.publication.publishing import freezing
from catalog.publication.publishing.contents import public_header
from portal.core.editions import clock
from portal.core.workflow import NotAllowed

DAY = datetime.date(2028, 2, 29)
NEXT = DAY + datetime.timedelta(days=1)
NUMBERS = st.builds(
    BatchNumber,
    publisher=st.sampled_from([NATIONAL, "350000", "110000"]),
    kind=st.sampled_from(Batch.Kind.values),
    year=st.integers(2000, 2099),
    ordinal=st.integers(1, 999),
)


@given(NUMBERS)
def test_a_number_is_read_as_it_was_written(number):
    assert BatchNumber.parse(number.slug) == number


def test_the_letter_says_the_kind_and_the_front_the_publisher():
    slugs = [BatchNumber(NATIONAL, kind, 2022, 1).slug for kind in ("batch", "adjustment", "erratum")]
    assert slugs == ["2022-1", "2022-t1", "2022-k1"]
    assert BatchNumber("350000", "adjustment", 2023, 12).slug == "350000-2023-t12"


@pytest.mark.parametrize(
    "slug",
    ["", "2022", "2022-0", "2022-01", "2022-1000", "1999-1", "2022-x1", "35000-2022-1", "2022-1 ", "-2022-1"],
)
def test_what_is_no_number_is_refused(slug):
    with pytest.raises(NotAllowed) as refused:
        BatchNumber.parse(slug)
    assert refused.value.rule == "batch.slug"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        *((0, "0"), (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一")),
        *((90, "九十"), (99, "九十九"), (100, "100"), (999, "999")),
    ],
)  # fmt: skip
def test_a_number_is_written_as_titles_write_it(number, written):
    assert chinese_numeral(number) == written


def test_a_draft_has_a_title_and_only_a_list_is_shown_for_objection(settings):
    settings.NOTICE_DAYS = 7
    titles = [
        default_title(BatchNumber(NATIONAL, kind, 2022, 2)) for kind in ("batch", "adjustment", "erratum")
    ]
    assert titles == ["2022年第二批产品清单和企业名录", "2022年第二次动态调整", "2022年第二次勘误"]
    assert [default_notice_days(kind) for kind in ("batch", "adjustment", "erratum")] == [7, 0, 0]
    assert publisher_name(NATIONAL) == "国家"


@pytest.mark.parametrize(
    ("count", "current", "is_large"),
    [(0, 100, False), (20, 100, False), (21, 100, True), (1, 0, False), (3, 3, True)],
)
def test_more_than_a_fifth_of_a_list_is_much_of_it(settings, count, current, is_large):
    settings.LISTING_END_CONFIRM_PERCENT = 20
    ending = Ending(NATIONAL, "国家清单", "产品", count, current)
    few = Ending(NATIONAL, "国家清单", "企业", 1, 100)
    assert ending.is_large is Endings([few, ending]).must_be_typed is is_large
    assert Endings([few, ending]).count == count + 1
    assert not Endings([few]).must_be_typed


@pytest.mark.parametrize(
    ("status", "valid_until", "said"),
    [
        ("valid", DAY, ""),
        ("valid", NEXT, ""),
        ("valid", DAY - datetime.timedelta(days=1), "的证书 CGP-1 已于 2028-02-28 到期"),
        ("suspended", NEXT, "的证书 CGP-1 已暂停，不能列入"),
        ("revoked", DAY - datetime.timedelta(days=1), "的证书 CGP-1 已撤销，不能列入"),
    ],
)
def test_a_product_is_listed_on_a_certificate_to_its_last_day(status, valid_until, said):
    line = CertificateLine(number="CGP-1", status=status, valid_until=valid_until)
    problem = certificate_problem(line, "示例板", DAY)
    if not said:
        assert problem is None
        return
    assert problem is not None
    assert (problem.rule, problem.name) == ("line.certificate", "示例板")
    assert problem.sentence.startswith(said)


def test_without_a_certificate_a_product_is_listed_where_its_requirement_is_in_force():
    requirement = LocalRequirement(
        publisher="350000", title="示例要求", version="1", from_on=DAY, until_on=NEXT
    )
    for publisher, on, rest in (
        ("350000", DAY, None),
        ("350000", NEXT, None),
        ("350000", DAY - datetime.timedelta(days=1), "今天不在有效期内"),
        ("350000", NEXT + datetime.timedelta(days=1), "今天不在有效期内"),
        ("330000", DAY, "只能列入提出该技术要求的地方清单"),
        (NATIONAL, DAY, "只能列入提出该技术要求的地方清单"),
    ):
        problem = requirement_problem(requirement, publisher, "示例板", on)
        assert (problem is None) if rest is None else rest in str(problem), (publisher, on)
    assert str(requirement_problem(None, "350000", "示例板", DAY)).startswith("「示例板」没有认证证书")


def test_a_refused_batch_says_its_first_problem_and_how_many_more():
    problems = [Problem(f"rule.{name}", name, f"{name}不行。") for name in "甲乙丙"]
    one, all_of_them = BatchRefused(problems[:1]), BatchRefused(problems)
    assert (one.rule, one.sentence) == ("rule.甲", "「甲」甲不行。")
    assert (all_of_them.sentence, all_of_them.problems) == ("「甲」甲不行。（另有 2 处）", problems)


def test_what_moves_is_looked_at_again_so_many_times():
    looks: list[int] = []

    def still_after(times: int) -> str:
        looks.append(times)
        if len(looks) <= times:
            raise freezing.Moved
        return "done"

    assert freezing.until_still(lambda: still_after(freezing.TRIES - 1)) == "done"
    looks.clear()
    with pytest.raises(NotAllowed) as refused:
        freezing.until_still(lambda: still_after(freezing.TRIES))
    assert (refused.value.rule, len(looks)) == ("batch.moved", freezing.TRIES)


def test_moments_are_chained_in_universal_time_and_days_as_days(monkeypatch):
    monkeypatch.setattr(Batch, "campaign", type("Year", (), {"slug": "2028"})())
    at = datetime.datetime(2028, 3, 1, 7, 30, tzinfo=clock.SHANGHAI)
    header = public_header(Batch(slug="2028-1", submitted_at=at, notice_from=DAY))
    assert (header["submitted_at"], header["notice_from"]) == ("2028-02-29T23:30:00+00:00", "2028-02-29")
    assert (header["approved_at"], header["notice_until"], header["campaign"]) == ("", "", "2028")
    assert set(header) == {
        *("slug", "title", "publisher", "kind", "year", "ordinal", "basis", "notice_days", "notice_waiver", "digest"),
        *("cancelled_reason", "notice_from", "notice_until", "submitted_at", "approved_at", "campaign"),
    }  # fmt: skip
