"""Whether the index is fit to be read: made by the rules of this release, from everything, to the end."""

from dataclasses import dataclass

from portal.core.index.alone import is_running
from portal.core.index.collections import Kept, kept
from portal.core.index.models import IndexState
from portal.core.text.tokens import RULES

UNBUILT = 0  # rules of a collection that has rows to find but was never built


@dataclass(frozen=True)
class Condition:
    """A collection, and what is wrong with it in a sentence for the administrator: empty when nothing is."""

    collection: str
    label: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.label}：{self.sentence}"


def conditions() -> list[Condition]:
    """Of every collection. One that is just being built is not complained of."""
    states = {state.pk: state for state in IndexState.objects.defer("touched")}
    return [
        Condition(room.collection, room.label, _sentence(room, states.get(room.collection)))
        for room in kept()
    ]


def faults() -> list[Condition]:
    """Collections that have to be built again."""
    return [condition for condition in conditions() if condition.sentence]


def outdated() -> list[str]:
    return [fault.collection for fault in faults()]


def take_stock() -> None:
    """For the start of a release: a collection that is new has been built if there is nothing to find, else not at all."""
    known = set(IndexState.objects.values_list("pk", flat=True))
    for room in kept():
        if room.collection not in known:
            rules = RULES if room.is_empty() else UNBUILT
            IndexState.objects.get_or_create(pk=room.collection, defaults={"stamp": "", "rules": rules})


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
