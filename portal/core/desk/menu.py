"""The navigation of the desk: what a person may open, group by group, with what waits there."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl

from django.http import HttpRequest

from portal.core.accounts.capability_admin import CapabilityAdmin, Entry, Group, Place

TODAY = Place(Group.WAITING, "今天", 0)


def menu_of(
    request: HttpRequest, pages: Iterable[CapabilityAdmin], index: str
) -> list[tuple[str, list[Entry]]]:
    """`index` is the address of the first page, which all others lie under."""
    entries = [entry for page in pages if page.has_module_permission(request) for entry in page.menu(request)]
    entries.sort(key=lambda entry: entry.place.order)
    here = max(
        (entry for entry in entries if _leads_to(entry, request)),
        key=lambda entry: len(entry.href),
        default=None,
    )
    first = Entry(TODAY, index, is_current=request.path == index)
    marked = [first, *(replace(entry, is_current=entry is here) for entry in entries)]
    groups = [(group.value, [entry for entry in marked if entry.place.group == group]) for group in Group]
    return [(name, found) for name, found in groups if found]


def rank(page: CapabilityAdmin) -> tuple[int, int]:
    """As the navigation has them; pages without a place come last."""
    if page.menu_place is None:
        return len(Group), 0
    return list(Group).index(page.menu_place.group), page.menu_place.order


def _leads_to(entry: Entry, request: HttpRequest) -> bool:
    """An entry may be a list with a filter set: it is current only where that is chosen."""
    path, _, query = entry.href.partition("?")
    return request.path.startswith(path) and set(parse_qsl(query)) <= set(request.GET.items())
