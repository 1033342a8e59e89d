"""One verdict from every door: SQL, bitmaps, Python and pages agree on random states and random days."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db.models import Exists, OuterRef, Q, Subquery
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.campaigns.models import Campaign
from catalog.products.models import Certificate, LocalRequirement
from catalog.publication.models import CertificateLine, EnterpriseLine, Hold, ProductLine
from catalog.publication.publishers import publisher_names
from catalog.publication.search import bitmaps, documents
from catalog.publication.showing.tables import enterprise_rows, product_rows
from catalog.standing.registers import ASKED, CERTIFICATE, CURRENT, LISTING, PRODUCT
from catalog.standing.spans import ACTIVITY, AGREEMENT, LETTER, SPAN, SUBSIDY
from events.activities.models import ActivityVersion
from events.activities.models.activities import when_condition
from events.commitments.models import Agreement, AgreementVersion, LetterVersion
from events.commitments.models.letters import standing_condition
from portal.core.editions import clock, protection
from portal.core.editions.models import Edition
from portal.core.editions.release import release_record
from portal.core.index.collections import kept
from portal.core.index.rebuilding import rebuild
from portal.core.pages import cache
from portal.core.pages.reading import ReadAt
from portal.core.pages.templatetags.pages import status
from tests.events.activities.make import publish_activity
from tests.events.commitments.make import publish as publish_record
from tests.events.commitments.make import publish_letter
from tests.make import (
    make_campaign_page,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    publish_products,
)

pytestmark = pytest.mark.django_db
many = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
START = datetime.date(2027, 12, 1)  # a leap day lies ninety days ahead
days = st.integers(0, 500).map(lambda number: START + datetime.timedelta(days=number))
near = st.sampled_from([-400, -91, -90, -30, -29, -1, 0, 1, 28, 29, 30, 31, 89, 90, 91, 92, 400])
statuses = st.sampled_from(["valid", "valid", "valid", "suspended", "revoked", "cancelled"])
listed = st.sampled_from(["listed", "listed", "listed", "suspended", "removed"])
certificates = st.tuples(statuses, near, st.sampled_from([True, True, True, False]))
holds = st.tuples(st.sampled_from([True, False, False]), st.sampled_from([-1, 0, 1]))
PRODUCTS, CERTIFICATES, ENTERPRISES = 8, 5, 3


def many_of(one: Any, count: int) -> Any:
    return st.lists(one, min_size=count, max_size=count)


def moved(day: datetime.date, number: int) -> datetime.date:
    return day + datetime.timedelta(days=number)


class World:
    """A published list: products on certificates, two of them on one, one on local grounds; a hold on many a thing."""

    def __init__(self) -> None:
        make_division()
        enterprises = [make_enterprise() for _number in range(ENTERPRISES)]
        papers = [make_certificate() for _number in range(CERTIFICATES)]
        products = [
            make_product(
                enterprise=enterprises[number % ENTERPRISES], certificate=papers[number % CERTIFICATES]
            )
            for number in range(PRODUCTS - 1)
        ]
        local = make_product(enterprise=enterprises[0], requirement=make_requirement())
        publish_products(*products)
        publish_products(local, publisher="350000")
        self.holds = [
            *(self._hold(product=one) for one in products[:2]),
            *(self._hold(certificate=one) for one in papers[:2]),
            self._hold(enterprise=enterprises[1]),
        ]
        self.edition = Edition.objects.current_number()
        self.products = list(ProductLine.objects.public(self.edition).order_by("pk"))
        self.certificates = list(CertificateLine.objects.public(self.edition).order_by("pk"))
        self.enterprises = list(EnterpriseLine.objects.public(self.edition).order_by("pk"))

    def _hold(self, **target: Any) -> Hold:
        ((name, thing),) = target.items()
        hold = Hold(key=f"hold/{name}/{thing.pk}", target_key="x", reason="核查", until_on=START, **target)
        release_record(hold)
        return hold

    def become(self, day: datetime.date, listings: list, papers: list, holding: list) -> None:
        """Columns are overwritten behind the back of the rules, and the index is built anew."""
        for line, state in zip([*self.products, *self.enterprises], listings, strict=True):
            type(line).objects.filter(pk=line.pk).stamp(listing_status=state)
        for line, (state, left, is_public) in zip(self.certificates, papers, strict=True):
            CertificateLine.objects.filter(pk=line.pk).stamp(
                status=state, valid_until=moved(day, left), until_edition=None if is_public else self.edition
            )
        for hold, (is_lifted, left) in zip(self.holds, holding, strict=True):
            Hold.objects.filter(pk=hold.pk).stamp(is_lifted=is_lifted, until_on=moved(day, left))
        for room in kept():
            if room.collection in (documents.PRODUCTS, documents.ENTERPRISES):
                rebuild(room)
        cache.clear()

    def reading(self, day: datetime.date) -> ReadAt:
        return ReadAt(self.edition, day, self.edition, day)


@pytest.fixture
def world(db) -> World:
    """One for all examples of a test, whose public rows may be rewritten."""
    world = World()
    protection.remove()
    return world


def held(edition: int, day: datetime.date, *targets: str) -> Exists:
    reached = Q(pk__in=[])
    for target in targets:
        reached |= Q(**{target: OuterRef(target)})
    return Exists(Hold.objects.public(edition).in_effect(day).filter(reached))


def products_in_sql(world: World, day: datetime.date):
    said = CertificateLine.objects.public(world.edition).filter(certificate=OuterRef("certificate"))
    return ProductLine.objects.public(world.edition).annotate(
        is_held=held(world.edition, day, "product", "certificate", "enterprise"),
        said=Subquery(said.values("status")),
        until=Subquery(said.values("valid_until")),
    )


def agree(found: dict[int, str], rows: Any, judge: Any, day: datetime.date, columns: dict[str, str]) -> None:
    """`found` is what Python says; the expression and the conditions of SQL say the same."""
    assert dict(rows.annotate(code=judge.case(day, columns)).values_list("pk", "code")) == found
    for code in judge.standings:
        pks = set(rows.filter(judge.condition([code], day, columns)).values_list("pk", flat=True))
        assert pks == {pk for pk, one in found.items() if one == code}


def agree_bitmaps(found: dict[int, str], judge: Any, bitmaps: bitmaps.Bitmaps) -> None:
    for code in ASKED:
        assert set(bitmaps.of(code)) == {pk for pk, one in found.items() if one == code}, code
    current = {pk for pk, one in found.items() if judge.standings[one].is_current}
    assert set(bitmaps.of(CURRENT)) == current
    assert set(bitmaps.everything) == set(found)
    left_out = set().union(*map(set, bitmaps.left_out.values()))
    assert left_out == set(found) - current


@pytest.mark.long
@many
@given(
    day=days,
    listings=many_of(listed, PRODUCTS + ENTERPRISES),
    papers=many_of(certificates, CERTIFICATES),
    holding=many_of(holds, 5),
    looked_at=st.integers(0, PRODUCTS - 1),
)
def test_lines_stand_alike_in_sql_bitmaps_python_and_on_pages(
    day, listings, papers, holding, looked_at, world, client
):
    world.become(day, listings, papers, holding)
    reading, publishers = world.reading(day), publisher_names()
    rows = product_rows([line.pk for line in world.products], reading, publishers)
    found = {row.line.pk: row.standing.code for row in rows}
    columns = {"status": "said", "valid_until": "until"}
    agree(found, products_in_sql(world, day), PRODUCT, day, columns)
    agree_bitmaps(found, PRODUCT, bitmaps.product_bitmaps(world.edition, day))
    lines = enterprise_rows([line.pk for line in world.enterprises], reading, publishers)
    standing = {row.line.pk: row.standing.code for row in lines}
    in_sql = EnterpriseLine.objects.public(world.edition).annotate(
        is_held=held(world.edition, day, "enterprise")
    )
    agree(standing, in_sql, LISTING, day, {})
    agree_bitmaps(standing, LISTING, bitmaps.enterprise_bitmaps(world.edition, day))
    row = rows[looked_at]
    noon = datetime.datetime.combine(day, datetime.time(12), clock.SHANGHAI)
    with time_machine.travel(noon, tick=False):
        page = client.get(f"/products/{row.line.number}/").content.decode()
    assert status(row.standing.code, big=True) in page
    assert row.standing.word in status(row.standing.code)


@many
@given(day=days, given_ones=many_of(st.tuples(statuses, near), 6))
def test_working_certificates_stand_alike_in_sql_and_python(day, given_ones):
    Certificate.objects.all().delete()
    for state, left in given_ones:
        make_certificate(
            status=state, status_on=START, status_reason="测试", issued_on=None, valid_until=moved(day, left)
        )
    found = {one.pk: CERTIFICATE.of(one, day).code for one in Certificate.objects.all()}
    agree(found, Certificate.objects.all(), CERTIFICATE, day, {})
    troubled = set(Certificate.objects.filter(CERTIFICATE.touched(ASKED, day)).values_list("pk", flat=True))
    assert troubled == {pk for pk, code in found.items() if code != "valid"}


@many
@given(day=days, ends=many_of(st.tuples(near, st.none() | near), 6))
def test_spans_stand_alike_in_sql_and_python(day, ends):
    LocalRequirement.objects.all().delete()
    for number, (first, last) in enumerate(ends):
        until = None if last is None else moved(day, max(first, last))
        make_requirement(version=str(number), from_on=moved(day, first), until_on=until)
    for judge in (SPAN, SUBSIDY):
        found = {one.pk: judge.of(one, day).code for one in LocalRequirement.objects.all()}
        agree(found, LocalRequirement.objects.all(), judge, day, {})


def campaign_until(last: datetime.date) -> Campaign:
    campaign = Campaign.objects.create(
        slug=f"c{Campaign.objects.count()}", from_on=START.replace(year=2020), until_on=last
    )
    make_campaign_page(campaign, name="活动")
    return campaign


@many
@given(
    day=days,
    said=st.sampled_from(["in_force", "withdrawn", "broken"]),
    last=st.none() | near,
    ended=st.none() | near,
    campaign=st.none() | near,
)
def test_letters_and_agreements_stand_alike_in_sql_and_python(day, said, last, ended, campaign):
    long_ago = {"signed_on": datetime.date(2020, 1, 1)}
    more = {} if said == "in_force" else {"standing_on": START, "standing_reason": "测试"}
    until = None if last is None else moved(day, last)
    signed_for = None if campaign is None else campaign_until(moved(day, campaign))
    pk = publish_letter(standing=said, valid_until=until, campaign=signed_for, **long_ago, **more).pk
    letter = LetterVersion.objects.current().filter(pk=pk)
    standing = letter.get().standing_at(day)
    ends = last if last is not None else campaign
    assert standing == ("expired" if said == "in_force" and ends is not None and ends < 0 else said)
    agree({pk: standing.value}, letter, LETTER, day, {})
    assert letter.filter(standing_condition(standing, day)).exists()
    end = {} if ended is None else {"ended_on": moved(day, ended), "ended_reason": "测试"}
    parties = [{"name": "甲", "uscc": ""}, {"name": "乙", "uscc": ""}]
    values = {
        "title": "协议",
        "parties": parties,
        "source": "测试",
        "signed_precision": "day",
        **long_ago,
        **end,
    }
    over = publish_record(AgreementVersion, Agreement(), **values)
    agree(
        {over.pk: AGREEMENT.of(over, day).code},
        AgreementVersion.objects.filter(pk=over.pk),
        AGREEMENT,
        day,
        {},
    )
    assert over.is_over(day) is (ended is not None and ended <= 0)


@many
@given(day=days, first=near, length=st.integers(0, 3), is_cancelled=st.booleans())
def test_activities_stand_alike_in_sql_and_python(day, first, length, is_cancelled):
    version = publish_activity(
        first_on=moved(day, first),
        last_on=moved(day, first + length),
        is_cancelled=is_cancelled,
        cancelled_reason="天气" if is_cancelled else "",
    )
    rows = ActivityVersion.objects.filter(pk=version.pk)
    agree({version.pk: version.when(day).value}, rows, ACTIVITY, day, {})
    assert rows.filter(when_condition(version.when(day), day)).exists()
