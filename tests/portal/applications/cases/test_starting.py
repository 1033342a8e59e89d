"""A form begins with what is known, once for each matter, and for whoever may speak for the enterprise."""

import datetime

import pytest

from catalog.enterprises.models import Membership
from portal.applications.cases.models import Application
from portal.applications.cases.workflow import starting
from portal.core.audit.models import AuditEvent
from portal.core.text.uscc import check_character
from portal.core.workflow import NoPermission
from tests.make import make_enterprise, make_product, make_uscc, make_user, publish_products
from tests.portal.applications.making import (
    CONTACT,
    certificate_values,
    enterprise_of,
    items_of,
    make_owner,
    register_values,
)

from .test_drafting import refused, save

pytestmark = pytest.mark.django_db


def test_a_stranger_begins_a_registration_and_finds_it_again():
    by, code = make_user(), make_uscc()
    draft = starting.start(
        "register", by=by, uscc=f" {code[:8]}-{code[8:].lower()} ", values=register_values()
    )
    assert (draft.uscc, draft.state, draft.enterprise, draft.revision) == (code, "draft", None, 0)
    assert draft.values["name"] == "示例新登记建材有限公司"
    assert starting.start("register", by=by, uscc=code) == draft
    assert AuditEvent.objects.filter(step="case.begun").count() == 1


def test_a_draft_of_one_account_blocks_no_other():
    code = make_uscc()
    first = starting.start("register", by=make_user(), uscc=code)
    second = starting.start("register", by=make_user(), uscc=code)
    assert first != second


@pytest.mark.parametrize("code", ["", "123", "350000000000000", "9135000000000000O0"])
def test_a_code_that_is_none_is_refused_with_its_reason(code):
    refusal = refused(lambda: starting.start("register", by=make_user(), uscc=code))
    assert refusal.faults.keys() == {"uscc"}
    assert Application.objects.count() == 0


def test_a_code_with_a_doubtful_check_character_may_be_drafted():
    front = make_uscc()[:17]
    wrong = next(char for char in "0123456789" if char != check_character(front))
    assert starting.start("register", by=make_user(), uscc=front + wrong).state == "draft"


def test_a_member_does_not_register_the_enterprise_again():
    by = make_owner()
    refusal = refused(lambda: starting.start("register", by=by, uscc=enterprise_of(by).uscc))
    assert refusal.rule == "case.member_already"


def test_a_claimant_reads_only_what_the_public_reads():
    enterprise = make_enterprise(phone="0592-7654321", contact_person="李四", address="内部路 9 号")
    listed = starting.start("register", by=make_user(), uscc=enterprise.uscc)
    assert (listed.values, listed.personal, listed.enterprise) == ({}, {}, enterprise)
    publish_products(make_product(enterprise=enterprise))
    enterprise.phone = "0592-1111111"  # not published yet
    enterprise.save()
    claim = starting.start("register", by=make_user(), uscc=enterprise.uscc)
    assert claim.values["name"] == enterprise.name
    assert claim.values["phone"] == "0592-7654321"
    assert claim.personal == {}
    assert "address" not in claim.values


def test_a_change_begins_with_what_the_register_holds():
    enterprise = make_enterprise(website="http://example.cn", **CONTACT)
    draft = starting.start("change", by=make_owner(enterprise), enterprise=enterprise)
    assert draft.values["name"] == enterprise.name
    assert draft.values["website"] == "http://example.cn"
    assert draft.personal == CONTACT


def test_a_renewal_begins_with_the_old_certificate_and_all_its_products():
    enterprise = make_enterprise()
    product = make_product(enterprise=enterprise)
    other = make_product(enterprise=enterprise, certificate=product.certificate)
    make_product(certificate=product.certificate)  # of another enterprise
    make_product(enterprise=enterprise)  # on another certificate
    draft = starting.start(
        "renewal",
        by=make_owner(enterprise),
        enterprise=enterprise,
        target=f"certificate:{product.certificate_id}",
    )
    assert draft.values["body"] == product.certificate.body.code
    assert draft.values["star"] == "3"
    assert [item.product for item in items_of(draft)] == [product, other]


def test_a_certificate_of_another_enterprise_is_not_renewed():
    certificate = make_product().certificate
    by = make_owner()
    for target in (f"certificate:{certificate.pk}", "certificate:", "certificate:abc", ""):
        refusal = refused(
            lambda target=target: starting.start(
                "renewal", by=by, enterprise=enterprise_of(by), target=target
            )
        )
        assert refusal.rule == "case.target"


@pytest.mark.parametrize("kind", ["change", "product", "withdraw"])
def test_only_owners_and_editors_begin_something_for_an_enterprise(kind):
    enterprise = make_enterprise()
    former = make_owner(enterprise)
    Membership.objects.update(ended_at=datetime.datetime.now(datetime.UTC))
    for by in (
        make_user(),
        make_owner(),
        make_owner(enterprise, role="reader"),
        former,
        make_user("reviewer"),
    ):
        refusal = refused(lambda by=by: starting.start(kind, by=by, enterprise=enterprise))
        assert isinstance(refusal, NoPermission)
    assert (
        starting.start(kind, by=make_owner(enterprise, role="editor"), enterprise=enterprise).state == "draft"
    )


def test_a_product_draft_begun_again_after_something_was_written_is_a_new_one():
    by = make_owner()
    enterprise = enterprise_of(by)
    empty = starting.start("product", by=by, enterprise=enterprise)
    assert starting.start("product", by=by, enterprise=enterprise) == empty
    save(empty, **certificate_values(enterprise))
    assert starting.start("product", by=by, enterprise=enterprise) != empty


@pytest.mark.parametrize(
    "junk", ["\x00", "certificate:\x00", "campaign:\x00", "9" * 10_000, "certificate:" + "9" * 40, "１"]
)
@pytest.mark.parametrize("kind", ["renewal", "commitment"])
def test_what_a_changed_form_sends_as_target_is_refused(kind, junk):
    by = make_owner()
    refusal = refused(lambda: starting.start(kind, by=by, enterprise=enterprise_of(by), target=junk))
    assert refusal.rule == "case.target"
