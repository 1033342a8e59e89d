"""Half-done forms: nothing that somebody typed is lost, by an ended session, a second window or a second press."""

import datetime

import pytest
import time_machine
from django.test import Client

from portal.applications.cases.models import Application, UnsavedForm
from portal.applications.cases.workflow import starting
from portal.applications.counter.making.keys import new_key
from portal.applications.privacy.consents import has_consent
from portal.applications.privacy.texts import CONTACT_PUBLICATION
from portal.core.workflow import NotAllowed
from tests.make import make_product, make_user
from tests.portal.applications.making import draft_product, draft_register, enterprise_of, hand_in, make_owner

from .world import form_data, returned, upload_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def application(user):
    return draft_register(user, name="示例甲建材有限公司")


def path_of(application: Application) -> str:
    return f"/desk/cases/{application.number}/fill/"


def name_in(application: Application) -> str:
    application.refresh_from_db()
    return application.values["name"]


# -- the session ended -------------------------------------------------------------------------------------------------


def test_a_form_that_comes_after_the_session_ended_is_shown_filled_after_signing_in(
    client, user, application
):
    data = form_data(application, user, name="示例乙建材有限公司", phone="写了一半")
    client.logout()
    sent = client.post(path_of(application), data)
    assert sent.status_code == 302
    assert "next=" in sent["Location"]
    assert path_of(application) in sent["Location"]
    assert name_in(application) == "示例甲建材有限公司"

    client.force_login(user)
    page = client.get(path_of(application)).content.decode()
    assert "登录中断前您填写的内容已经找回" in page
    assert "示例乙建材有限公司" in page
    assert "写了一半" in page

    saved = client.post(path_of(application), form_data(application, user, name="示例乙建材有限公司"))
    assert saved.status_code == 302
    assert name_in(application) == "示例乙建材有限公司"
    assert not UnsavedForm.objects.exists()


