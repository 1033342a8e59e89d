"""A signed-in person reads what is kept, takes a copy along, withdraws a consent, and asks to be forgotten."""

import io
import json
import zipfile

import pytest
from django.utils import timezone

from catalog.enterprises.models import Membership
from portal.applications.cases.workflow.handing_in import ask_support
from portal.applications.privacy.consents import give_consent, has_consent, withdraw_all
from portal.applications.privacy.models import ErasureRequest
from portal.applications.privacy.texts import CONTACT_PUBLICATION, SUPPORT_SHARING
from portal.core.audit.models import AuditEvent
from tests.make import make_enterprise, make_user
from tests.portal.applications.making import draft_register

pytestmark = pytest.mark.django_db
PAGE = "/accounts/data/"
PASSWORD = "Sommer-2026-x"


@pytest.fixture
def person(client):
    """The only member of an enterprise, and its contact."""
    user = make_user(last_name="陈", first_name="大明", email="chen@example.com")
    user.set_password(PASSWORD)
    user.save()
    enterprise = make_enterprise(contact_person="陈大明", contact_phone="13812341234")
    Membership.objects.create(enterprise=enterprise, user=user, role=Membership.Role.OWNER)
    client.force_login(user)
    return user


def archive(response) -> tuple[dict, list[str]]:
    with zipfile.ZipFile(io.BytesIO(response.content)) as opened:
        data = json.loads(opened.read("个人信息.json"))
        return {line["编号"]: line["记录"] for line in data["内容"]}, opened.namelist()


def test_a_visitor_is_sent_to_sign_in_and_a_step_is_never_a_get(client):
    assert client.get(PAGE).status_code == 302
    for step in ("export/", "erasure/", "erasure/take-back/", "consents/withdraw/"):
        assert client.get(PAGE + step).status_code == 405
        assert client.post(PAGE + step).status_code == 302


def test_the_page_lists_what_is_kept_and_is_stored_by_nobody(client, person):
    response = client.get(PAGE)
    page = response.content.decode()
    assert "企业联系人" in page
    assert "未保存的填写" not in page
    assert "no-store" in response["Cache-Control"]


def test_the_copy_holds_the_own_data_and_nothing_of_others(client, person):
    other = make_user(last_name="王", first_name="小红", email="wang@example.com")
    strange = make_enterprise(contact_person="王小红", contact_phone="13900009999")
    Membership.objects.create(enterprise=strange, user=other, role=Membership.Role.OWNER)
    response = client.post(f"{PAGE}export/", {"export-password": PASSWORD})
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    lines, names = archive(response)
    assert "chen@example.com" in lines["accounts.account"][0].values()
    assert lines["enterprises.contacts"][0]["联系人电话（内部）"] == "13812341234"
    said = json.dumps(lines, ensure_ascii=False)
    for strange_word in ("王小红", "13900009999", "wang@example.com", strange.uscc, person.password):
        assert strange_word not in said
    assert "说明.txt" in names
    assert AuditEvent.objects.filter(step="user.data_exported", is_success=True).count() == 1


def test_a_colleague_of_the_same_enterprise_is_not_in_the_copy(client, person):
    enterprise = person.memberships.get().enterprise
    colleague = make_user(last_name="李", first_name="四光", email="li@example.com")
    Membership.objects.create(enterprise=enterprise, user=colleague, role=Membership.Role.EDITOR)
    enterprise.contact_person, enterprise.contact_phone = "李四光", "13711112222"
    enterprise.save()
    lines, _names = archive(client.post(f"{PAGE}export/", {"export-password": PASSWORD}))
    said = json.dumps(lines, ensure_ascii=False)
    assert enterprise.name in said
    assert "李四光" not in said
    assert "13711112222" not in said


def test_whoever_left_takes_no_telephone_along_under_the_name_of_the_contact(client, person):
    Membership.objects.filter(user=person).update(ended_at=timezone.now())
    lines, _names = archive(client.post(f"{PAGE}export/", {"export-password": PASSWORD}))
    assert "13812341234" not in json.dumps(lines, ensure_ascii=False)


