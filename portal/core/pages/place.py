"""Where a visitor lives, as far as a cookie of theirs says so: the code of a division, and nothing of a person.

The cookie is in the key of kept pages, so that a page may say it and stay the same for all who chose the same place; whoever
chose none shares the pages of everybody. Whether there is such a division is asked where it is drawn.
"""

import re
from collections.abc import Mapping

from django.http import HttpRequest

COOKIE = "place"
_CODE = re.compile(r"[1-9][0-9]{5}", re.ASCII)


def place_in(cookies: Mapping[str, str]) -> str:
    """Six digits; a cookie with anything else is as good as none."""
    given = cookies.get(COOKIE, "")
    return given if _CODE.fullmatch(given) else ""


def chosen_code(request: HttpRequest) -> str:
    return place_in(request.COOKIES)
