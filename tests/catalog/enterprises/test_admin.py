"""The register of enterprises in the back end."""

import pytest

from catalog.enterprises.models import Enterprise
from portal.core.audit.models import AuditEvent, Change
from tests.make import make_division, make_enterprise, make_uscc, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/enterprises/enterprise/"


def form(**fields):
    inline = {
        "former_names-TOTAL_FORMS": "0",
        "former_names-INITIAL_FORMS": "0",
        "former_names-MIN_NUM_FORMS": "0",
        "former_names-MAX_NUM_FORMS": "1000",
    }
    usual = {"name": "示例建材有限公司", "division": "350000", "phone": "", "sells_in": "", "_save": "1"}
    return inline | usual | fields


def wrong_check(code: str) -> str:
    return code[:17] + ("1" if code[17] != "1" else "2")


@pytest.fixture
def editor(client):
    make_division()
    user = make_user("editor")
    client.force_login(user)
    return user


def test_an_edit_leaves_its_before_image_and_its_author(client, editor):
    enterprise = make_enterprise(name="原来的名称")
    client.post(f"{LIST}{enterprise.pk}/change/", form(uscc=enterprise.uscc, name="后来的 名称"))
    enterprise.refresh_from_db()
    change = Change.objects.get(target_id=str(enterprise.pk))
    assert enterprise.name == "后来的名称"
    assert change.before["name"] == "原来的名称"
    assert (change.actor_id, change.source, change.is_created) == (editor.pk, "desk", False)


def test_saving_without_a_change_writes_nothing(client, editor):
    enterprise = make_enterprise(phone="")
    client.post(f"{LIST}{enterprise.pk}/change/", form(uscc=enterprise.uscc, name=enterprise.name))
    assert not Change.objects.exists()


def test_text_is_stored_clean(client, editor):
    client.post(
        f"{LIST}add/",
        form(uscc=f" {make_uscc().lower()} ", name="示例　建材\u200b有限公司", phone="０５９１－１２"),
    )
    made = Enterprise.objects.get()
    assert (made.name, made.phone, made.uscc) == ("示例建材有限公司", "0591-12", made.uscc.upper())


def test_a_code_of_the_wrong_length_is_refused_whatever_reason_is_given(client, editor):
    page = client.post(f"{LIST}add/", form(uscc="123", uscc_override_reason="证照核对一致"))
    assert "应为18位" in page.content.decode()
    assert not Enterprise.objects.exists()


def test_a_wrong_check_character_needs_a_reason_and_names_who_gave_it(client, editor):
    code = wrong_check(make_uscc())
    page = client.post(f"{LIST}add/", form(uscc=code)).content.decode()
    assert "校验码不对" in page
    assert not Enterprise.objects.exists()
    client.post(f"{LIST}add/", form(uscc=code, uscc_override_reason="证照核对一致"))
    made = Enterprise.objects.get()
    assert (made.uscc_override_by, made.uscc_override_reason) == (editor, "证照核对一致")
    other = make_user("editor")
    client.force_login(other)
    client.post(
        f"{LIST}{made.pk}/change/", form(uscc=code, uscc_override_reason="证照核对一致", name="改名公司")
    )
    made.refresh_from_db()
    assert made.uscc_override_by == editor
    client.post(f"{LIST}{made.pk}/change/", form(uscc=make_uscc(), uscc_override_reason="不再需要"))
    made.refresh_from_db()
    assert (made.uscc_override_by, made.uscc_override_reason) == (None, "")


def test_a_division_is_named_by_code_or_full_name(client, editor):
    city = make_division("350500", "泉州市", "prefecture", make_division())
    for text in ("350500", "泉州市", "福建省泉州市", "福建省 泉州市"):
        enterprise = make_enterprise(division=None)
        client.post(f"{LIST}{enterprise.pk}/change/", form(uscc=enterprise.uscc, division=text))
        enterprise.refresh_from_db()
        assert enterprise.division == city, text
    page = client.post(f"{LIST}{enterprise.pk}/change/", form(uscc=enterprise.uscc, division="没有市"))
    assert "没有这个行政区划" in page.content.decode()
    assert 'value="福建省 泉州市"' in client.get(f"{LIST}{enterprise.pk}/change/").content.decode()


def test_former_names_are_kept_and_a_removed_one_stays_in_the_audit_trail(client, editor):
    enterprise = make_enterprise()
    added = form(
        uscc=enterprise.uscc,
        **{
            "former_names-TOTAL_FORMS": "1",
            "former_names-0-name": "示例老厂",
            "former_names-0-enterprise": enterprise.pk,
        },
    )
    client.post(f"{LIST}{enterprise.pk}/change/", added)
    former = enterprise.former_names.get()
    assert Change.objects.filter(target="enterprises.formername", is_created=True).count() == 1
    removed = added | {
        "former_names-INITIAL_FORMS": "1",
        "former_names-0-id": former.pk,
        "former_names-0-DELETE": "on",
    }
    client.post(f"{LIST}{enterprise.pk}/change/", removed)
    assert not enterprise.former_names.exists()
    assert Change.objects.filter(target="enterprises.formername").first().before["name"] == "示例老厂"
    event = AuditEvent.objects.get(step="formername.removed")
    assert "示例老厂" not in f"{event.target_name}{event.details}"


