"""The activities that come with the project."""

import csv
from pathlib import Path

import pytest

from catalog.campaigns import facts as campaigns
from catalog.regions import facts as regions
from events.activities import facts
from events.activities.models import ActivityVersion, Indicator
from portal.core.editions.models import Edition

pytestmark = pytest.mark.django_db
PILOTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "pilot_regions.csv"


@pytest.fixture
def seeded():
    regions.seed()
    campaigns.seed()
    facts.seed()


def test_all_activities_are_published_in_one_edition(seeded):
    versions = ActivityVersion.objects.current()
    assert versions.count() == 10
    assert {version.from_edition_id for version in versions} == {Edition.objects.current_number()}
    assert all(not version.broken_fields() for version in versions)
    assert all(version.source for version in versions)
    assert Indicator.objects.count() == 10


def test_a_second_run_adds_nothing(seeded):
    editions = Edition.objects.count()
    assert [tally.added for tally in facts.seed()] == [0, 0]
    assert Edition.objects.count() == editions


def test_dates_stay_as_exact_as_their_source(seeded):
    words = {version.title: version.date_words for version in ActivityVersion.objects.current()}
    assert words["绿色建材下乡信息发布及线上平台启动会"] == "2022年6月6日"
    assert words["江西省绿色建材下乡活动启动"] == "2023年9月"
    assert words["黑龙江省绿色建材下乡活动启动"] == "2024年"


def test_the_meeting_names_who_hosted_and_who_signed(seeded):
    meeting = ActivityVersion.objects.current().get(title=facts.MEETING)
    assert meeting.campaign.slug == "2022"
    assert meeting.organiser.count("、") == 5
    assert [one["name"] for one in meeting.enterprises] == [
        "北新集团建材股份有限公司",
        "立邦投资有限公司",
        "顺达墨瑟门窗有限公司",
    ]
    assert {one["uscc"] for one in meeting.enterprises} == {""}
    assert meeting.place == ""


def test_a_launch_in_a_later_year_belongs_to_the_campaign_of_its_day(seeded):
    fujian = ActivityVersion.objects.current().get(title__startswith="福建省")
    assert (fujian.campaign.slug, fujian.division_id, fujian.activity.scope) == ("2023", "350583", "350000")


@pytest.mark.skipif(not PILOTS.exists(), reason="the pilots' table is not at hand")
def test_every_known_launch_is_there_and_no_other(seeded):
    with PILOTS.open(encoding="utf-8", newline="") as stream:
        known = {
            row["gb2260_code"]: row["launch_date"] for row in csv.DictReader(stream) if row["launch_date"]
        }
    launches = ActivityVersion.objects.current().exclude(title=facts.MEETING).select_related("activity")
    stated = {version.activity.scope: version.starts.isoformat() for version in launches}
    assert stated == {code: day.split(" ")[0] for code, day in known.items()}
