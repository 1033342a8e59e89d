"""Half-done forms: saved without losing anything, filled with products and papers, read by nobody else."""

import pytest

from portal.applications.cases.models import Application
from portal.applications.cases.workflow import drafting, starting
from portal.applications.cases.workflow.steps import EditConflict, Faulty
from portal.core.audit.models import AuditEvent
from portal.core.files.intake.refusals import FileRefused
from portal.core.workflow import NoPermission, NotAllowed
from tests.make import make_uscc, make_user
from tests.portal.applications.making import (
    draft_product,
    draft_register,
    enterprise_of,
    item_rows,
    items_of,
    make_owner,
    picture,
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
    assert isinstance(refusal, EditConflict)
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
    draft = starting.start("register", by=make_user(), uscc=make_uscc())
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


@pytest.mark.parametrize("junk", ["", "\x00", "nation", "35000", "999999", "九"])
def test_what_a_changed_form_sends_as_publisher_is_refused(junk):
    by = make_owner()
    refusal = refused(lambda: starting.start("product", by=by, enterprise=enterprise_of(by), publisher=junk))
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
