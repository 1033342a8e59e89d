"""Which office a case goes to, and how to reach it. An office is the code of a province, or empty for the working group."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalog.publication.models import NATIONAL
from catalog.regions.models import Division, RegionVersion, province_of
from portal.core.accounts.models import Grant
from portal.core.accounts.roles import covers
from portal.core.editions.models import Installation
from portal.core.workflow import NotAllowed

from .models import Application, ApplicationKind
from .workflow.steps import conflict_of

WORKING_GROUP = ""
WORKING_GROUP_WORDS = "推进组"
SUPPORT_WORDS = "技术支持机构"
_OF_NO_LIST = (ApplicationKind.REGISTER, ApplicationKind.CHANGE)


def office_of_new(application: Application) -> tuple[str, str]:
    """(the office that decides, the region that is asked for an opinion) of a case that is handed in for the first time.

    What belongs to no list, and what is for a region's own list, is decided by the region where it has an officer. The
    national list is the working group's, which hears the region. An officer who may not decide on this case is none.
    """
    region = _impartial_region(application, division_of(application))
    if application.kind in _OF_NO_LIST:
        return region, ""
    if application.publisher != NATIONAL:
        return _impartial_region(application, application.publisher), ""
    return WORKING_GROUP, region


def division_of(application: Application) -> str:
    """Where the enterprise is: as it says itself in this case, else as it is registered.

    Who claims an enterprise does not choose the office by the place that is typed: there the register goes first.
    """
    said = application.values.get("division") or ""
    registered = application.enterprise.scope_division if application.enterprise else ""
    return registered or said if application.kind == ApplicationKind.REGISTER else said or registered


def staffed_region(division: str) -> str:
    """The code of the province of `division` where it has an active officer, else the working group."""
    if not division:
        return WORKING_GROUP
    province = province_of(division)
    return province if any(covers(scope, province) for scope in _officer_scopes()) else WORKING_GROUP


def _impartial_region(application: Application, division: str) -> str:
    """The province where it has an officer who has no part in the case."""
    region = staffed_region(division)
    if region == WORKING_GROUP:
        return WORKING_GROUP
    grants = _officers().select_related("user")
    officers = [grant.user for grant in grants if covers(grant.division, region)]
    is_free = any(conflict_of(application, officer) is None for officer in officers)
    return region if is_free else WORKING_GROUP


def staffed_offices() -> list[tuple[str, str]]:
    """(code, name) of every office that a case can be passed on to."""
    provinces = sorted(staffed_provinces())
    names = dict(Division.objects.filter(pk__in=provinces).values_list("code", "name"))
    regions = [(code, _region_words(names.get(code, code))) for code in provinces]
    return [(WORKING_GROUP, WORKING_GROUP_WORDS), *regions]


def check_office(office: str) -> None:
    """Raises NotAllowed for an office where nobody could open the case."""
    if office != WORKING_GROUP and staffed_region(office) != office:
        raise NotAllowed("case.no_officer", "那个地区还没有工作人员的账号，请转给推进组。")


@dataclass(frozen=True)
class Office:
    """What both sides read of an office."""

    name: str
    own_phone: str = ""

    @cached_property
    def phone(self) -> str:
        """The region's published phone, else the working group's; empty where neither is set: never invented."""
        return self.own_phone or Installation.office()


class Offices:
    """For the rows of one page: the names and phones of all regions are read once, when one is asked for."""

    def __init__(self) -> None:
        self._regions: dict[str, Office] | None = None

    def of(self, code: str) -> Office:
        if code == WORKING_GROUP:
            return Office(WORKING_GROUP_WORDS)
        if self._regions is None:
            versions = RegionVersion.objects.current().standing().select_related("page__division")
            self._regions = {
                version.page_id: Office(_region_words(version.name), version.responsible_phone)
                for version in versions
            }
        found = self._regions.get(code)
        if found is None:
            name = Division.objects.filter(pk=code).values_list("name", flat=True).first() or code
            found = self._regions[code] = Office(_region_words(name))
        return found


def office_name(code: str) -> str:
    return Offices().of(code).name


def office_phone(code: str) -> str:
    return Offices().of(code).phone


def _region_words(name: str) -> str:
    return f"{name}试点工作人员"


def staffed_provinces() -> set[str]:
    """Codes of the provinces whose officers have cases of their own."""
    return {province_of(scope) for scope in _officer_scopes() if scope.endswith("0000")}


def _officer_scopes() -> list[str]:
    return list(_officers().values_list("division", flat=True))


def _officers() -> Any:
    return Grant.objects.filter(role="pilot_officer", user__is_active=True, user__is_staff=True)
