"""Erasing a person reaches every table and every file, and leaves what the record needs, without the person."""

import datetime

import pytest
import xlsxwriter
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from catalog.imports import redaction
from catalog.imports.importing import ImportRequest, import_file
from catalog.imports.models import ImportRun
from catalog.publication.models import EnterpriseLine
from catalog.publication.publishing.verify import all_faults
from events.enquiries import workflow as enquiries
from events.enquiries.models import Enquiry
from portal.applications.cases.models import Act, Application, Document, Invitation, UnsavedForm
from portal.applications.cases.workflow import handing_in
from portal.applications.privacy.consents import give_consent
from portal.applications.privacy.erasing import ask, erase_person, preview
from portal.applications.privacy.models import ErasureRequest
from portal.applications.privacy.texts import SUPPORT_SHARING
from portal.core.accounts.models import User
from portal.core.audit.changes import save_working
from portal.core.audit.models import AuditEvent, Change
from portal.core.files.intake.documents import examine_document
from portal.core.files.store import store
from portal.core.mail.models import Message
from portal.core.workflow import NoPermission, NotAllowed
from tests.events.enquiries.letters import make_enquiry
from tests.make import make_batch, make_enterprise, make_product, make_user, publish_products
from tests.portal.applications.making import draft_register
from tests.portal.core.files.uploads import pdf

from .searching import files_with, tables_with

NAME, PHONE, ADDRESS = "陈大明", "13812341234", "chen.daming@example.com"
SECRETS = (NAME, PHONE, ADDRESS)


