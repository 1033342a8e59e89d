"""Half-done forms: begun with what is known, saved without losing anything, read by nobody else."""

import datetime

import pytest

from catalog.enterprises.models import Membership
from portal.applications.cases.models import Application
from portal.applications.cases.workflow import drafting
from portal.applications.cases.workflow.steps import Faulty, Stale
from portal.core.audit.models import AuditEvent
from portal.core.files.intake.refusals import FileRefused
from portal.core.text.uscc import check_character
from portal.core.workflow import NoPermission, NotAllowed
from tests.make import make_enterprise, make_product, make_uscc, make_user, publish_products
from tests.portal.applications.making import (
    CONTACT,
    certificate_values,
    draft_product,
    draft_register,
    enterprise_of,
    item_rows,
    items_of,
    make_owner,
    picture,
    register_values,
)

pytestmark = pytest.mark.django_db


def refused(act) -> NotAllowed:
    with pytest.raises(NotAllowed) as raised:
        act()
    return raised.value


def save(application, by=None, *, revision=None, personal=None, **values):
    return drafting.save_draft(
        application,
        by=by or application.created_by,
        values=values,
        personal=personal or {},
        revision=application.revision if revision is None else revision,
    )


def test_a_stranger_begins_a_registration_and_finds_it_again():
    by, code = make_user(), make_uscc()
    draft = drafting.start(
        "register", by=by, uscc=f" {code[:8]}-{code[8:].lower()} ", values=register_values()
    )
    assert (draft.uscc, draft.state, draft.enterprise, draft.revision) == (code, "draft", None, 0)
    assert draft.values["name"] == "示例新登记建材有限公司"
    assert drafting.start("register", by=by, uscc=code) == draft
    assert AuditEvent.objects.filter(step="case.begun").count() == 1


def test_a_draft_of_one_account_blocks_no_other():
    code = make_uscc()
    first = drafting.start("register", by=make_user(), uscc=code)
    second = drafting.start("register", by=make_user(), uscc=code)
    assert first != second


@pytest.mark.parametrize("code", ["", "123", "350000000000000", "9135000000000000O0"])
def test_a_code_that_is_none_is_refused_with_its_reason(code):
    refusal = refused(lambda: drafting.start("register", by=make_user(), uscc=code))
    assert refusal.faults.keys() == {"uscc"}
    assert Application.objects.count() == 0


def test_a_code_with_a_doubtful_check_character_may_be_drafted():
    front = make_uscc()[:17]
    wrong = next(char for char in "0123456789" if char != check_character(front))
    assert drafting.start("register", by=make_user(), uscc=front + wrong).state == "draft"


def test_a_member_does_not_register_the_enterprise_again():
    by = make_owner()
    refusal = refused(lambda: drafting.start("register", by=by, uscc=enterprise_of(by).uscc))
    assert refusal.rule == "case.member_already"


def test_a_claimant_reads_only_what_the_public_reads():
    enterprise = make_enterprise(phone="0592-7654321", contact_person="李四", address="内部路 9 号")
    listed = drafting.start("register", by=make_user(), uscc=enterprise.uscc)
    assert (listed.values, listed.personal, listed.enterprise) == ({}, {}, enterprise)
    publish_products(make_product(enterprise=enterprise))
    enterprise.phone = "0592-1111111"  # not published yet
    enterprise.save()
    claim = drafting.start("register", by=make_user(), uscc=enterprise.uscc)
    assert claim.values["name"] == enterprise.name
    assert claim.values["phone"] == "0592-7654321"
    assert claim.personal == {}
    assert "address" not in claim.values


def test_a_change_begins_with_what_the_register_holds():
    enterprise = make_enterprise(website="http://example.cn", **CONTACT)
    draft = drafting.start("change", by=make_owner(enterprise), enterprise=enterprise)
    assert draft.values["name"] == enterprise.name
    assert draft.values["website"] == "http://example.cn"
    assert draft.personal == CONTACT


