"""What an approval does: reviewed values into working rows and drafts, with the right action, and nothing into the open."""

import datetime

import pytest
from django.utils import timezone

from catalog.enterprises.models import Enterprise, FormerName, Membership
from catalog.products.models import Certificate, Product
from catalog.publication.compiling import compile as compiling
from catalog.publication.compiling.numbering import current_draft
from catalog.publication.models import Action, Batch, BatchEntry, EnterpriseLine, ProductLine
from catalog.publication.publishing import workflow
from events.commitments.models import ClauseTemplate, LetterVersion, Signatory, TemplateVersion
from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting
from portal.applications.review.deciding import ItemDecision
from portal.core.audit.models import AuditEvent, Change
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.text.uscc import check_character
from portal.core.workflow import NoPermission, NotAllowed, versions
from tests.make import (
    make_campaign,
    make_certificate,
    make_enterprise,
    make_product,
    make_uscc,
    make_user,
    publish_products,
    publish_version,
)
from tests.portal.applications.cases.test_drafting import refused
from tests.portal.applications.making import (
    CONTACT,
    approve,
    certificate_values,
    draft_change,
    draft_product,
    draft_register,
    draft_renewal,
    draft_withdraw,
    enterprise_of,
    hand_in,
    items_of,
    make_owner,
    publish_draft,
    with_papers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def entries(kind: str = "batch", publisher: str = "national") -> list[BatchEntry]:
    return list(BatchEntry.objects.filter(batch__kind=kind, batch__publisher=publisher).order_by("id"))


def actions(kind: str, publisher: str = "national") -> list[tuple[str, str]]:
    return [(entry.action, str(entry.enterprise or entry.product)) for entry in entries(kind, publisher)]


def listed_owner(**changes) -> tuple:
    """An enterprise with one listed product, and its owner."""
    product = make_product(enterprise=make_enterprise(**changes))
    publish_products(product)
    return product, make_owner(product.enterprise)


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


def doubtful_code() -> str:
    front = make_uscc()[:17]
    return front + next(char for char in "0123456789" if char != check_character(front))


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


# -- change --------------------------------------------------------------------------------------------------------------


def test_a_change_of_an_unlisted_enterprise_enters_no_draft():
    enterprise = make_enterprise()
    approve(hand_in(draft_change(make_owner(enterprise), phone="0592-8888888")))
    enterprise.refresh_from_db()
    assert enterprise.phone == "0592-8888888"
    assert BatchEntry.objects.count() == 0


def renamed(by, **changes):
    values = {"name": "示例新名称有限公司", "renamed_on": "2026-10-01", "rename_evidence": "变更登记通知书"}
    return draft_change(by, **(values | changes))


def test_a_rename_keeps_the_former_name_and_enters_where_it_is_listed():
    product, by = listed_owner()
    old = product.enterprise.name
    approve(hand_in(renamed(by)))
    former = FormerName.objects.get()
    assert (former.name, former.until_on, former.evidence) == (
        old,
        datetime.date(2026, 10, 1),
        "变更登记通知书",
    )
    assert actions("adjustment") == [(Action.CHANGE, "示例新名称有限公司")]
    assert EnterpriseLine.objects.current().get().name == old
    publish_draft("adjustment")
    assert ProductLine.objects.current().get().enterprise_name == "示例新名称有限公司"
    assert ProductLine.objects.current().get().action == Action.FOLLOW


def test_an_internal_change_of_a_listed_enterprise_enters_no_draft():
    _product, by = listed_owner()
    approve(hand_in(draft_change(by, address="新址 8 号")))
    assert entries("adjustment") == []


def test_a_telephone_goes_to_every_list_that_shows_it_and_a_name_to_one():
    enterprise = make_enterprise()
    publish_products(make_product(enterprise=enterprise))
    batch = current_draft("350000", "batch", by=make_user("editor"))
    compiling.enter_enterprises(batch, [enterprise], by=make_user("editor"))
    publish_draft("batch", "350000")
    by = make_owner(enterprise)
    approve(hand_in(renamed(by)))
    assert len(entries("adjustment")) == 1
    assert entries("adjustment", "350000") == []
    approve(hand_in(draft_change(by, phone="0592-8888888")))
    assert len(entries("adjustment", "350000")) == 1


def test_a_name_in_a_batch_that_is_frozen_waits_for_its_publication():
    product = make_product()
    by = make_owner(product.enterprise)
    batch = current_draft("national", "batch", by=make_user("editor"))
    compiling.enter_products(batch, [product], by=batch.created_by)
    compiling.enter_missing_enterprises(batch, by=batch.created_by)
    workflow.submit(batch, by=batch.created_by)
    case = hand_in(renamed(by))
    refusal = refused(lambda: approve(case))
    assert refusal.rule == "case.frozen"
    assert batch.slug in refusal.sentence


def test_a_listed_enterprise_with_products_in_a_frozen_batch_changes_its_telephone_but_not_its_name():
    _product, by = listed_owner()
    approve(hand_in(draft_product(by)))
    workflow.submit(Batch.objects.get(state="draft"), by=make_user("editor"))
    assert refused(lambda: approve(hand_in(renamed(by)))).rule == "case.frozen"
    Application.objects.filter(kind="change").update(state="withdrawn")
    assert approve(hand_in(draft_change(by, phone="0592-8888888"))).state == "approved"


# -- products ------------------------------------------------------------------------------------------------------------


def test_products_come_with_their_certificate_and_their_enterprise_into_the_next_batch():
    case = approve(hand_in(draft_product(count=2)))
    certificate = Certificate.objects.get()
    assert certificate.number == case.values["number"]
    assert certificate.valid_until.isoformat() == case.values["valid_until"]
    assert [product.name for product in Product.objects.order_by("pk")] == ["示例卷材1号", "示例卷材2号"]
    assert actions("batch") == [
        (Action.LIST, "示例卷材1号"),
        (Action.LIST, "示例卷材2号"),
        (Action.LIST, case.enterprise.name),
    ]
    assert {entry.source for entry in entries()} == {f"case {case.number}"}
    assert [item.product.name for item in items_of(case)] == ["示例卷材1号", "示例卷材2号"]
    assert Change.objects.filter(source=f"case {case.number}").count() == 3
    assert Edition.objects.count() == 0
    assert ProductLine.objects.count() == 0


def test_a_listed_enterprise_is_not_entered_again():
    _product, by = listed_owner()
    approve(hand_in(draft_product(by)))
    assert [action for action, _name in actions("batch") if action == Action.LIST].count(Action.LIST) >= 1
    fresh = [entry for entry in entries() if entry.source.startswith("case")]
    assert [bool(entry.product) for entry in fresh] == [True]


def test_a_case_for_a_regions_list_goes_into_that_regions_batch():
    officer = make_user("pilot_officer:350000")
    case = hand_in(draft_product(publisher="350000"))
    approve(case, officer)
    assert [action for action, _name in actions("batch", "350000")] == [Action.LIST, Action.LIST]
    assert entries("batch", "national") == []


def test_the_decision_opens_no_other_way_into_the_drafts():
    reviewer = make_user("reviewer")
    approve(hand_in(draft_product()), reviewer)
    batch = Batch.objects.get()
    with pytest.raises(NoPermission):
        compiling.enter_products(batch, [make_product()], by=reviewer)
    with pytest.raises(NoPermission):
        workflow.submit(batch, by=reviewer)
    with pytest.raises(NoPermission):
        current_draft("national", "adjustment", by=reviewer)


def test_a_known_certificate_gets_more_products_and_a_known_product_is_no_second_one():
    product, by = listed_owner()
    certificate = product.certificate
    values = {
        "number": certificate.number,
        "body": certificate.body.code,
        "applicant_name": product.enterprise.name,
    }
    draft = draft_product(by, **values)
    rows = [
        {
            "name": product.name,
            "models_text": product.models_text,
            "brand": "新牌",
            "category": product.category_id,
        },
        {"name": "另一种卷材", "models_text": "", "brand": "", "category": product.category_id},
    ]
    draft = drafting.set_items(draft, by=by, rows=rows, revision=draft.revision)
    approve(hand_in(draft))
    assert Certificate.objects.count() == 1
    product.refresh_from_db()
    assert (product.brand, certificate.products.count()) == ("新牌", 2)
    fresh = [entry for entry in entries() if entry.source.startswith("case")]
    assert [(entry.action, entry.product.name) for entry in fresh] == [
        (Action.CHANGE, product.name),
        (Action.LIST, "另一种卷材"),
    ]


def test_a_certificate_under_another_holder_is_refused():
    certificate = make_product().certificate
    by = make_owner()
    values = certificate_values(enterprise_of(by), number=certificate.number, body=certificate.body.code)
    case = hand_in(draft_product(by, **values))
    assert refused(lambda: approve(case)).rule == "case.certificate_of_another"
    assert Product.objects.count() == 1


def test_a_shared_certificate_is_not_rewritten_by_one_of_its_enterprises():
    by = make_owner()
    certificate = make_certificate(maker_name=enterprise_of(by).name, standard="原标准")
    make_product(certificate=certificate)
    values = certificate_values(enterprise_of(by), number=certificate.number, standard="改写的标准")
    approve(hand_in(draft_product(by, **values)))
    certificate.refresh_from_db()
    assert certificate.standard == "原标准"
    assert certificate.products.count() == 2


@pytest.mark.parametrize("status", ["suspended", "revoked", "cancelled"])
def test_a_certificate_that_is_not_valid_lists_nothing(status):
    by = make_owner()
    certificate = make_certificate(
        status=status, status_on=clock.today(), applicant_name=enterprise_of(by).name
    )
    case = hand_in(draft_product(by, number=certificate.number))
    assert refused(lambda: approve(case)).rule == "case.certificate_status"


def test_a_certificate_that_was_renewed_lists_nothing():
    by = make_owner()
    old = make_certificate(applicant_name=enterprise_of(by).name)
    make_certificate(renews=old)
    case = hand_in(draft_product(by, number=old.number))
    assert refused(lambda: approve(case)).rule == "case.certificate_replaced"


# -- renewal ------------------------------------------------------------------------------------------------------------


def test_a_renewal_moves_every_product_and_enters_the_listed_ones_as_changed():
    product, by = listed_owner()
    unlisted = make_product(enterprise=product.enterprise, certificate=product.certificate)
    case = approve(hand_in(draft_renewal(by, product.certificate)))
    new = Certificate.objects.get(renews=product.certificate)
    assert new.number == f"{product.certificate.number}R"
    assert set(new.products.all()) == {product, unlisted}
    assert actions("adjustment") == [(Action.CHANGE, product.name)]
    assert (Action.LIST, unlisted.name) in actions("batch")
    assert Change.objects.filter(source=f"case {case.number}", target="products.product").count() == 2
    assert Product.objects.get(pk=product.pk).serial is not None


def test_a_renewal_of_another_certificate_under_the_same_new_number_is_refused():
    product, by = listed_owner()
    other = make_certificate(number=f"{product.certificate.number}R", renews=make_certificate())
    make_product(enterprise=product.enterprise, certificate=other)
    case = hand_in(draft_renewal(by, product.certificate))
    assert refused(lambda: approve(case)).rule == "case.certificate_renews_another"


def test_a_certificate_is_renewed_once():
    product, by = listed_owner()
    case = hand_in(draft_renewal(by, product.certificate))
    make_certificate(number="ANOTHER-NEW", renews=product.certificate)
    assert refused(lambda: approve(case)).rule == "case.renewed_already"


def test_lines_of_a_renewal_that_were_returned_follow_later():
    product, by = listed_owner()
    other = make_product(enterprise=product.enterprise, certificate=product.certificate)
    case = hand_in(draft_renewal(by, product.certificate))
    second = items_of(case)[1]
    verdict = ItemDecision("returned", [Reason("items", "models_differ")])
    case = approve(case, items={second.pk: verdict})
    new = Certificate.objects.get(renews=product.certificate)
    assert list(new.products.all()) == [product]
    approve(hand_in(case))
    other.refresh_from_db()
    assert other.certificate == new


# -- withdrawal ---------------------------------------------------------------------------------------------------------


def test_a_withdrawn_product_is_removed_with_the_reason_that_the_public_reads():
    product, by = listed_owner()
    kept = make_product(enterprise=product.enterprise)
    publish_products(kept)
    approve(hand_in(draft_withdraw(by, product, reason="停产")))
    entry = entries("adjustment")[0]
    assert (entry.action, entry.product, entry.reason_code, entry.reason) == (
        Action.REMOVE,
        product,
        "withdrawn",
        "企业申请退出：停产",
    )
    assert len(entries("adjustment")) == 1
    publish_draft("adjustment")
    assert {line.listing_status for line in ProductLine.objects.current().filter(product=product)} == {
        "removed"
    }
    assert {line.listing_status for line in ProductLine.objects.current().filter(product=kept)} == {"listed"}


def test_a_whole_enterprise_withdraws_with_all_its_products():
    product, by = listed_owner()
    approve(hand_in(draft_withdraw(by)))
    assert sorted(action for action, _name in actions("adjustment")) == [Action.REMOVE, Action.REMOVE]
    publish_draft("adjustment")
    assert EnterpriseLine.objects.current().get().listing_status == "removed"
    assert product.enterprise.name


def test_what_waits_in_a_draft_is_taken_out_of_it():
    by = make_owner()
    approve(hand_in(draft_product(by)))
    product = Product.objects.get()
    approve(hand_in(draft_withdraw(by, product)))
    assert [entry.product for entry in entries() if entry.product] == []


def test_what_is_nowhere_listed_cannot_leave():
    product = make_product()
    case = hand_in(draft_withdraw(make_owner(product.enterprise), product))
    assert refused(lambda: approve(case)).rule == "case.nothing_listed"


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
    draft = drafting.start(
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


# -- cost ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 60])
def test_an_approval_costs_the_same_for_few_lines_and_for_many(count, django_assert_max_num_queries):
    case = hand_in(draft_product(count=count))
    reviewer = make_user("reviewer")
    digest = case.submissions.get().digest
    with django_assert_max_num_queries(75):
        approve(case, reviewer, digest=digest)
    assert Product.objects.count() == count


@pytest.mark.parametrize("count", [2, 40])
def test_a_renewal_costs_the_same_for_few_products_and_for_many(count, django_assert_max_num_queries):
    product, by = listed_owner()
    for _number in range(count - 1):
        make_product(enterprise=product.enterprise, certificate=product.certificate)
    case = hand_in(draft_renewal(by, product.certificate))
    with django_assert_max_num_queries(90):
        approve(case, make_user("reviewer"), digest=case.submissions.get().digest)
    assert Certificate.objects.get(renews=product.certificate).products.count() == count
