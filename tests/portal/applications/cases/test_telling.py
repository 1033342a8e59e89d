"""Who hears of a step, once, and what the message does not say."""

import pytest
from django.core import mail

from portal.applications.cases.models import Application
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import handling
from portal.applications.review import deciding
from portal.core.mail.models import Message
from tests.make import make_campaign, make_enterprise, make_user
from tests.portal.applications.making import (
    approve,
    draft_product,
    draft_register,
    hand_in,
    items_of,
    make_owner,
)

from .test_drafting import refused

pytestmark = pytest.mark.django_db

WRONG_NUMBER = Reason("number", "differs")


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def told(user) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def test_all_who_act_for_the_enterprise_hear_of_a_return_with_reasons_and_the_last_day():
    enterprise = make_enterprise()
    owner, editor = make_owner(enterprise), make_owner(enterprise, role="editor")
    reader, stranger = make_owner(enterprise, role="reader"), make_owner()
    closed = make_owner(enterprise, is_active=False)
    case = hand_in(draft_product(owner, count=2))
    reasons = [WRONG_NUMBER, Reason("items", "double", item=items_of(case)[1].pk)]
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=reasons, text="请照附件改")
    subject = f"产品申报 {case.number}：退回补正"
    assert (told(owner), told(editor)) == ([subject], [subject])
    assert told(reader) == told(stranger) == told(closed) == []
    message = Message.objects.filter(recipient=owner).get()
    assert "证书编号：与证书上的编号不一致" in message.text
    assert "第 2 行 产品：与另一行重复" in message.text
    assert "请照附件改" in message.text
    assert "前补正" in message.text
    assert message.link == f"/desk/cases/{case.number}/"


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (lambda case, by: approve(case, by), "已通过"),
        (lambda case, by: deciding.reject(case, by=by, reasons=[WRONG_NUMBER]), "不予通过"),
        (lambda case, by: handling.say(case, by=by, text="请补一页"), "有新的留言"),
    ],
)
def test_decisions_and_messages_are_told_once(decide, words):
    case = hand_in(draft_product())
    reviewer = make_user("reviewer")
    decide(case, reviewer)
    assert told(case.created_by) == [f"产品申报 {case.number}：{words}"]
    assert told(reviewer) == []


def test_a_refused_step_tells_nobody():
    case = hand_in(draft_product())
    Application.objects.filter(pk=case.pk).update(state="withdrawn")
    refused(lambda: approve(case))
    refused(lambda: deciding.send_back(case, by=make_user("reviewer"), reasons=[WRONG_NUMBER]))
    assert Message.objects.count() == 0


def test_the_letter_leaves_once_and_after_the_commit(django_capture_on_commit_callbacks):
    case = hand_in(draft_product(make_owner(email="owner@example.cn")))
    with django_capture_on_commit_callbacks() as waiting:
        approve(case)
    assert mail.outbox == []
    for leave in waiting:
        leave()
    assert [letter.to for letter in mail.outbox] == [["owner@example.cn"]]
    assert f"/desk/cases/{case.number}/" in mail.outbox[0].body


def test_notes_and_the_officers_names_do_not_leave_the_office():
    reviewer = make_user("reviewer", last_name="陈", first_name="大明")
    case = hand_in(draft_product())
    handling.say(case, by=reviewer, text="内部看法", is_internal=True)
    assert told(case.created_by) == []
    handling.say(case, by=reviewer, text="您好")
    message = Message.objects.get()
    assert "大明" not in message.text
    assert "推进组" in message.text


def test_a_message_of_the_enterprise_reaches_whoever_has_the_case_in_hand():
    case = hand_in(draft_product())
    reviewer = make_user("reviewer")
    handling.say(case, by=case.created_by, text="请问何时办结")
    assert Message.objects.count() == 0
    case = handling.assign(case, by=reviewer, to=reviewer)
    handling.say(case, by=case.created_by, text="请问何时办结")
    assert told(reviewer) == [f"产品申报 {case.number}：有新的留言"]


def test_owners_hear_of_a_claim_but_not_of_who_claims():
    enterprise = make_enterprise()
    owner = make_owner(enterprise)
    claimant = make_user(last_name="欧阳", first_name="争", email="claimant@example.cn")
    case = hand_in(draft_register(claimant, uscc=enterprise.uscc, name=enterprise.name))
    message = Message.objects.get()
    assert message.recipient == owner
    for secret in ("欧阳", "claimant", "张三", "0592-1234567", case.number):
        assert secret not in message.text + message.subject
    approve(case)
    assert told(owner)[1:] == [f"您不再管理「{enterprise.name}」"]
    assert told(claimant) == [f"企业登记 {case.number}：已通过"]
