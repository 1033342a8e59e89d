"""What is done with an enquiry at the desk. Every step is taken through `take`, and its sender reads it."""

from collections.abc import Callable

from django.conf import settings

from portal.core.desk.fields import CleanTextField
from portal.core.editions import clock
from portal.core.workflow import NotAllowed, Step, take

from .models import Act, Enquiry, Office
from .routing import SUPPORT, WORKING_GROUP, Desk, pilot_desk

State = Enquiry.State
LONGEST_REPLY = 5000


def capability_for(enquiry: Enquiry, by) -> str:
    """The support institution works on what is routed to it; the working group may work on everything."""
    is_support = enquiry.office == Office.SUPPORT and not by.may("enquiries.answer")
    return "enquiries.support" if is_support else "enquiries.answer"


def step(code: str, enquiry: Enquiry, by) -> Step:
    label, sources, target, needs_reason = STEPS[code]
    return Step(
        f"enquiry.{code}", label, capability_for(enquiry, by), sources, target, needs_reason=needs_reason
    )


STEPS: dict[str, tuple[str, tuple[str, ...], str, bool]] = {
    "accepted": ("受理", (State.HELD,), State.OPEN, False),
    "answered": ("答复", (State.OPEN,), State.ANSWERED, False),
    "passed": ("转办", (State.OPEN,), State.OPEN, True),
    "refused": ("不予受理", (State.HELD, State.OPEN), State.REFUSED, True),
    "reopened": ("重新办理", (State.ANSWERED, State.REFUSED), State.OPEN, True),
}


def accept(enquiry: Enquiry, *, by) -> Enquiry:
    """Somebody has looked at what no script vouched for, and it is an enquiry."""
    return _take("accepted", enquiry, by=by)


def answer(enquiry: Enquiry, *, by, text: str) -> Enquiry:
    """Answer the sender, who reads it with number and word. Raises NotAllowed for an empty or endless text."""
    text = CleanTextField(required=False).clean(text)
    if not text:
        raise NotAllowed("enquiry.reply", "请写下答复，不能空着。")
    if len(text) > LONGEST_REPLY:
        raise NotAllowed("enquiry.reply", f"答复最多 {LONGEST_REPLY:,} 个字符，现在有 {len(text):,} 个。")
    return _take("answered", enquiry, by=by, text=text, change=_end)


def pass_on(enquiry: Enquiry, *, by, office: str, division: str = "", reason: str) -> Enquiry:
    """Give it to another office, with a reason that the sender reads. The clock goes on."""
    desk = _desk(office, division)
    if (desk.office, desk.division) == (enquiry.office, enquiry.office_division):
        raise NotAllowed("enquiry.same_desk", "这一件现在就在那里办理，请选择另一个单位。")

    def move(locked: Enquiry) -> None:
        locked.office, locked.office_division = desk.office, desk.division

    return _take("passed", enquiry, by=by, reason=reason, text=reason.strip(), change=move)


def refuse(enquiry: Enquiry, *, by, reason: str) -> Enquiry:
    """Close what is no enquiry, or none for this site; the sender reads why."""
    return _take("refused", enquiry, by=by, reason=reason, text=reason.strip(), change=_end)


def reopen(enquiry: Enquiry, *, by, reason: str) -> Enquiry:
    def begin_again(locked: Enquiry) -> None:
        if locked.erased_at is not None:
            raise NotAllowed("enquiry.erased", "这一件的内容已按期清除，不能重新办理。")
        locked.ended_on = None

    return _take("reopened", enquiry, by=by, reason=reason, text=reason.strip(), change=begin_again)


def answer_days() -> int:
    return settings.ENQUIRY_ANSWER_DAYS


def _desk(office: str, division: str) -> Desk:
    if office == Office.SUPPORT:
        return SUPPORT
    if office == Office.WORKING_GROUP:
        return WORKING_GROUP
    desk = pilot_desk(division)
    if desk.office != Office.PILOT:
        raise NotAllowed("enquiry.no_officer", "那个地区还没有工作人员的账号，请转给推进组。")
    return desk


def _end(locked: Enquiry) -> None:
    locked.ended_on = clock.today()


def _take(
    code: str,
    enquiry: Enquiry,
    *,
    by,
    reason: str = "",
    text: str = "",
    change: Callable[[Enquiry], None] | None = None,
) -> Enquiry:
    def write(locked: Enquiry) -> dict:
        if change is not None:
            change(locked)
        Act.objects.create(
            enquiry=locked,
            kind=code,
            text=text,
            office=locked.office,
            office_division=locked.office_division,
            by=by,
        )
        return {"office": locked.office}

    return take(step(code, enquiry, by), enquiry, by=by, reason=reason, effect=write)
