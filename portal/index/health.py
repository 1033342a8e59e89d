"""Whether the index is fit to be read: made by the rules of this release, from everything, to the end."""

from dataclasses import dataclass

from portal.index.alone import is_running
from portal.index.collections import Kept, kept
from portal.index.models import IndexState
from portal.text.tokens import RULES

UNBUILT = 0  # rules of a collection that has rows to find but was never built


@dataclass(frozen=True)
class Fault:
    """What is wrong with a collection, in a sentence for the administrator."""

    collection: str
    label: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.label}：{self.sentence}"


def faults() -> list[Fault]:
    """Collections that have to be built again; one that is just being built is none of them."""
    states = {state.pk: state for state in IndexState.objects.defer("touched")}
    found = [(room, _sentence(room, states.get(room.collection))) for room in kept()]
    return [Fault(room.collection, room.label, sentence) for room, sentence in found if sentence]


def outdated() -> list[str]:
    return [fault.collection for fault in faults()]


def running() -> list[str]:
    """Labels of the collections that are being built."""
    begun = set(IndexState.objects.exclude(building=None).values_list("pk", flat=True))
    return [room.label for room in kept() if room.collection in begun and is_running(room.collection)]


def _sentence(room: Kept, state: IndexState | None) -> str:
    if state is None or state.rules == UNBUILT:
        return "" if room.is_empty() or is_running(room.collection) else "还没有建立检索"
    is_begun = state.building is not None
    if state.rules == RULES and not is_begun:
        return ""
    if is_begun and is_running(room.collection):
        return ""
    return "上次重建没有做完" if is_begun else "是按旧的分词规则建的"
