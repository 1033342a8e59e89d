"""What the approval of a registration does: the working row, its owner, claims and disputes."""

import pytest

from catalog.enterprises.models import Enterprise, FormerName, Membership
from catalog.publication.models import BatchEntry
from portal.applications.cases.models import Application
from portal.core.audit.models import AuditEvent, Change
from tests.make import make_campaign, make_enterprise, make_user
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import CONTACT, approve, draft_register, hand_in, make_owner

from .drafts import doubtful_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


# -- register ------------------------------------------------------------------------------------------------------------


def test_a_registration_makes_the_working_row_and_its_owner_and_waits_with_the_directory():
    case = approve(hand_in(draft_register()))
    enterprise = Enterprise.objects.get()
    assert (enterprise.uscc, enterprise.name, enterprise.division_id) == (
        case.uscc,
        "示例新登记建材有限公司",
        "350000",
    )
    assert (enterprise.contact_person, enterprise.contact_phone) == tuple(CONTACT.values())
    assert case.enterprise == enterprise
    membership = Membership.objects.get()
    assert (membership.user, membership.role) == (case.created_by, "owner")
    change = Change.objects.get(target="enterprises.enterprise")
    assert (change.source, change.is_created) == (f"case {case.number}", True)
    assert BatchEntry.objects.count() == 0


def test_only_what_was_handed_in_is_copied_never_the_form_as_it_stands():
    case = hand_in(draft_register())
    Application.objects.filter(pk=case.pk).update(
        values=case.values | {"name": "偷换的名称有限公司"}, personal={"contact_person": "偷换"}
    )
    approve(case)
    assert Enterprise.objects.get().name == "示例新登记建材有限公司"
    assert Enterprise.objects.get().contact_person == "张三"


def test_a_doubtful_code_is_blocked_until_a_reviewer_says_that_the_licence_agrees():
    case = hand_in(draft_register(uscc=doubtful_code()))
    refusal = refused(lambda: approve(case))
    assert refusal.rule == "case.uscc"
    assert "证照核对一致" in refusal.sentence
    reviewer = make_user("reviewer")
    approve(case, reviewer, uscc_override="证照核对一致")
    enterprise = Enterprise.objects.get()
    assert (enterprise.uscc_override_reason, enterprise.uscc_override_by) == ("证照核对一致", reviewer)
    event = AuditEvent.objects.get(step="case.approved", is_success=True)
    assert event.details["uscc_override"] == "证照核对一致"


def test_a_sound_code_needs_no_exception_and_gets_none():
    approve(hand_in(draft_register()), uscc_override="证照核对一致")
    assert Enterprise.objects.get().uscc_override_reason == ""


def test_a_claim_gives_the_enterprise_to_its_account_and_keeps_what_was_left_empty():
    enterprise = make_enterprise(address="内部路 9 号", website="http://old.example.cn")
    case = draft_register(
        uscc=enterprise.uscc, name=enterprise.name, address="", website="", phone="0592-8888888"
    )
    approve(hand_in(case))
    enterprise.refresh_from_db()
    assert (enterprise.phone, enterprise.address, enterprise.website) == (
        "0592-8888888",
        "内部路 9 号",
        "http://old.example.cn",
    )
    assert Membership.objects.get().enterprise == enterprise


def test_a_claim_under_another_name_is_refused_and_under_a_former_one_is_not():
    enterprise = make_enterprise()
    case = hand_in(draft_register(uscc=enterprise.uscc, name="示例别的名称有限公司"))
    assert refused(lambda: approve(case)).rule == "case.claim_renames"
    FormerName.objects.create(enterprise=enterprise, name="示例别的名称有限公司")
    approve(case)
    assert Enterprise.objects.get().name == enterprise.name


def test_a_dispute_ends_the_former_owners_and_whom_they_let_in_unless_they_are_kept():
    for keep_owner in (False, True):
        enterprise = make_enterprise()
        owner = make_owner(enterprise)
        make_owner(enterprise, role="editor")
        case = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name))
        assert case.is_disputed
        approve(case, keep_owner=keep_owner)
        active = Membership.objects.active().filter(enterprise=enterprise)
        assert active.filter(user=owner).exists() is keep_owner
        assert active.filter(user=case.created_by, role="owner").exists()
        assert active.filter(role="editor").exists() is keep_owner


def test_a_claim_on_what_got_an_owner_meanwhile_is_no_quiet_change_of_owners():
    enterprise = make_enterprise()
    first, second = (
        hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name)),
        draft_register(uscc=enterprise.uscc, name=enterprise.name),
    )
    second = Application.objects.get(pk=second.pk)
    approve(first)
    second = hand_in(second)
    Application.objects.filter(pk=second.pk).update(is_disputed=False)  # handed in in the same moment
    assert refused(lambda: approve(second)).rule == "case.owned_meanwhile"
    assert Membership.objects.active().get().user == first.created_by