def test_the_form_works_where_the_token_of_the_session_has_gone(user, application):
    """Signing in anew in another window changes the session's token; the key of the form is enough."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert (
        strict.post(path_of(application), form_data(application, user, name="示例丙公司")).status_code == 302
    )
    assert name_in(application) == "示例丙公司"


def test_a_form_without_its_key_saves_nothing(user, application):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    response = strict.post(path_of(application), {"name": "伪造的公司"})
    assert response.status_code == 400
    assert "伪造的公司" in response.content.decode()
    assert name_in(application) == "示例甲建材有限公司"


def test_nobody_parks_a_form_for_somebody_else(client, user, application):
    client.logout()
    assert client.post(path_of(application), {"form": "forged", "name": "伪造的公司"}).status_code == 302
    assert client.post(path_of(application), {"name": "伪造的公司"}).status_code == 302
    assert not UnsavedForm.objects.exists()


def test_a_key_is_good_for_a_day(client, user, application):
    data = form_data(application, user, name="示例乙建材有限公司")
    client.logout()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=25)):
        client.post(path_of(application), data)
    assert not UnsavedForm.objects.exists()


def test_another_account_does_not_get_what_was_parked(client, user, application):
    data = form_data(application, user, name="示例乙建材有限公司")
    other = make_user()
    client.force_login(other)
    client.post(path_of(application), data)
    assert UnsavedForm.objects.get().user == user
    assert "示例乙" not in client.get("/desk/").content.decode()
    assert client.get(path_of(application)).status_code == 404


@pytest.mark.parametrize(
    ("rest", "typed", "shown"),
    [
        ("products/", {"name": "写了一半的卷材", "models_text": "很长的型号"}, "products/"),
        ("message/", {"text": "写了一半的留言"}, ""),
    ],
)
def test_a_line_and_a_message_are_found_again_too(client, rest, typed, shown):
    owner = make_owner()
    application = returned(hand_in(draft_product(owner)))
    path = f"/desk/cases/{application.number}/"
    sent = client.post(path + rest, form_data(application, owner, **typed))
    assert sent.status_code == 302
    assert sent["Location"].endswith(path + shown)
    client.force_login(owner)
    page = client.get(path + shown).content.decode()
    assert "已经找回" in page
    assert all(value in page for value in typed.values())
    assert application.items.count() == 1


def test_ticks_are_found_again_and_stay_where_they_are_refused(client):
    owner = make_owner()
    enterprise = enterprise_of(owner)
    kept, left = make_product(enterprise=enterprise), make_product(enterprise=enterprise)
    application = starting.start("withdraw", by=owner, enterprise=enterprise)
    path = f"/desk/cases/{application.number}/products/"
    assert client.post(path, form_data(application, owner, product=[kept.pk])).status_code == 302
    client.force_login(owner)
    page = client.get(path).content.decode()
    assert "已经找回" in page
    assert f'value="{kept.pk}" checked' in page
    assert f'value="{left.pk}" checked' not in page
    stale = client.post(path, {"product": [kept.pk, left.pk]})
    assert stale.status_code == 409
    assert f'value="{left.pk}" checked' in stale.content.decode()
    assert not application.items.exists()


# -- two windows, two presses ------------------------------------------------------------------------------------------


def test_the_later_of_two_windows_is_told_and_sees_both(client, user, application):
    first = form_data(application, user, name="第一个窗口公司")
    second = form_data(application, user, name="第二个窗口公司")
    assert client.post(path_of(application), first).status_code == 302
    response = client.post(path_of(application), second)
    page = response.content.decode()
    assert response.status_code == 409
    assert "第一个窗口公司" in page
    assert "第二个窗口公司" in page
    assert name_in(application) == "第一个窗口公司"

    key = response.context["form_key"]
    assert client.post(path_of(application), {**second, "form": key}).status_code == 302
    assert name_in(application) == "第二个窗口公司"


def test_the_same_form_twice_is_saved_once(client, user, application):
    data = form_data(application, user, name="示例乙建材有限公司")
    assert client.post(path_of(application), data).status_code == 302
    revision = Application.objects.get().revision
    assert client.post(path_of(application), data).status_code == 302
    assert Application.objects.get().revision == revision


def test_a_form_after_the_press_is_told_that_it_is_handed_in(client, user, application):
    data = form_data(application, user, name="示例乙建材有限公司")
    hand_in(application)
    response = client.post(path_of(application), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert application.number in page
    assert "已经提交" in page
    assert "示例乙建材有限公司" in page
    assert name_in(application) == "示例甲建材有限公司"


def test_two_presses_at_once_hand_in_once_and_both_say_so(client, user, application, monkeypatch):
    """The second press read the draft before the first one was done."""
    from portal.applications.counter.making import handing

    def slower(application, *, by, revision):
        hand_in(Application.objects.get(pk=application.pk))
        raise NotAllowed("step.state", "现在的状态是「审核中」。")

    monkeypatch.setattr(handing, "submit", slower)
    path = f"/desk/cases/{application.number}/hand-in/"
    page = client.post(path, {"revision": application.revision}, follow=True).content.decode()
    assert "已经提交过了" in page
    assert application.submissions.count() == 1


def test_the_press_of_an_old_page_hands_nothing_in(client, user, application):
    client.post(path_of(application), form_data(application, user, name="示例乙建材有限公司"))
    response = client.post(f"/desk/cases/{application.number}/hand-in/", {"revision": 0})
    application.refresh_from_db()
    assert response.status_code == 409
    assert application.state == "draft"


# -- papers and consent -------------------------------------------------------------------------------------------------


def test_a_colleague_sees_the_same_draft(client):
    owner = make_owner()
    from tests.portal.applications.making import enterprise_of

    enterprise = enterprise_of(owner)
    editor = make_owner(enterprise, role="editor")
    application = starting.start("change", by=owner, enterprise=enterprise)
    client.force_login(editor)
    client.post(path_of(application), form_data(application, editor, phone="0592-7654321"))
    application.refresh_from_db()
    assert application.values["phone"] == "0592-7654321"


def test_a_contact_is_published_only_after_a_tick_and_the_tick_can_be_taken_away(client, user, application):
    about = f"enterprise:{application.uscc}"
    page = client.get(path_of(application)).content.decode()
    assert 'name="consent"' in page
    assert "checked" not in page.partition('name="consent"')[2][:60]
    client.post(path_of(application), form_data(application, user, contact_person="李四", consent="on"))
    assert has_consent(user, CONTACT_PUBLICATION, about)
    application.refresh_from_db()
    client.post(path_of(application), form_data(application, user, contact_person="李四"))
    assert not has_consent(user, CONTACT_PUBLICATION, about)


def test_a_paper_is_removed_from_the_draft(client, user, application):
    client.post(f"/desk/cases/{application.number}/papers/", {"purpose": "licence", "file": upload_of(b"x")})
    document = application.documents.first()
    path = f"/desk/cases/{application.number}/papers/{document.pk}/remove/"
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 302
    document.refresh_from_db()
    assert document.removed_at is not None
    again = client.post(path, follow=True).content.decode()
    assert "已经移除" in again


def test_a_draft_is_given_up(client, user, application):
    assert client.post(f"/desk/cases/{application.number}/discard/").status_code == 302
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert new_key(application, user)
