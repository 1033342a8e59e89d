"""What the approval of a letter does: it waits for a second person, its signatory stays internal."""

import datetime

import pytest
from django.utils import timezone

from events.commitments.models import ClauseTemplate, LetterVersion, Signatory, TemplateVersion
from portal.applications.cases.models import Application
from portal.applications.cases.workflow import starting
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.workflow import NotAllowed, versions
from tests.make import make_campaign, make_user, publish_version
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import approve, enterprise_of, hand_in, make_owner, with_papers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


# -- commitment -----------------------------------------------------------------------------------------------------------


def draft_commitment(by):
    template = ClauseTemplate.objects.create()
    version = publish_version(
        TemplateVersion(
            template=template,
            key=template.key,
            title="承诺书",
            clauses=[{"title": "一", "text": "真实"}],
            source="测试",
        )
    )
    campaign = make_campaign()
    draft = starting.start(
        "commitment",
        by=by,
        enterprise=enterprise_of(by),
        target=f"campaign:{campaign.slug}",
        values={"signed_on": clock.today().isoformat()},
        personal={"signatory_name": "王五", "signatory_title": "总经理"},
    )
    assert draft.values["template_version"] == version.pk
    return with_papers(draft)


def ten_minutes_later(case):
    Application.objects.filter(pk=case.pk).update(withdrawable_until=timezone.now())
    case.refresh_from_db()
    return case


def test_a_letter_is_not_accepted_while_it_can_be_withdrawn():
    case = hand_in(draft_commitment(make_owner()))
    assert case.withdrawable_until - case.submitted_at == datetime.timedelta(minutes=10)
    refusal = refused(lambda: approve(case))
    until = case.withdrawable_until.astimezone(clock.SHANGHAI)
    assert f"可撤回至 {until:%H:%M}" in refusal.sentence
    assert approve(ten_minutes_later(case)).state == "approved"


def test_a_letter_waits_for_a_second_person_and_its_signatory_stays_internal():
    reviewer = make_user("reviewer")
    case = hand_in(draft_commitment(make_owner()))
    approve(ten_minutes_later(case), reviewer)
    version = LetterVersion.objects.get()
    assert (version.state, version.party_name, version.uscc) == (
        "in_review",
        case.enterprise.name,
        case.uscc,
    )
    assert version.from_edition is None
    signatory = Signatory.objects.get()
    assert (signatory.letter, signatory.name, signatory.title) == (version.letter, "王五", "总经理")
    with pytest.raises(NotAllowed):
        versions.publish(version, by=reviewer)
    assert versions.publish(version, by=make_user("publisher")).state == "published"
    assert "王五" not in str(LetterVersion.objects.values()) + str(AuditEvent.objects.values())
