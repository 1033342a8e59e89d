"""From a code to a case that was handed in, through the pages that an enterprise uses."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.applications.cases.models import Application
from tests.make import make_division, make_enterprise, make_uscc, make_user
from tests.portal.applications.making import make_owner, picture

pytestmark = pytest.mark.django_db


def typed(**changes) -> dict:
    make_division("350000")
    values = {
        "name": "示例新登记建材有限公司",
        "division": "福建省",
        "phone": "0592-1234567",
        "sells_in": "全国",
        "is_legal_representative": "on",
        "contact_person": "张三",
        "contact_phone": "13812341234",
    }
    return values | changes


def key_on(client, application) -> str:
    """The key that the form of the case carries."""
    page = client.get(f"/desk/cases/{application.number}/fill/")
    assert page.status_code == 200
    return page.context["form_key"]


def upload(purpose="licence", content=None, name="执照.png") -> dict:
    file = SimpleUploadedFile(name, picture() if content is None else content)
    return {"purpose": purpose, "file": file}


@pytest.fixture
def person(client):
    user = make_user(email="a@example.cn")
    client.force_login(user)
    return user


def test_a_new_enterprise_is_registered_from_its_code_to_the_press(client, person):
    code = make_uscc()
    found = client.get("/desk/find/", {"uscc": code.lower()})
    assert "名录里还没有" in found.content.decode()
    begun = client.post("/desk/register/", {"uscc": code})
    application = Application.objects.get()
    assert begun["Location"] == f"/desk/cases/{application.number}/fill/"

    saved = client.post(begun["Location"], {**typed(), "form": key_on(client, application), "on": "1"})
    assert saved["Location"] == f"/desk/cases/{application.number}/papers/"
    page = client.get(f"/desk/cases/{application.number}/hand-in/").content.decode()
    assert "请上传营业执照" in page
    assert "确认无误" not in page

    assert client.post(saved["Location"], upload()).status_code == 302
    page = client.get(f"/desk/cases/{application.number}/hand-in/")
    assert "确认无误" in page.content.decode()
    application.refresh_from_db()
    pressed = client.post(
        f"/desk/cases/{application.number}/hand-in/", {"revision": application.revision}, follow=True
    )
    application.refresh_from_db()
    assert application.state == "submitted"
    assert application.number in pressed.content.decode()
    assert "前答复" in pressed.content.decode()

    again = client.post(
        f"/desk/cases/{application.number}/hand-in/", {"revision": application.revision}, follow=True
    )
    assert "已经提交过了" in again.content.decode()
    assert application.submissions.count() == 1
    assert "等办理单位" in client.get("/desk/").content.decode()


def test_a_taken_enterprise_is_claimed_as_a_dispute_that_was_announced(client, person):
    enterprise = make_enterprise()
    make_owner(enterprise)
    page = client.get("/desk/find/", {"uscc": enterprise.uscc}).content.decode()
    assert "争议" in page
    client.post("/desk/register/", {"uscc": enterprise.uscc})
    assert Application.objects.get().uscc == enterprise.uscc


@pytest.mark.parametrize("code", ["", "123", "91350000MADEM00017X", "I" * 18, "\x00", "x" * 10_000])
def test_a_code_that_is_none_is_told_so(client, person, code):
    page = client.get("/desk/find/", {"uscc": code})
    assert page.status_code == 400
    assert "统一社会信用代码" in page.content.decode()
    assert client.post("/desk/register/", {"uscc": code}).status_code == 400
    assert not Application.objects.exists()


def test_a_case_is_taken_back_on_a_page_of_its_own(client, person):
    client.post("/desk/register/", {"uscc": make_uscc()})
    application = Application.objects.get()
    client.post(f"/desk/cases/{application.number}/fill/", {**typed(), "form": key_on(client, application)})
    client.post(f"/desk/cases/{application.number}/papers/", upload())
    application.refresh_from_db()
    client.post(f"/desk/cases/{application.number}/hand-in/", {"revision": application.revision})
    assert client.get(f"/desk/cases/{application.number}/withdraw/").status_code == 200
    application.refresh_from_db()
    assert application.state == "submitted"
    client.post(f"/desk/cases/{application.number}/withdraw/", {"reason": "填错了"})
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_a_newcomer_reads_how_it_goes_before_signing_in(client):
    page = client.get("/desk/").content.decode()
    assert "要准备什么" in page
    assert client.get("/desk/find/").status_code == 302


def test_a_chosen_file_is_handed_in_by_the_next_step_too(client, person):
    code = make_uscc()
    client.post("/desk/register/", {"uscc": code})
    application = Application.objects.get()
    papers = f"/desk/cases/{application.number}/papers/"
    chosen = {"next": "1", "file-licence": upload()["file"], "file-other": upload(content=b"x")["file"]}
    refused = client.post(papers, chosen)
    assert refused.status_code == 400
    assert [paper.purpose for paper in application.documents.standing()] == ["licence"]
    on = client.post(papers, {"next": "1"})
    assert (on.status_code, on["Location"] != papers) == (302, True)
    assert client.post(papers, {"file-licence": upload()["file"]}).status_code == 404


def test_the_contact_is_who_signed_up(client):
    user = make_user(email="chen@example.cn", last_name="陈", first_name="大明")
    client.force_login(user)
    client.post("/desk/register/", {"uscc": make_uscc()})
    assert Application.objects.get().personal == {"contact_person": "陈大明"}