def test_contact_data_are_masked_in_the_list_and_never_in_the_history(client, editor):
    enterprise = make_enterprise(contact_person="陈大明", contact_phone="13812341234")
    client.post(f"{LIST}{enterprise.pk}/change/", form(uscc=enterprise.uscc, contact_person="李小红"))
    page = client.get(LIST).content.decode()
    assert "陈大明" not in page
    assert "李**" in page
    history = client.get(f"{LIST}{enterprise.pk}/history/").content.decode()
    assert "联系人（内部）" in history
    assert "13812341234" not in history
    assert "陈大明" not in history


def test_the_list_masks_the_phone_of_the_contact(client, editor):
    make_enterprise(contact_phone="13812341234")
    page = client.get(LIST).content.decode()
    assert "138****1234" in page
    assert "13812341234" not in page


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [("editor", 200, 302), ("auditor", 200, 403), ("reviewer", 200, 403), ("administrator", 403, 403)],
)
def test_who_reads_and_who_edits(client, role, reads, edits):
    enterprise = make_enterprise()
    client.force_login(make_user(role))
    change = f"{LIST}{enterprise.pk}/change/"
    assert client.get(LIST).status_code == reads
    assert client.get(change).status_code == reads
    assert client.get(f"{LIST}{enterprise.pk}/history/").status_code == reads
    assert client.post(change, form(uscc=enterprise.uscc)).status_code == edits
    assert client.get(f"{LIST}add/").status_code == (200 if edits == 302 else 403)
    assert client.post(f"{LIST}{enterprise.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Enterprise.objects.filter(pk=enterprise.pk).exists()


def test_a_pilot_officer_sees_and_edits_only_the_own_region(client):
    own = make_enterprise(division=make_division("350500", "泉州市", "prefecture", make_division()))
    strange = make_enterprise(division=make_division("370000", "山东省"))
    client.force_login(make_user("pilot_officer:350000"))
    page = client.get(LIST).content.decode()
    assert own.name in page
    assert strange.name not in page
    assert client.get(f"{LIST}{strange.pk}/change/").status_code == 404
    assert client.post(f"{LIST}{strange.pk}/change/", form(uscc=strange.uscc)).status_code == 404
    assert client.get(f"{LIST}{strange.pk}/history/").status_code == 404
    refused = client.post(f"{LIST}{own.pk}/change/", form(uscc=own.uscc, division="370000"))
    assert "不在您负责的地区内" in refused.content.decode()


def test_search_finds_by_former_name_and_code_and_leaves_the_rest_out(client, editor):
    found, other = make_enterprise(), make_enterprise()
    found.former_names.create(name="示例老厂（厦门）")
    for words in ("老厂(厦門)", found.uscc, found.uscc[:12].lower() + found.uscc[12:]):
        page = client.get(LIST, {"q": words}).content.decode()
        assert found.name in page
        assert other.name not in page


def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_twenty(
    client, editor, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_enterprise()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(19):
        make_enterprise()
    with django_assert_num_queries(len(one)):
        client.get(LIST)


def test_whoever_only_reads_sees_contact_data_masked(client):
    enterprise = make_enterprise(contact_person="陈大明", contact_phone="13812341234")
    client.force_login(make_user("auditor"))
    page = client.get(f"{LIST}{enterprise.pk}/change/").content.decode()
    assert "138****1234" in page
    assert "13812341234" not in page
    assert "陈大明" not in page


@pytest.fixture
def contacted():
    return make_enterprise(contact_person="陈大明", contact_phone="13812341234")


def test_no_page_shows_contact_data_until_somebody_asks_for_them(client, editor, contacted):
    page = client.get(f"{LIST}{contacted.pk}/change/").content.decode()
    assert "现为 138****1234，留空不改。" in page
    assert "显示完整联系方式" in page
    assert "13812341234" not in page
    assert "陈大明" not in page


def test_contact_data_are_shown_once_to_whoever_edits_and_the_look_is_recorded(client, editor, contacted):
    response = client.post(f"{LIST}{contacted.pk}/reveal/")
    assert "13812341234" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(step="enterprise.revealed")
    assert (event.actor_id, event.target_id) == (editor.pk, str(contacted.pk))
    assert "13812341234" not in f"{event.target_name}{event.details}"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("editor", 200),
        ("pilot_officer:350000", 200),
        ("pilot_officer:370000", 404),
        ("reviewer", 403),
        ("auditor", 403),
        ("administrator", 404),
        ("support", 404),
    ],
)
def test_only_whoever_edits_an_enterprise_may_ask_for_its_contact(client, contacted, role, status):
    client.force_login(make_user(role))
    address = f"{LIST}{contacted.pk}/reveal/"
    assert client.get(address).status_code == 405
    response = client.post(address)
    assert response.status_code == status
    assert ("13812341234" in response.content.decode()) == (status == 200)
    assert AuditEvent.objects.filter(step="enterprise.revealed").exists() == (status == 200)


def test_an_empty_box_keeps_the_contact_and_a_tick_takes_it_away(client, editor, contacted):
    change = f"{LIST}{contacted.pk}/change/"
    client.post(change, form(uscc=contacted.uscc, contact_person="", contact_phone=""))
    contacted.refresh_from_db()
    assert (contacted.contact_person, contacted.contact_phone) == ("陈大明", "13812341234")
    client.post(change, form(uscc=contacted.uscc, contact_phone="13900001111"))
    contacted.refresh_from_db()
    assert (contacted.contact_person, contacted.contact_phone) == ("陈大明", "13900001111")
    client.post(change, form(uscc=contacted.uscc, clear_contact="on"))
    contacted.refresh_from_db()
    assert (contacted.contact_person, contacted.contact_phone) == ("", "")
