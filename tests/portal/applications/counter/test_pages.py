"""What the pages of the counter tell: what waits for whom, what ends, what was said, what was sent."""

import datetime
import re

import pytest
from django.utils import timezone

from catalog.publication.models import ProductLine
from portal.applications.cases.models import Act, Application
from portal.applications.cases.reasons import Reason
from portal.applications.review import deciding
from portal.applications.review.deciding import ItemDecision
from portal.core.editions import clock
from tests.make import make_campaign, make_certificate, make_product, make_user, publish_products
from tests.portal.applications.making import (
    approve,
    draft_change,
    draft_product,
    draft_register,
    enterprise_of,
    hand_in,
    items_of,
    make_owner,
)

from .world import form_data

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def owner(client):
    owner = make_owner(last_name="王示例")
    client.force_login(owner)
    return owner


def page(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return response.content.decode()


def case_page(client, application: Application) -> str:
    return page(client, f"/desk/cases/{application.number}/")


def send_back(application: Application, *reasons: Reason, text: str = "") -> Application:
    return deciding.send_back(application, by=make_user("reviewer"), reasons=list(reasons), text=text)


def test_home_parts_what_waits_for_us_from_what_waits_for_the_office(client, owner):
    waiting = hand_in(draft_change(owner, phone="0592-1111111"))
    returned = send_back(hand_in(draft_product(owner)), Reason("number", "differs"))
    draft = draft_product(owner, number="SL-DRAFT")
    text = page(client, "/desk/")
    ours, _, rest = text.partition("等办理单位</h2>")
    office, _, drafts = rest.partition("草稿</h2>")
    assert returned.number in ours
    assert waiting.number in office
    assert draft.number in drafts
    assert "还有 10 个工作日" in office
    assert "还有 20 个工作日" in ours


def test_a_return_leads_to_the_row_and_the_field_at_fault_with_its_reason_on_top(client, owner):
    application = hand_in(draft_product(owner, count=2))
    line = items_of(application)[1]
    send_back(
        application,
        Reason("number", "differs", "请照附件填写"),
        Reason("documents", "unreadable"),
        Reason("items", "models_differ", item=line.pk),
    )
    base = f"/desk/cases/{application.number}/"

    told = case_page(client, application)

    why = told.partition('id="why-h"')[2].partition("</section>")[0]
    places = [f"{base}fill/#id_number", f"{base}papers/", f"{base}products/{line.pk}/"]
    assert re.findall(r'<a href="([^"]*)"', why) == places
    assert f"{line.name}：规格型号与证书附件不一致" in why
    assert re.search(rf'href="{re.escape(places[0])}">去改正', told)
    fill = page(client, f"{base}fill/").partition("<main")[2]
    assert fill.index("与证书上的编号不一致。请照附件填写") < fill.index("<form")
    assert '<a href="#id_number">' in fill
    assert "扫描件看不清" in page(client, places[1]).partition("<main")[2].partition("<form")[0]
    assert "规格型号与证书附件不一致" in page(client, places[2]).partition("<main")[2].partition("<form")[0]


def test_where_only_a_product_came_back_the_way_leads_to_its_row(client, owner):
    make_campaign()
    application = hand_in(draft_product(owner, count=2))
    line = items_of(application)[0]
    approve(application, items={line.pk: ItemDecision("returned", [Reason("items", "category_wrong")])})

    told = case_page(client, application)

    assert f'href="/desk/cases/{application.number}/products/{line.pk}/">去改正' in told


def test_both_sides_read_that_the_office_is_late(client, owner):
    application = hand_in(draft_change(owner, phone="0592-1111111"))
    Application.objects.filter(pk=application.pk).update(clock_on=clock.today() - 60 * DAY)
    assert "已逾期" in page(client, "/desk/")


def test_certificates_that_end_soon_are_named_others_not(client, owner):
    enterprise = enterprise_of(owner)
    numbers = {}
    for days in (10, 300, -5):
        numbers[days] = make_certificate(valid_until=clock.today() + days * DAY)
        make_product(enterprise=enterprise, certificate=numbers[days])
    foreign = make_product(certificate=make_certificate(valid_until=clock.today() + 10 * DAY))
    text = page(client, "/desk/")
    assert numbers[10].number in text
    assert numbers[-5].number in text
    assert numbers[300].number not in text
    assert foreign.certificate.number not in text


def test_the_reasons_of_a_return_stand_at_their_fields_and_lines(client, owner):
    application = hand_in(draft_product(owner, count=2))
    item = application.items.order_by("pk")[1]
    send_back(
        application,
        Reason("number", "differs", "应为 SL-9"),
        Reason("items", "models_differ", "附件没有 1.5 mm", item.pk),
        text="请尽快",
    )
    text = case_page(client, application)
    assert "应为 SL-9" in text
    assert "请尽快" in text
    form = page(client, f"/desk/cases/{application.number}/fill/")
    assert "应为 SL-9" in form.partition('for="id_number"')[2].partition('for="id_star"')[0]
    assert "附件没有 1.5 mm" in page(client, f"/desk/cases/{application.number}/products/")


def test_what_changed_since_the_return_is_shown_after_handing_in_again(client, owner):
    application = send_back(hand_in(draft_product(owner)), Reason("standard", "differs"))
    client.post(
        f"/desk/cases/{application.number}/fill/",
        form_data(application, owner, standard="GB/T 35602-2017"),
    )
    application.refresh_from_db()
    hand_in(application)
    text = case_page(client, application)
    assert "退回后改了什么" in text
    assert "GB/T 35602-2017" in text.partition("退回后改了什么")[2].partition("办理经过")[0]


def test_a_message_goes_to_the_office_and_its_answer_is_read_internal_notes_not(client, owner):
    application = hand_in(draft_change(owner, phone="0592-1111111"))
    sent = client.post(
        f"/desk/cases/{application.number}/message/", form_data(application, owner, text="请问何时办结？")
    )
    assert sent.status_code == 302
    Act.objects.create(application=application, kind="note", side="office", text="内部的话", is_internal=True)
    text = case_page(client, application)
    assert "请问何时办结" in text
    assert "内部的话" not in text


def test_support_is_asked_for_and_revoked(client, owner):
    application = hand_in(draft_change(owner, phone="0592-1111111"))
    path = f"/desk/cases/{application.number}/support/"
    client.post(path, {"wanted": "1"})
    application.refresh_from_db()
    assert application.wants_support
    assert "不再请支持机构协助" in case_page(client, application)
    client.post(path)
    application.refresh_from_db()
    assert not application.wants_support


def test_each_submission_can_be_read_and_printed_as_it_was_sent(client, owner):
    application = hand_in(draft_product(owner, standard="T/CECS 1-2020"))
    send_back(application, Reason("standard", "differs"))
    application.refresh_from_db()
    client.post(
        f"/desk/cases/{application.number}/fill/", form_data(application, owner, standard="T/CECS 2-2020")
    )
    application.refresh_from_db()
    hand_in(application)
    first = page(client, f"/desk/cases/{application.number}/sent/1/")
    second = page(client, f"/desk/cases/{application.number}/sent/2/")
    assert "T/CECS 1-2020" in first
    assert "T/CECS 2-2020" not in first
    assert "T/CECS 2-2020" in second
    assert client.get(f"/desk/cases/{application.number}/sent/3/").status_code == 404


def test_products_show_how_they_stand_in_public(client, owner):
    enterprise = enterprise_of(owner)
    listed = make_product(enterprise=enterprise, name="公布的卷材")
    publish_products(listed)
    make_product(enterprise=enterprise, name="没有公布的卷材")
    text = page(client, f"/desk/enterprises/{enterprise.uscc}/products/")
    number = ProductLine.objects.get().number
    assert number in text
    assert "尚未公布" in text.partition("没有公布的卷材")[2].partition("</tr>")[0]
    assert "现行" in text or "有效" in text


def test_a_registration_shows_the_code_where_nothing_else_is_known(client, owner):
    application = draft_register(owner, name="")
    assert application.uscc in case_page(client, application)


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/enterprises/{uscc}/", "/desk/enterprises/{uscc}/products/"]
)
def test_pages_ask_as_often_for_twenty_as_for_one(client, owner, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    enterprise = enterprise_of(owner)
    address = path.format(uscc=enterprise.uscc)

    def add(count: int) -> None:
        for _ in range(count):
            soon = make_certificate(valid_until=clock.today() + 10 * DAY)
            make_product(enterprise=enterprise, certificate=soon)
            draft_product(owner, number=f"SL-{soon.pk}")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(address)
        return len(captured)

    add(2)
    few = queries()
    add(18)
    assert queries() == few


def test_a_moment_of_the_limit_is_shown_as_time(client, owner):
    application = hand_in(draft_change(owner, phone="0592-1111111"))
    until = timezone.now() + datetime.timedelta(minutes=9)
    Application.objects.filter(pk=application.pk).update(withdrawable_until=until)
    shown = until.astimezone(clock.SHANGHAI).strftime("%H:%M")
    assert f"可撤回至 {shown}" in case_page(client, application)
    Application.objects.filter(pk=application.pk).update(withdrawable_until=timezone.now())
    assert "可撤回至" not in case_page(client, application)