def test_a_renewal_begins_with_the_old_certificate_and_all_its_products():
    enterprise = make_enterprise()
    product = make_product(enterprise=enterprise)
    other = make_product(enterprise=enterprise, certificate=product.certificate)
    make_product(certificate=product.certificate)  # of another enterprise
    make_product(enterprise=enterprise)  # on another certificate
    draft = drafting.start(
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
            lambda target=target: drafting.start(
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
        refusal = refused(lambda by=by: drafting.start(kind, by=by, enterprise=enterprise))
        assert isinstance(refusal, NoPermission)
    assert (
        drafting.start(kind, by=make_owner(enterprise, role="editor"), enterprise=enterprise).state == "draft"
    )


def test_each_save_counts_up_and_leaves_one_event_without_what_was_typed():
    draft = draft_register()
    draft = save(draft, name="示例改名建材有限公司", personal={"contact_person": "王五"})
    draft.refresh_from_db()
    assert (draft.revision, draft.values["name"]) == (1, "示例改名建材有限公司")
    assert draft.values["phone"] == "0592-1234567"
    event = AuditEvent.objects.get(step="case.saved")
    assert "王五" not in str(event.details) + event.target_name


def test_the_later_of_two_tabs_is_told_and_nothing_is_lost():
    draft = draft_register()
    save(draft, phone="0592-2222222")
    refusal = refused(lambda: save(draft, phone="0592-3333333"))
    assert isinstance(refusal, Stale)
    assert refusal.current.values["phone"] == "0592-2222222"
    assert "没有保存" in refusal.sentence
    assert Application.objects.get().values["phone"] == "0592-2222222"


def test_the_same_content_twice_is_no_conflict():
    draft = draft_register()
    save(draft, phone="0592-2222222")
    assert save(draft, phone="0592-2222222").revision == 1


def test_a_faulty_field_saves_nothing():
    draft = draft_register()
    refusal = refused(lambda: save(draft, phone="abc", name="示例另一名称有限公司"))
    assert isinstance(refusal, Faulty)
    assert refusal.faults.keys() == {"phone"}
    draft.refresh_from_db()
    assert draft.values["name"] == "示例新登记建材有限公司"


def test_nobody_but_the_enterprise_edits_a_draft():
    draft = draft_register()
    for by in (
        make_user(),
        make_user("reviewer"),
        make_user("administrator"),
        make_user("pilot_officer:350000"),
    ):
        assert isinstance(refused(lambda by=by: save(draft, by, phone="0592-9999999")), NoPermission)


def test_the_target_of_a_product_case_follows_its_certificate():
    draft = draft_product(number="CABR-01（02）-（2025）-CGP-035")
    assert draft.target == "certificate:demo:CABR-01(02)-(2025)-CGP-035"


def test_lines_are_corrected_in_place_added_and_dropped():
    draft = draft_product(count=3)
    first, second, _third = items_of(draft)
    rows = [
        {"id": second.pk, **item_rows()[0], "name": "改过的名称"},
        {"id": first.pk, **item_rows(1)[0]},
        item_rows(5)[4],
    ]
    draft = drafting.set_items(draft, by=draft.created_by, rows=rows, revision=draft.revision)
    assert [(item.pk, item.name) for item in items_of(draft)][:2] == [
        (first.pk, "示例卷材1号"),
        (second.pk, "改过的名称"),
    ]
    assert [item.name for item in items_of(draft)][2:] == ["示例卷材5号"]


def test_faults_of_lines_name_the_row_and_nothing_is_saved():
    draft = draft_product()
    rows = [*item_rows(2), {"name": "好的", "category": "no-such"}, {**item_rows()[0], "name": "名\x00称"}]
    refusal = refused(
        lambda: drafting.set_items(draft, by=draft.created_by, rows=rows, revision=draft.revision)
    )
    assert refusal.faults.keys() == {"items.2.category", "items.3.name"}
    assert refusal.faults["items.2.category"].startswith("第 3 行")
    assert len(items_of(draft)) == 1


def test_the_same_product_twice_is_told():
    draft = draft_product()
    rows = [item_rows()[0], {**item_rows()[0], "name": "示例卷材１号"}]
    refusal = refused(
        lambda: drafting.set_items(draft, by=draft.created_by, rows=rows, revision=draft.revision)
    )
    assert "第 2 行与第 1 行" in refusal.sentence


def test_too_many_lines_are_refused_with_the_limit(settings):
    settings.CASE_MAX_ITEMS = 2
    draft = draft_product()
    refusal = refused(
        lambda: drafting.set_items(draft, by=draft.created_by, rows=item_rows(3), revision=draft.revision)
    )
    assert "最多 2 个" in refusal.sentence


def test_saving_many_lines_costs_no_more_queries_than_few(django_assert_max_num_queries):
    draft = draft_product()
    rows = item_rows(200)
    with django_assert_max_num_queries(20):
        drafting.set_items(draft, by=draft.created_by, rows=rows, revision=draft.revision)
    assert len(items_of(draft)) == 200


def test_a_paper_is_opened_kept_and_removed(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    draft = drafting.start("register", by=make_user(), uscc=make_uscc())
    document = drafting.add_document(
        draft, by=draft.created_by, purpose="licence", content=picture(), name="执照.png"
    )
    assert (document.file.root, document.file.media_type) == ("private", "image/png")
    drafting.remove_document(document, by=draft.created_by)
    assert not draft.documents.standing().exists()
    assert (
        refused(lambda: drafting.remove_document(document, by=draft.created_by)).rule == "case.document_gone"
    )
    with pytest.raises(FileRefused):
        drafting.add_document(draft, by=draft.created_by, purpose="licence", content=b"MZ\x00", name="a.pdf")
    assert isinstance(
        refused(
            lambda: drafting.add_document(
                draft, by=make_user(), purpose="licence", content=picture(), name="a.png"
            )
        ),
        NoPermission,
    )


def test_a_discarded_draft_forgets_what_was_typed():
    draft = draft_register()
    drafting.discard(draft, by=draft.created_by)
    draft.refresh_from_db()
    assert (draft.state, draft.values, draft.personal) == ("withdrawn", {}, {})
    assert refused(lambda: drafting.discard(draft, by=draft.created_by)).rule == "step.state"
    assert refused(lambda: save(draft, phone="0592-1234567")).rule == "step.state"


def test_a_product_draft_begun_again_after_something_was_written_is_a_new_one():
    by = make_owner()
    enterprise = enterprise_of(by)
    empty = drafting.start("product", by=by, enterprise=enterprise)
    assert drafting.start("product", by=by, enterprise=enterprise) == empty
    save(empty, **certificate_values(enterprise))
    assert drafting.start("product", by=by, enterprise=enterprise) != empty


@pytest.mark.parametrize(
    "junk", ["\x00", "certificate:\x00", "campaign:\x00", "9" * 10_000, "certificate:" + "9" * 40, "１"]
)
@pytest.mark.parametrize("kind", ["renewal", "commitment"])
def test_what_a_changed_form_sends_as_target_is_refused(kind, junk):
    by = make_owner()
    refusal = refused(lambda: drafting.start(kind, by=by, enterprise=enterprise_of(by), target=junk))
    assert refusal.rule == "case.target"


@pytest.mark.parametrize("junk", ["", "\x00", "nation", "35000", "999999", "九"])
def test_what_a_changed_form_sends_as_publisher_is_refused(junk):
    by = make_owner()
    refusal = refused(lambda: drafting.start("product", by=by, enterprise=enterprise_of(by), publisher=junk))
    assert refusal.rule == "batch.publisher"


def test_a_name_of_a_file_is_stored_without_hidden_characters(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    draft = draft_register()
    paper = drafting.add_document(
        draft, by=draft.created_by, purpose="other", content=picture(), name="a\x00\u202egnp.exe"
    )
    assert paper.file.name == "agnp.exe"
    with pytest.raises(NotAllowed):
        drafting.add_document(draft, by=draft.created_by, purpose="junk", content=picture(), name="a")
