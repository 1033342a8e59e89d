"""Where a visitor lives, as far as a cookie of theirs says so: the code of a division, and nothing of a person.

The cookie is in the key of kept pages that ask for it, so that a page may say it and stay the same for all who chose the same
place; whoever chose none shares the pages of everybody. A code that no division bears is as good as none: nobody makes up
keys. The room of divisions says which there are; what it said is known until something public changes.
"""

from collections.abc import Callable, Iterable, Mapping

from django.http import HttpRequest

from portal.core.pages.memory import MEGABYTE, Memory

COOKIE = "place"
ASKED = "portal.place_asked"  # in the META of a request whose page says the place, or could have
_known: Memory[frozenset[str]] = Memory(MEGABYTE)
_divisions: list[Callable[[], Iterable[str]]] = []


def divisions_by(codes: Callable[[], Iterable[str]]) -> None:
    """Let the room of divisions say which there are."""
    _divisions.append(codes)


def forget() -> None:
    """Something public has changed, or a database was restored over another."""
    _known.clear()


def is_ready(cookies: Mapping[str, str]) -> bool:
    """Whether nobody has to ask the database what the cookie is worth."""
    return not cookies.get(COOKIE) or _known.get("codes") is not None


def place_in(cookies: Mapping[str, str]) -> str:
    """A code that there is; empty for a cookie with anything else."""
    given = cookies.get(COOKIE, "")
    return given if given and given in (_known.get("codes") or _learnt()) else ""


def _learnt() -> frozenset[str]:
    codes = frozenset(code for told in _divisions for code in told())
    _known.put("codes", codes, 100 * len(codes))
    return codes


def chosen_code(request: HttpRequest) -> str:
    request.META[ASKED] = True
    return place_in(request.COOKIES)