@pytest.fixture
def person(db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    user = make_user(last_name="陈", first_name="大明", email=ADDRESS, person="P-17")
    user.set_password("Sommer-2026-x")
    user.save()
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    return user


@pytest.fixture
def administrator(db):
    return make_user("administrator")


def on_the_list(person) -> Enterprise:
    """An enterprise that the public reads, with the person as its member and contact, and edits behind it."""
    enterprise = make_enterprise(contact_person=NAME, contact_phone=PHONE)
    publish_products(make_product(enterprise=enterprise))
    Membership.objects.create(enterprise=enterprise, user=person, role=Membership.Role.OWNER)
    enterprise.address = f"示例路 1 号，{NAME}收"
    save_working(enterprise, by=person)
    enterprise.address, enterprise.contact_phone = "示例路 1 号", "13900001111"
    save_working(enterprise, by=person)
    enterprise.contact_phone = PHONE
    save_working(enterprise, by=make_user("editor"))
    return enterprise


def imported(enterprise, tmp_path) -> None:
    path = tmp_path / "名录.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "省份", "联系人", "联系人电话"])
        sheet.write_row(1, 0, [enterprise.name, enterprise.uscc, "福建省", NAME, PHONE])
    batch = make_batch(ordinal=2)
    import_file(path, ImportRequest("enterprises", "national", batch.created_by, slug=batch.slug))
    assert ImportRun.objects.get().file is not None


def case_of(person) -> Application:
    """A registration that was handed in with real papers and a message, and taken back."""
    case = draft_register(person)
    Application.objects.filter(pk=case.pk).update(personal={"contact_person": NAME, "contact_phone": PHONE})
    case.documents.all().delete()
    for purpose in ("licence", "authorisation"):
        found = examine_document(pdf(f"{purpose} of the holder, telephone {PHONE}"))
        file = store(found.content, name=f"{NAME}.pdf", media_type=found.media_type, by=person)
        Document.objects.create(application=case, purpose=purpose, file=file, uploaded_by=person)
    case.refresh_from_db()
    case = handing_in.submit(case, by=person, revision=case.revision)
    Act.objects.create(
        application=case, kind="message", side="enterprise", by=person, text=f"我是{NAME}，{PHONE}"
    )
    return handing_in.withdraw(case, by=person)


def small_things_of(person, enterprise, case) -> None:
    Message.objects.create(recipient=person, address=ADDRESS, subject=f"{NAME}，您好", text="材料已收到。")
    Invitation.objects.create(
        enterprise=enterprise,
        email=ADDRESS,
        role="editor",
        token_hash="x",
        invited_by=person,
        expires_at=timezone.now(),
    )
    UnsavedForm.objects.create(application=case, user=person, fields={"contact_person": NAME}, revision=1)
    give_consent(person, SUPPORT_SHARING, by=person)


def answered_enquiry(person) -> Enquiry:
    enquiry = make_enquiry(contact_name=NAME, contact_phone=PHONE, contact_email=ADDRESS.upper())
    return enquiries.answer(enquiry, by=make_user("editor"), text=f"{NAME}您好")


@pytest.mark.django_db(transaction=True)
def test_after_an_erasure_no_table_and_no_file_knows_the_person(
    person, administrator, tmp_path, client, monkeypatch
):
    enterprise = on_the_list(person)
    imported(enterprise, tmp_path)
    small_things_of(person, enterprise, case_of(person))
    answered_enquiry(person)
    client.force_login(person)
    colleague = make_user(last_name="李", first_name="四光")
    assert len(tables_with(SECRETS)) >= 10
    assert len(files_with(SECRETS)) >= 3

    read, under_lock = redaction._stands_in, []
    monkeypatch.setattr(
        redaction, "_stands_in", lambda *file: under_lock.append(connection.in_atomic_block) or read(*file)
    )
    erase_person(person, by=administrator, basis="本人 2026-11-24 申请")

    assert under_lock == [False], "workbooks are read before anybody waits"
    assert tables_with(SECRETS) == set()
    assert files_with(SECRETS) == []
    assert tables_with(["P-17"]) == set()
    line = EnterpriseLine.objects.get(uscc=enterprise.uscc)
    assert line.name == enterprise.name
    assert list(all_faults()) == []
    colleague.refresh_from_db()
    assert str(colleague) == "李四光"
    assert not Session.objects.exists()


def test_the_account_keeps_its_number_and_nothing_else(person, administrator, client):
    client.force_login(person)
    erase_person(person, by=administrator, basis="来信")
    person.refresh_from_db()
    assert person.username == f"已注销账号-{person.pk}"
    assert str(person) == person.username
    assert not person.is_active
    assert not person.has_usable_password()
    assert client.get("/accounts/data/").status_code == 302


def test_the_trail_names_accounts_of_enterprises_by_number_from_the_beginning(person, administrator, client):
    ask(person)
    event = AuditEvent.objects.get(step="erasure.asked")
    assert event.actor_name == f"账号 {person.pk}"
    client.force_login(make_user("auditor"))
    assert f"账号 {person.pk}（{NAME}）" in client.get("/admin/audit/auditevent/").content.decode()
    erase_person(person, by=administrator, basis="来信")
    page = client.get("/admin/audit/auditevent/").content.decode()
    assert f"账号 {person.pk}（已注销账号-{person.pk}）" in page
    assert NAME not in page


def test_names_of_staff_stay_in_the_trail_as_acts_of_their_office(administrator):
    staff = make_user("editor", last_name="周", first_name="编辑")
    save_working(make_enterprise(), by=staff)
    enterprise = make_enterprise()
    enterprise.phone = "0591-1"
    save_working(enterprise, by=staff)
    erase_person(staff, by=administrator, basis="离职")
    staff.refresh_from_db()
    assert not staff.grants.exists()
    assert not staff.is_staff
    assert tables_with(["周编辑"]) == {"audit_change", "audit_auditevent"} & tables_with(["周编辑"])
    assert Change.objects.filter(actor_name="周编辑").exists()


def test_before_images_of_other_people_stay(person, administrator):
    other = make_enterprise(contact_person="王小红", contact_phone="13700002222")
    other.contact_person = "王小白"
    save_working(other, by=make_user("editor"))
    on_the_list(person)
    erase_person(person, by=administrator, basis="来信")
    assert Change.objects.get(target_id=str(other.pk)).personal == {"contact_person": "王小红"}
    other.refresh_from_db()
    assert other.contact_phone == "13700002222"


def test_a_contact_who_is_somebody_else_stays_while_a_colleague_acts_for_the_enterprise(
    person, administrator
):
    enterprise = on_the_list(person)
    colleague = make_user()
    Membership.objects.create(enterprise=enterprise, user=colleague, role=Membership.Role.OWNER)
    Enterprise.objects.filter(pk=enterprise.pk).update(contact_person="李四光", contact_phone="13700002222")
    erase_person(person, by=administrator, basis="来信")
    enterprise.refresh_from_db()
    assert enterprise.contact_person == "李四光"
    assert Membership.objects.active().get().user == colleague


def test_an_enquiry_is_not_found_by_an_address_that_was_never_verified(administrator):
    """Whoever signs up with another's address must neither read nor erase what that person wrote."""
    make_enquiry(contact_email=ADDRESS)
    stranger = make_user(email=ADDRESS)
    EmailAddress.objects.create(user=stranger, email=ADDRESS, verified=False)
    assert "来信人" not in [line.label for line in preview(stranger)]
    erase_person(stranger, by=administrator, basis="来信")
    assert Enquiry.objects.get().contact_email == ADDRESS


@pytest.mark.parametrize(
    ("role", "rule"),
    [("editor", "step.permission"), ("auditor", "step.permission"), ("publisher", "step.permission")],
)
def test_only_administrators_erase(person, role, rule):
    with pytest.raises(NoPermission) as refused:
        erase_person(person, by=make_user(role), basis="来信")
    assert refused.value.rule == rule
    assert AuditEvent.objects.get(step="user.erased").is_success is False


def test_nobody_erases_themselves_and_no_administrator_a_superuser(administrator):
    with pytest.raises(NoPermission):
        erase_person(administrator, by=administrator, basis="来信")
    with pytest.raises(NoPermission):
        erase_person(make_user(is_superuser=True), by=administrator, basis="来信")


def test_an_erasure_wants_a_basis_and_a_second_press_is_told(person, administrator):
    with pytest.raises(NotAllowed) as refused:
        erase_person(person, by=administrator, basis="  ")
    assert refused.value.rule == "erasure.basis"
    erase_person(person, by=administrator, basis="来信")
    with pytest.raises(NotAllowed) as refused:
        erase_person(person, by=administrator, basis="来信")
    assert refused.value.rule == "erasure.done"
    assert AuditEvent.objects.filter(step="user.erased", is_success=True).count() == 1


def test_what_is_under_way_is_ended_first_and_nothing_is_half_erased(person, administrator):
    make_enquiry(contact_email=ADDRESS)
    case = draft_register(person)
    handing_in.submit(case, by=person, revision=case.revision)
    with pytest.raises(NotAllowed) as refused:
        erase_person(person, by=administrator, basis="来信")
    assert refused.value.rule == "erasure.under_way"
    assert case.number in refused.value.sentence
    person.refresh_from_db()
    assert person.email == ADDRESS
    assert Application.objects.get(pk=case.pk).personal


def test_the_desk_shows_what_will_happen_and_erases_after_a_tick(person, administrator, client):
    on_the_list(person)
    ask(person)
    client.force_login(administrator)
    assert "个人信息清除申请" in client.get("/admin/").content.decode()
    request = ErasureRequest.objects.get()
    address = client.get(f"/admin/privacy/erasurerequest/{request.pk}/change/")["Location"]
    page = client.get(address).content.decode()
    assert "企业联系人" in page
    assert "审计记录不能删改" in page
    for given in ({}, {"basis": "来信"}, {"is_sure": "on"}):
        assert client.post(address, given).status_code == 400
    assert User.objects.get(pk=person.pk).email == ADDRESS
    assert client.post(address, {"basis": "本人申请", "is_sure": "on"}).status_code == 302
    request.refresh_from_db()
    assert (request.done_by, request.basis) == (administrator, "本人申请")
    assert "已经清除" in client.get(address).content.decode()
    assert client.post(address, {"basis": "本人申请", "is_sure": "on"}).status_code == 409


@pytest.mark.parametrize(("role", "reads"), [("auditor", 200), ("editor", 403), ("support", 403)])
def test_who_reads_and_who_erases_at_the_desk(person, client, role, reads):
    client.force_login(make_user(role))
    address = f"/admin/privacy/erasurerequest/person/{person.pk}/"
    assert client.get(address).status_code == reads
    assert client.post(address, {"basis": "来信", "is_sure": "on"}).status_code == 403
    assert client.get("/admin/privacy/erasurerequest/person/99999/").status_code in (403, 404)


def test_an_old_request_does_not_stand_in_the_way_of_a_new_one(person):
    ask(person)
    ErasureRequest.objects.update(taken_back_at=timezone.now() - datetime.timedelta(days=1))
    assert ask(person).is_open
