"""How the review desk says where a case stands and by when somebody is to act."""

from django.utils import timezone

from catalog.standing.deadlines import Deadline
from portal.applications.cases.models import Application, ApplicationState
from portal.applications.cases.workflow.handling import is_looked_at_by_other
from portal.core.accounts.models import User
from portal.core.pages.templatetags.pages import day_words

MINUTE = 60


def deadline_words(application: Application, deadline: Deadline | None) -> str:
    """「已逾期 2 个工作日，应于…前办结」, for the side that the case waits for; empty where nobody has to act."""
    if deadline is None:
        return ""
    act = "补正" if application.state == ApplicationState.RETURNED else "办结"
    day = day_words(deadline.due_on)
    if deadline.is_overdue:
        return f"已逾期 {deadline.days_late} 个工作日，应于 {day}前{act}"
    if not deadline.days_left:
        return f"今天（{day}）应{act}"
    return f"还有 {deadline.days_left} 个工作日，{day}前{act}"


def looking_words(application: Application, user: User) -> str:
    """「示例乙正在看，3 分钟前」: whom to ask before two people do the same work; a hint, not a lock."""
    if application.viewed_at is None or not is_looked_at_by_other(application, user):
        return ""
    minutes = int((timezone.now() - application.viewed_at).total_seconds() // MINUTE)
    return f"{application.viewed_by} 正在看，{f'{minutes} 分钟前' if minutes else '刚刚'}打开"


def name_of(application: Application) -> str:
    """The enterprise's name: as it is registered, of a new one as it says itself."""
    if application.enterprise is not None:
        return application.enterprise.name
    return str(application.values.get("name") or application.uscc)
