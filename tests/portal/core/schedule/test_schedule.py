"""What is due is done once, however many ask; what goes wrong is told."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from portal.core.jobs.models import Worker
from portal.core.mail.models import Message
from portal.core.schedule import acts, ordering, standing
from portal.core.schedule.acts import Act, Report
from portal.core.schedule.jobs import give_up, run_act
from portal.core.schedule.models import ScheduledRun
from tests.make import make_user

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime.datetime(2026, 11, 30, 2, 0, tzinfo=SHANGHAI)
DAY = datetime.timedelta(days=1)
State = ScheduledRun.State

pytestmark = pytest.mark.django_db


DONE = Report("办了。")


class Diary:
    """An act that writes down when it was done, and comes to what it is told."""

    def __init__(self, report: Report | Exception = DONE):
        self.report, self.times = report, 0

    def __call__(self) -> Report:
        self.times += 1
        if isinstance(self.report, Exception):
            raise self.report
        return self.report


@pytest.fixture
def only(monkeypatch):
    """Let one act be all there is; gives its diary."""

    def keep(report: Report | Exception = DONE, **changes) -> Diary:
        diary = Diary(report)
        act = Act(**{"name": "trial", "label": "试办", "cron": "30 3 * * *", "run": diary, **changes})
        monkeypatch.setattr(acts, "_acts", {"trial": act})
        return diary

    return keep


def states() -> list[str]:
    return list(ScheduledRun.objects.order_by("due_at").values_list("state", flat=True))


def test_an_act_that_was_never_seen_waits_for_its_next_time(only, django_capture_on_commit_callbacks):
    diary = only()
    with django_capture_on_commit_callbacks(execute=True):
        assert ordering.order_due(MONDAY) == []
    assert (states(), diary.times) == ([State.NOTED], 0)


def test_what_is_due_is_done_once_however_often_it_is_asked(only, django_capture_on_commit_callbacks):
    diary = only()
    ordering.order_due(MONDAY)
    with django_capture_on_commit_callbacks(execute=True):
        for minutes in (91, 91, 92, 600):
            ordering.order_due(MONDAY + datetime.timedelta(minutes=minutes))
    assert (states(), diary.times) == ([State.NOTED, State.GOOD], 1)
    assert ScheduledRun.objects.first().sentence == "办了。"


@pytest.mark.parametrize(("minute", "is_due"), [(29, False), (30, True)])
def test_the_minute_itself_is_due_and_the_one_before_is_not(only, minute, is_due):
    only()
    ordering.order_due(MONDAY - DAY)
    ordering.order_due(MONDAY - DAY + datetime.timedelta(hours=2))  # 04:00 of the day before
    before = ScheduledRun.objects.count()
    ordering.order_due(MONDAY.replace(hour=3, minute=minute))
    assert (ScheduledRun.objects.count() > before) == is_due


def test_a_week_without_a_worker_is_made_up_for_once(only, django_capture_on_commit_callbacks):
    diary = only()
    ordering.order_due(MONDAY)
    with django_capture_on_commit_callbacks(execute=True):
        ordering.order_due(MONDAY + 7 * DAY)
    assert diary.times == 1


def test_two_workers_that_ask_at_once_order_it_once(only, monkeypatch):
    """The slower one read before the quicker one wrote."""
    only()
    ordering.order_due(MONDAY)
    due_at = acts.named("trial").last_due(MONDAY + DAY)

    def last_due(act: Act, now: datetime.datetime) -> datetime.datetime:
        """Asked after the slower one has looked for the newest run."""
        ScheduledRun.objects.create(name="trial", due_at=due_at, state=State.GOOD)
        return due_at

    monkeypatch.setattr(Act, "last_due", last_due)
    assert ordering.order_due(MONDAY + DAY) == []
    assert states() == [State.NOTED, State.GOOD]


def test_an_act_that_the_settings_do_not_want_is_never_ordered(only):
    only(is_wanted=lambda: False, hint="没有设置。")
    ordering.order_due(MONDAY)
    assert states() == []
    condition = standing.conditions(MONDAY)[0]
    assert (condition.word, condition.sentence) == ("未启用", "没有设置。")


def test_what_a_setting_would_lack_is_not_said_where_it_is_there(only):
    only(hint="没有设置。")
    assert standing.conditions(MONDAY)[0].sentence == ""


@pytest.mark.parametrize(
    ("report", "state", "words"),
    [
        (Report("有 2 处不符。", is_good=False), State.FOUND, "有 2 处不符。"),
        (ValueError("boom"), State.FAILED, "程序出错"),
    ],
)
def test_what_goes_wrong_is_shown_and_told_to_administrators_alone(
    only, django_capture_on_commit_callbacks, report, state, words
):
    only(report)
    administrator, other = make_user("administrator"), make_user("editor")
    ordering.order_due(MONDAY)
    with django_capture_on_commit_callbacks(execute=True):
        ordering.order_due(MONDAY + DAY)
    assert states()[-1] == state
    message = Message.objects.get(recipient=administrator)
    assert "试办" in message.subject
    assert words in message.text
    assert not Message.objects.filter(recipient=other).exists()


def test_a_run_whose_process_died_is_given_up_with_a_sentence(only):
    only()
    make_user("administrator")
    run = ScheduledRun.objects.create(name="trial", due_at=MONDAY, state=State.RUNNING)
    give_up(run.pk, sentence="任务异常退出（信号 9），已试 3 次，不再自动重试。")
    run.refresh_from_db()
    assert (run.state, run.ended_at is not None) == (State.FAILED, True)
    assert "信号 9" in Message.objects.get().text
    give_up(run.pk, sentence="再来一次")
    assert Message.objects.count() == 1


def test_a_run_is_not_done_again_after_it_ended(only):
    diary = only()
    run = ScheduledRun.objects.create(name="trial", due_at=MONDAY, state=State.GOOD)
    run_act.call(run.pk)
    assert diary.times == 0


def test_what_is_not_done_for_hours_is_overdue_and_told_once(only):
    only(late=datetime.timedelta(hours=6))
    make_user("administrator")
    ScheduledRun.objects.create(name="trial", due_at=MONDAY, ordered_at=MONDAY, state=State.ORDERED)
    ordering.order_due(MONDAY + datetime.timedelta(hours=6))
    assert not Message.objects.exists()
    for minutes in (361, 362):
        ordering.telling.tell_overdue(MONDAY + datetime.timedelta(minutes=minutes))
    assert "还没有办完" in Message.objects.get().text
    assert standing.conditions(MONDAY + datetime.timedelta(minutes=361))[0].word == "超时未办"


def test_without_a_worker_the_page_says_that_nothing_is_done(only):
    """The page judges by the time table, not by what somebody ordered."""
    only()
    ScheduledRun.objects.create(name="trial", due_at=MONDAY - 3 * DAY, state=State.GOOD)
    assert standing.conditions(MONDAY)[0].is_late


def test_an_administrator_reads_last_run_result_and_next_run(only, client):
    only()
    Worker.objects.all().delete()
    ScheduledRun.objects.create(
        name="trial", due_at=MONDAY, state=State.FOUND, sentence="有 2 处不符。", ended_at=MONDAY
    )
    client.force_login(make_user("administrator"))
    page = client.get(reverse("admin:schedule_scheduledrun_changelist")).content.decode()
    for words in ("试办", "发现问题", "有 2 处不符。", "2026-11-30 02:00"):
        assert words in page
    assert "定时事项要看" in client.get(reverse("admin:index")).content.decode()


def test_every_room_has_declared_its_acts():
    names = {"remind", "retention", "inspection", "verify_chain", "backup", "backup_proof"}
    assert names <= {act.name for act in acts.kept()}
    assert all(act.last_due(MONDAY) <= MONDAY < act.next_due(MONDAY) for act in acts.kept())
