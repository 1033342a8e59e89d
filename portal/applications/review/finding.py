"""How the search of the desk finds cases: by their number, by the code or the name of the enterprise."""

from collections.abc import Iterable

from catalog.enterprises.models import Enterprise
from catalog.publication.desk.finding import enterprises_among, has_han
from portal.applications.cases.models import Application, ApplicationState
from portal.core.desk.search import MOST, Asked, Finder, keys_by
from portal.core.prefixes import begins
from portal.core.text import uscc

from .words import name_of


def case_keys(asked: Asked) -> Iterable[int]:
    readable = asked.rows(Application)
    code = uscc.normalise(asked.typed)
    if code and not has_han(code):
        yield from keys_by(readable, begins("number", asked.typed.upper()), begins("uscc", code))
    with_cases = Enterprise.objects.filter(pk__in=readable.values("enterprise")).order_by()
    cases = readable.filter(enterprise__in=enterprises_among(with_cases, asked))
    cases = cases.exclude(state=ApplicationState.DRAFT)
    yield from cases.order_by("-pk").values_list("pk", flat=True)[:MOST]


def under_case(case: Application) -> str:
    return f"{case.get_kind_display()}　{name_of(case)}　{case.get_state_display()}"


CASES = Finder(case_keys, under_case, ("enterprise",))
