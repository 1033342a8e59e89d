"""The front page as it is drawn: its parts once for an edition and a day, not for each size of letters or sort of colours."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal.core.pages import navigation
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from portal.core.pages.unchanged import until_changed
from portal.site.home import Home

PARTS = {"theme": "site/_home_theme.html", "main": "site/_home.html"}

_parts: Memory[SafeString] = Memory(2 * MEGABYTE)


def drawn_parts(reading: ReadAt, moment: Query) -> dict[str, SafeString]:
    """Without the request: what is drawn for one must be right for all. `moment` is what links keep."""
    home = Home(reading)
    context = {
        "home": home,
        "reading": reading,
        "query": moment,
        "search_href": navigation.href_of("search") or "/",
    }
    return {
        part: until_changed(
            _parts,
            reading.edition,
            (part, reading, moment),
            lambda name=name: render_to_string(name, context),  # type: ignore[misc]
        )
        for part, name in PARTS.items()
    }
