"""Where a batch stands, and what happened to it: the step line and the story of its page."""

import datetime
from dataclasses import dataclass

from catalog.publication.models import Batch
from catalog.publication.publishing.workflow import STEPS
from portal.core.audit.models import AuditEvent

from .steps import STEPS as DESK_STEPS

State = Batch.State
PLACE = {State.DRAFT: 0, State.SUBMITTED: 2, State.APPROVED: 3, State.IN_NOTICE: 3, State.PUBLISHED: 5}
WORDS = {
    "batch.opened": "开始编制",
    "batch.head_changed": "改标题与公示",
    "batch.entries_added": "放入内容",
    "batch.entries_taken_out": "移去内容",
    **{step.code: step.label for step in STEPS},
}
STATUS = {  # state → status of the look
    State.DRAFT: "draft",
    State.SUBMITTED: "approved",
    State.APPROVED: "approved",
    State.IN_NOTICE: "notice",
    State.PUBLISHED: "published",
    State.CANCELLED: "withdrawn",
}
BAD = {step.step.code for step in DESK_STEPS.values() if step.is_refusal}


@dataclass(frozen=True)
class Node:
    label: str
    css: str = ""
    note: str = ""
    day: datetime.datetime | datetime.date | None = None


@dataclass(frozen=True)
class Event:
    at: datetime.datetime
    by: str
    word: str
    reason: str
    css: str
    count: int | None


def progress_of(batch: Batch) -> list[Node]:
    """Nodes of the step line; a cancelled batch ends where it was given up."""
    nodes = [
        Node("编制", "done", str(batch.created_by)),
        Node("提交并冻结", note=str(batch.submitted_by or ""), day=batch.submitted_at),
        Node("另一人批准", note=str(batch.approved_by or ""), day=batch.approved_at),
        Node(
            "公示", note="截止" if batch.notice_until else f"{batch.notice_days} 天", day=batch.notice_until
        ),
        Node(
            "公布，成为一版",
            note=str(batch.published_by or ""),
            day=batch.edition.at if batch.edition else None,
        ),
    ]
    place = PLACE.get(State(batch.state), 0)
    if not batch.notice_days and batch.state == State.APPROVED:
        place = 4  # the node of the notice is left out
    if batch.state == State.CANCELLED:
        reached = sum(bool(mark) for mark in (batch.submitted_at, batch.approved_at, batch.notice_from))
        nodes = [
            *(_placed(node, at, reached + 1) for at, node in enumerate(nodes[: reached + 1])),
            Node("取消", "now"),
        ]
    else:
        nodes = [_placed(node, at, place) for at, node in enumerate(nodes)]
    return nodes if batch.notice_days else [node for node in nodes if node.label != "公示"]


def _placed(node: Node, at: int, place: int) -> Node:
    css = "done" if at < place else "now" if at == place else ""
    return Node(node.label, css, node.note, node.day)


def story_of(batch: Batch) -> list[Event]:
    """What was done to the batch, newest first; refusals are for the auditors' page."""
    events = AuditEvent.objects.filter(
        target=batch._meta.label_lower, target_id=str(batch.pk), is_success=True
    )
    return [
        Event(
            event.at,
            event.actor_name,
            WORDS.get(event.step, event.step),
            event.reason,
            "off" if event.step in BAD else "",
            event.details.get("count", event.details.get("lines")),
        )
        for event in events.order_by("-id")[:100]
    ]
