"""What was signed on 6 June 2022, and the draft text of clauses."""

import pytest

from catalog.campaigns import facts as campaigns
from catalog.regions import facts as regions
from events.activities import facts as activities
from events.commitments import facts
from events.commitments.models import AgreementVersion, ClaimVersion, LetterVersion, Standing, TemplateVersion
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults
from portal.core.workflow.facts import publish_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded():
    rooms = (regions, campaigns, activities, facts)
    publish_facts(room.prepare for room in rooms)


def test_the_three_letters_of_the_meeting(seeded):
    letters = LetterVersion.objects.current().order_by("letter_id")
    assert [letter.party_name for letter in letters] == [
        "北新集团建材股份有限公司",
        "立邦投资有限公司",
        "顺达墨瑟门窗有限公司",
    ]
    for letter in letters:
        assert (str(letter.signed), letter.uscc, letter.scans) == ("2022年6月6日", "", [])
        assert letter.standing_at(clock.today()) == Standing.EXPIRED
        assert letter.activity.versions.get().title == activities.MEETING
        assert letter.campaign.slug == "2022"
        assert letter.template_version is None
        assert letter.source


def test_the_agreement_and_the_claim_of_the_meeting(seeded):
    agreement = AgreementVersion.objects.current().get()
    assert (agreement.title, agreement.organisation.name) == ("全国技术支持机构合作协议", "国检集团")
    claim = ClaimVersion.objects.current().get()
    assert (claim.figure, str(claim.stated)) == ("700余张", "2022年6月6日")
    assert claim.source


def test_the_clauses_are_marked_as_draft_text_and_cover_the_list_of_the_domain(seeded):
    template = TemplateVersion.objects.current().get()
    assert template.is_draft_text
    assert len(template.clauses) == 10
    assert "示范文本" in template.source


def test_everything_is_in_one_edition_and_a_second_run_adds_nothing(seeded):
    assert Edition.objects.count() == 1
    assert list(chain_faults()) == []
    assert {tally.added for tally in facts.seed()} == {0}
    assert Edition.objects.count() == 1
