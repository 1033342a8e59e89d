"""What the counter says on the first and the last day on which it says so."""

import datetime

import pytest

from catalog.campaigns.models import Campaign
from portal.applications.cases import reminding
from portal.applications.cases.completeness import _dates
from portal.applications.cases.models import Application
from portal.applications.counter.enterprise.overview import certificates_of
from portal.applications.counter.home import endings_of
from portal.applications.counter.making.beginning import targets
from portal.applications.review.checks import _certificate
from portal.core.editions import clock
from tests.make import make_campaign, make_certificate, make_enterprise, make_product
from tests.portal.applications.making import make_owner

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2027, 12, 1)  # ninety days before a leap day
STANDINGS = [(-1, "expired"), (0, "ending"), (1, "ending"), (89, "ending"), (90, "ending"), (91, "valid")]


def in_days(count: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=count)


def resting(left: int, **changes):
    """An enterprise with a product on a certificate that has so many days left."""
    enterprise = make_enterprise()
    certificate = make_certificate(issued_on=None, valid_until=in_days(left), **changes)
    make_product(enterprise=enterprise, certificate=certificate)
    return enterprise, certificate


@pytest.mark.parametrize(("left", "code"), STANDINGS)
def test_home_names_what_ends_within_ninety_days_or_has_ended(left, code):
    enterprise, certificate = resting(left)
    found = endings_of([enterprise], TODAY)
    assert [(one.certificate, one.days, one.is_over) for one in found] == (
        [] if code == "valid" else [(certificate, left, code == "expired")]
    )


@pytest.mark.parametrize("status", ["suspended", "revoked", "cancelled"])
def test_home_does_not_call_ending_what_is_not_in_force(status):
    enterprise, _certificate = resting(5, status=status, status_on=TODAY, status_reason="监督不合格")
    assert endings_of([enterprise], TODAY) == []
    assert [own.standing for own in certificates_of(enterprise, TODAY)] == [status]


@pytest.mark.parametrize(("left", "code"), STANDINGS)
def test_the_page_of_an_enterprise_tells_how_its_certificates_stand(left, code):
    enterprise, _certificate = resting(left)
    (own,) = certificates_of(enterprise, TODAY)
    assert (own.standing, own.days) == (code, left)


@pytest.mark.parametrize(
    ("left", "mark"),
    [(91, None), (90, "90"), (31, "90"), (30, "30"), (8, "30"), (7, "7"), (0, "7"), (-1, "ended"), (-30, "ended"), (-31, None)],
)  # fmt: skip
def test_reminders_go_out_from_their_first_day_on(left, mark):
    certificate = make_certificate(issued_on=None, valid_until=in_days(left))
    owner = make_owner()
    make_product(enterprise=owner.memberships.get().enterprise, certificate=certificate)
    keys = [reminder.key.split(":")[3] for reminder in reminding.due(TODAY)]
    assert keys == ([mark] if mark else [])


@pytest.mark.parametrize(("left", "level"), [(-1, "error"), (0, "warning"), (90, "warning"), (91, "ok")])
def test_the_machine_check_of_a_case_judges_the_last_day_of_its_certificate(left, level):
    until = clock.today() + datetime.timedelta(days=left)
    application = Application(kind="product", uscc="91350000000000000X")
    (finding,) = _certificate(application, {"valid_until": until.isoformat()})
    assert finding.level == level
    missing = [
        one.field for one in _dates(Application(kind="product", values={"valid_until": until.isoformat()}))
    ]
    assert missing == (["valid_until"] if level == "error" else [])


@pytest.mark.parametrize(("left", "is_open"), [(-1, False), (0, True), (1, True)])
def test_a_letter_can_be_signed_through_the_last_day_of_its_campaign(left, is_open):
    Campaign.objects.all().delete()
    until = clock.today() + datetime.timedelta(days=left)
    make_campaign(slug="x", from_on=until - datetime.timedelta(days=9), until_on=until)
    assert bool(targets(make_enterprise(), Application.Kind.COMMITMENT)) is is_open
