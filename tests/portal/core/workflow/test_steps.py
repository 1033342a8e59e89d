"""One step by itself: who may take it, from which state, and with which words it is refused."""

import datetime
import pickle

import pytest

from events.notices.models import NoticeVersion
from portal.applications.cases.workflow.steps import Faulty
from portal.core.workflow import NoPermission, NotAllowed, Step, versions

DAY = datetime.date(2028, 2, 29)
STEP = Step("thing.closed", "关闭", "content.edit", ("open", "late"), "closed", not_by=("made_by",))


class Somebody:
    def __init__(self, *capabilities: str, person: int = 1):
        self.capabilities, self.person = capabilities, person

    def may(self, capability: str, division: str) -> bool:
        return capability in self.capabilities and division in ("", "350000")

    def is_same_person_as(self, other: "Somebody | None") -> bool:
        return other is not None and self.person == other.person


class Thing:
    def __init__(self, state: str = "open", made_by: Somebody | None = None, scope_division: str = ""):
        self.state, self.made_by, self.scope_division = state, made_by, scope_division

    def get_state_display(self) -> str:
        return {"open": "开着", "closed": "关了"}.get(self.state, self.state)


@pytest.mark.parametrize(
    ("thing", "by", "rule"),
    [
        (Thing(), Somebody("content.edit"), None),
        (Thing("late"), Somebody("content.edit"), None),
        (Thing("closed"), Somebody("content.edit"), "step.state"),
        (Thing(), Somebody("content.review"), "step.permission"),
        (Thing("closed"), Somebody(), "step.permission"),
        (Thing(scope_division="350000"), Somebody("content.edit"), None),
        (Thing(scope_division="330000"), Somebody("content.edit"), "step.permission"),
        (Thing(made_by=Somebody()), Somebody("content.edit"), "step.same_person"),
        (Thing(made_by=Somebody(person=2)), Somebody("content.edit"), None),
        (Thing("closed", made_by=Somebody()), Somebody("content.edit"), "step.state"),
    ],
)
def test_a_step_asks_for_permission_state_and_another_person_in_this_order(thing, by, rule):
    refusal = STEP.refusal(thing, by)
    assert (refusal and refusal.rule) == rule
    assert isinstance(refusal, NoPermission) is (rule in ("step.permission", "step.same_person"))


def test_a_refusal_says_what_to_do():
    sentences = {
        rule: STEP.refusal(thing, by).sentence
        for rule, thing, by in (
            ("permission", Thing(), Somebody()),
            ("state", Thing("closed"), Somebody("content.edit")),
            ("person", Thing(made_by=Somebody()), Somebody("content.edit")),
        )
    }
    assert sentences == {
        "permission": "您的账号没有「关闭」的权限，请联系管理员授权。",
        "state": "现在的状态是「关了」，不能「关闭」。请刷新页面查看最新状态。",
        "person": "须由另一人办理：本事项由您本人提交。",
    }
    refused = NotAllowed("a.rule", "一句话")
    assert (refused.rule, refused.sentence, str(refused)) == ("a.rule", "一句话", "一句话")


def test_what_has_no_division_is_a_national_matter():
    thing = Thing()
    del thing.scope_division
    assert STEP.refusal(thing, Somebody("content.edit")) is None


def test_a_step_of_a_state_in_another_column():
    step = Step("thing.closed", "关闭", "content.edit", ("open",), "closed", state_field="phase")
    thing = Thing("closed")
    thing.phase = "open"
    assert step.refusal(thing, Somebody("content.edit")) is None


def test_the_steps_of_a_version():
    kinds = (versions.submit_step, versions.send_back_step, versions.publish_step)
    found = [
        (step.code, step.label, step.capability, step.sources, step.target, step.needs_reason, step.not_by)
        for step in (make(NoticeVersion) for make in kinds)
    ]
    assert found == [
        ("noticeversion.submitted", "送审", "content.edit", ("draft",), "in_review", False, ()),
        ("noticeversion.sent_back", "退回修改", "content.review", ("in_review",), "draft", True, ()),
        (
            "noticeversion.published",
            "发布",
            "content.review",
            ("in_review",),
            "published",
            False,
            ("submitted_by", "created_by"),
        ),
    ]
    assert "另一人" in versions.publish_step(NoticeVersion).not_by_sentence


def test_a_refusal_is_the_same_after_it_came_from_another_process():
    for refusal in (NotAllowed("step.state", "不能办理。"), Faulty({"name": "请填写名称。"})):
        again = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own
        assert (type(again), again.args, vars(again)) == (type(refusal), refusal.args, vars(refusal))