@pytest.mark.parametrize("step", ["export", "erasure"])
def test_without_the_password_nothing_happens_and_a_sentence_says_why(client, person, step):
    for given, sentence in (("", "必填"), ("wrong", "密码不对")):
        response = client.post(f"{PAGE}{step}/", {f"{step}-password": given})
        assert response.status_code == 400
        assert sentence in response.content.decode()
    assert not ErasureRequest.objects.exists()
    assert not AuditEvent.objects.filter(step="user.data_exported", is_success=True).exists()


def test_guessing_the_password_ends_after_five_tries_even_for_the_right_one(client, person):
    for _try in range(5):
        client.post(f"{PAGE}export/", {"export-password": "wrong"})
    response = client.post(f"{PAGE}export/", {"export-password": PASSWORD})
    assert response.status_code == 400
    assert "密码错得太多了" in response.content.decode()


def test_only_so_many_copies_a_day(client, person):
    for _copy in range(5):
        assert client.post(f"{PAGE}export/", {"export-password": PASSWORD}).status_code == 200
    refused = client.post(f"{PAGE}export/", {"export-password": PASSWORD})
    assert refused.status_code == 400
    assert "今天已经导出 5 次" in refused.content.decode()


def test_asking_to_be_forgotten_is_one_request_and_can_be_taken_back(client, person):
    for _press in range(2):
        client.post(f"{PAGE}erasure/", {"erasure-password": PASSWORD})
    assert ErasureRequest.objects.get().user == person
    assert "撤回申请" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}erasure/take-back/")
    client.post(f"{PAGE}erasure/take-back/")
    assert not ErasureRequest.objects.get().is_open
    person.refresh_from_db()
    assert person.is_active
    steps = AuditEvent.objects.filter(step__startswith="erasure.").values_list("step", flat=True)
    assert sorted(steps) == ["erasure.asked", "erasure.taken_back"]


def test_a_consent_is_shown_in_its_words_and_withdrawn_by_a_press(client, person):
    give_consent(person, CONTACT_PUBLICATION, by=person, about="enterprise:1")
    assert "同意在本站企业页面公开联系人" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}consents/withdraw/", {"purpose": CONTACT_PUBLICATION, "about": "enterprise:1"})
    assert not has_consent(person, CONTACT_PUBLICATION, "enterprise:1")
    nonsense = {"purpose": "nonsense", "about": "x" * 300}
    assert client.post(f"{PAGE}consents/withdraw/", nonsense).status_code == 302


def test_sharing_with_the_support_institution_is_a_consent_that_ends_where_the_sharing_ends(client, person):
    case = draft_register(person)
    case = ask_support(case, by=person, wanted=True)
    about = f"case:{case.number}"
    assert has_consent(person, SUPPORT_SHARING, about)
    assert "不再请支持机构协助" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}consents/withdraw/", {"purpose": SUPPORT_SHARING, "about": about})
    assert has_consent(person, SUPPORT_SHARING, about)
    ask_support(case, by=person, wanted=False)
    assert not has_consent(person, SUPPORT_SHARING, about)


def test_a_colleague_who_ends_the_sharing_ends_the_consent_of_whoever_began_it(person):
    give_consent(person, SUPPORT_SHARING, by=person, about="case:1")
    assert withdraw_all(SUPPORT_SHARING, about="case:2", by=make_user()) == 0
    assert withdraw_all(SUPPORT_SHARING, about="case:1", by=make_user()) == 1
    assert not has_consent(person, SUPPORT_SHARING, "case:1")


def test_nul_bytes_and_long_words_in_the_forms_are_no_fault_of_the_server(client, person):
    for words in ("a\x00b", "x" * 10_000, "𠀀" * 100):
        assert client.post(f"{PAGE}export/", {"export-password": words}).status_code == 400
        client.post(f"{PAGE}consents/withdraw/", {"purpose": words, "about": words})
