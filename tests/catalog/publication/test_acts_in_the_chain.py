"""Who compiled, approved and published is covered by the chain, by numbers that name nobody; what was sealed before still holds."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from catalog.products.checks import record_check
from catalog.products.models import CertificateCheck
from catalog.publication.models import Batch, Hold
from catalog.publication.publishing import workflow
from catalog.publication.publishing.contents import contents_of, public_header
from catalog.publication.publishing.holds import lift_hold, set_hold
from catalog.publication.publishing.verify import all_faults
from events.notices.models import Notice, NoticeVersion
from portal.applications.privacy.erasing import erase_person
from portal.core.accounts.models import User
from portal.core.editions import protection
from portal.core.editions.acts import ACTS
from portal.core.editions.models import Edition, PublicRow
from portal.core.editions.verify import public_models
from portal.core.files.store import store
from portal.core.workflow import versions
from tests.events.notices.make import draft
from tests.make import enter, make_batch, make_product, make_user, publish_products

pytestmark = pytest.mark.django_db
OLD_CHAIN = Path(__file__).parent / "data" / "chain_schema_1.json"
# Of a public row neither sealed nor attested: its place in the chain, and what the chain is made of.
FRAME = {"id", "key", "from_edition", "until_edition", "replaces", "salts", "hashes", "digest", "redacted"}
WATCHED = [  # table, column: each names a person, a file, or a state
    *(("publication_batch", f"{act}_by_id") for act in ("created", "submitted", "approved", "published")),
    *(("publication_batch", f"{act}_by_id") for act in ("notice_opened", "cancelled")),
    *(("publication_batch", f"{act}_at") for act in ("created", "submitted", "approved")),
    *(("notices_noticeversion", f"{act}_by_id") for act in ("created", "submitted", "reviewed")),
    *(("notices_noticeversion", f"{act}_at") for act in ("created", "submitted")),
    ("products_certificatecheck", "checked_by_id"),
    ("products_certificatecheck", "evidence_id"),
    ("publication_hold", "set_by_id"),
    ("accounts_user", "public_number"),
    ("files_storedfile", "sha256"),
]
NAMED_AS = {"public_number": {"approved_by"}, "sha256": {"evidence"}}  # where the fault shows


@pytest.fixture
def world(settings, tmp_path):
    """Every kind of act once: a batch with its notice, one that was stopped, a check, a hold, a notice and its withdrawal."""
    settings.FILES_ROOT = tmp_path
    people = {role: make_user(role) for role in ("editor", "reviewer", "publisher")}
    made = SimpleNamespace(**people, stranger=make_user("reviewer"))
    made.product = make_product()
    made.batch = publish_products(made.product)
    for ordinal in (2, 3):
        made.noticed = enter(
            make_batch(made.editor, ordinal=ordinal, notice_days=7), make_product(), by=made.editor
        )
        made.noticed = workflow.submit(made.noticed, by=made.editor)
        made.noticed = workflow.approve(made.noticed, by=made.reviewer)
        made.noticed = workflow.open_notice(made.noticed, by=made.publisher)
    made.stopped = workflow.stop_notice(made.noticed, by=made.publisher, reason="有异议")
    made.other = store(b"another", name="b.png", media_type="image/png")
    evidence = store(b"screenshot", name="a.png", media_type="image/png")
    record_check(made.product.certificate, by=made.reviewer, result="valid", evidence=evidence)
    set_hold(made.product, by=made.publisher, reason="核查")
    lift_hold(made.product, by=made.publisher, reason="无问题")
    notice = Notice.objects.create()
    wording = versions.submit(draft(made.editor, notice), by=made.editor)
    versions.publish(wording, by=made.reviewer)
    versions.withdraw(NoticeVersion, notice, by=made.reviewer, reason="重复")
    protection.remove()
    return made


def alter(table: str, column: str, value: str | int | None, where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE {where}', [value])


def found() -> set[tuple[str, str]]:
    return {(fault.subject, fault.field) for fault in all_faults()}


def test_nothing_is_found_where_nothing_was_altered(world):
    assert list(all_faults()) == []


def test_any_act_that_is_altered_afterwards_is_found_by_its_field(world):
    missed = []
    for table, column in WATCHED:
        with transaction.atomic():
            alter(table, column, another(world, column), f'"{column}" IS NOT NULL')
            fields = {field for _subject, field in found()}
            transaction.set_rollback(True)
        if not fields & NAMED_AS.get(column, {column.removesuffix("_id")}):
            missed.append((table, column, fields))
    assert missed == []
    assert list(all_faults()) == []


def another(world, column: str):
    if column == "public_number":
        return "00000000"
    if column == "sha256":
        return "0" * 64
    if column == "evidence_id":
        return world.other.pk
    return world.stranger.pk if column.endswith("_id") else "2001-01-01 00:00:00+00:00"


def test_a_flipped_approval_is_named_by_batch_field_and_edition(world, capsys):
    alter("publication_batch", "approved_by_id", world.batch.created_by_id, f"id = {world.batch.pk}")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_chain")
    assert stopped.value.code == 1
    printed = capsys.readouterr().out
    assert (
        f"{world.batch.slug}（第{world.batch.edition_id}版） batch/{world.batch.slug} approved_by" in printed
    )


def test_an_act_that_was_taken_away_or_filled_in_later_is_found(world):
    alter("publication_batch", "notice_opened_by_id", world.stranger.pk, f"id = {world.batch.pk}")
    assert (world.batch.slug, "notice_opened_by") in found()
    alter("notices_noticeversion", "submitted_by_id", None, "submitted_by_id IS NOT NULL")
    assert "submitted_by" in {field for _subject, field in found()}


def test_the_header_says_numbers_and_no_names(world):
    said = world.batch.edition.header
    acts = said[ACTS][f"batch/{world.batch.slug}"]
    numbers = dict(User.objects.values_list("pk", "public_number"))
    assert acts["created_by"] == numbers[world.batch.created_by_id]
    assert acts["approved_by"] == numbers[world.batch.approved_by_id]
    assert acts["published_by"] == numbers[world.batch.published_by_id]
    assert len({acts["created_by"], acts["approved_by"]}) == 2
    everything = str([edition.header for edition in Edition.objects.all()])
    assert not any(user.username in everything for user in User.objects.all())


def test_an_edition_says_what_had_happened_by_then(world):
    opened = world.stopped.notice_edition.header[ACTS][f"batch/{world.stopped.slug}"]
    ended = world.stopped.cancelled_edition.header[ACTS][f"batch/{world.stopped.slug}"]
    assert "cancelled_by" not in opened
    assert ended["cancelled_by"] == ended["notice_opened_by"] == opened["notice_opened_by"]


def test_lines_that_are_shown_for_objection_are_named_by_their_edition(world):
    batch = world.stopped
    assert (
        batch.notice_edition.header["ids"] == batch.cancelled_edition.header["ids"] == contents_of(batch).ids
    )


def test_checks_and_holds_say_who_and_on_what_evidence(world):
    check, hold = CertificateCheck.objects.get(), Hold.objects.current().get()
    assert check.from_edition.header[ACTS][check.key] == {
        "checked_by": User.objects.get(pk=world.reviewer.pk).public_number,
        "evidence": check.evidence.sha256,
    }
    assert hold.from_edition.header[ACTS][hold.key]["set_by"] == hold.set_by.public_number


def test_every_column_of_every_public_row_is_sealed_or_attested():
    loose = [
        f"{model._meta.model_name}.{field.name}"
        for model in public_models()
        for field in model._meta.concrete_fields
        if not {field.name, field.attname} & {*model.SEALED, *model.ATTESTED, *FRAME}
    ]
    assert loose == []
    assert PublicRow.ATTESTED == ()


def test_every_column_of_a_batch_is_said_by_its_header_or_part_of_the_chain():
    said = {*public_header(Batch(campaign=make_batch().campaign)), *workflow.acts.PUBLISHED}
    frame = {"id", "state", "edition", "notice_edition", "cancelled_edition"}
    columns = {field.name for field in Batch._meta.concrete_fields}
    assert columns - said - frame - set(workflow.acts.NOTICE_STOPPED) == set()


def test_the_erasure_of_a_person_leaves_the_chain_whole_and_the_two_apart(world):
    approver = world.batch.approved_by
    number = User.objects.get(pk=approver.pk).public_number
    before = world.batch.edition.header
    erase_person(approver, by=make_user("administrator"), basis="本人申请")
    assert User.objects.get(pk=approver.pk).public_number == number
    assert list(all_faults()) == []
    assert Edition.objects.get(batch=world.batch).header == before


def test_a_chain_that_was_sealed_before_acts_were_covered_is_whole(settings):
    call_command("loaddata", OLD_CHAIN, ignore=True, verbosity=0)
    assert {edition.header["schema"] for edition in Edition.objects.all()} == {1}
    assert list(all_faults()) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [("publication_batch", "title"), ("publication_productline", "brand"), ("editions_edition", "header")],
)
def test_an_old_chain_is_judged_as_it_always_was(table, column):
    call_command("loaddata", OLD_CHAIN, ignore=True, verbosity=0)
    protection.remove()
    alter(table, column, '{"schema": 2}' if column == "header" else "改", "1 = 1")
    assert found()


def test_new_editions_go_on_from_an_old_chain():
    call_command("loaddata", OLD_CHAIN, ignore=True, verbosity=0)
    batch = publish_products(make_product(), ordinal=9)
    assert batch.edition.header["schema"] == 2
    assert list(all_faults()) == []
    protection.remove()
    alter("publication_batch", "approved_by_id", batch.created_by_id, f"id = {batch.pk}")
    assert found() == {(batch.slug, "approved_by")}
