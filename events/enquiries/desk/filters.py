"""The filters of the list of enquiries at the desk."""

import datetime

from django.db.models import Q, QuerySet
from django_filters import ChoiceFilter

from catalog.regions.naming import provinces
from portal.core.accounts.roles import prefix_of
from portal.core.desk.filters import DeskFilters

from ..deadlines import Deadlines
from ..models import Enquiry, Kind, Office, Topic

AGES = [(days, f"{days} 个工作日以上") for days in ("3", "5", "10")]


class EnquiryFilters(DeskFilters):
    late = ChoiceFilter(label="期限", choices=[("yes", "已逾期")], method="overdue")
    # As Django names its own filters of a column: these addresses stand in letters and bookmarks.
    state__exact = ChoiceFilter(label="状态", choices=Enquiry.State.choices, field_name="state")
    office__exact = ChoiceFilter(label="办理单位", choices=Office.choices, field_name="office")
    kind__exact = ChoiceFilter(label="种类", choices=Kind.choices, field_name="kind")
    topic = ChoiceFilter(label="事项", choices=Topic.choices)
    region = ChoiceFilter(label="地区", choices=provinces, method="in_region")
    age = ChoiceFilter(label="已等", choices=AGES, method="waiting_since")

    def overdue(self, enquiries: QuerySet[Enquiry], _name: str, _value: str) -> QuerySet[Enquiry]:
        return Deadlines().overdue(enquiries)

    def in_region(self, enquiries: QuerySet[Enquiry], _name: str, value: str) -> QuerySet[Enquiry]:
        """Where the matter is, or whose officers work on it."""
        front = prefix_of(value)
        return enquiries.filter(Q(place__startswith=front) | Q(office_division__startswith=front))

    def waiting_since(self, enquiries: QuerySet[Enquiry], _name: str, value: str) -> QuerySet[Enquiry]:
        """In working days since it came in; what has ended waits no more."""
        deadlines = Deadlines()
        tomorrow = deadlines.today + datetime.timedelta(days=1)
        last = deadlines.workdays.latest_overdue(tomorrow, int(value))
        return enquiries.waiting().received_by(last)  # type: ignore[attr-defined]
