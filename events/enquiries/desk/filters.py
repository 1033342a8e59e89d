"""The filters of the list of enquiries at the desk."""

from django.db.models import QuerySet
from django_filters import ChoiceFilter

from portal.core.desk.filters import DeskFilters

from ..deadlines import Deadlines
from ..models import Enquiry, Kind, Office


class EnquiryFilters(DeskFilters):
    late = ChoiceFilter(label="期限", choices=[("yes", "已逾期")], method="overdue")
    # As Django names its own filters of a column: these addresses stand in letters and bookmarks.
    state__exact = ChoiceFilter(label="状态", choices=Enquiry.State.choices, field_name="state")
    office__exact = ChoiceFilter(label="办理单位", choices=Office.choices, field_name="office")
    kind__exact = ChoiceFilter(label="种类", choices=Kind.choices, field_name="kind")

    def overdue(self, enquiries: QuerySet[Enquiry], _name: str, _value: str) -> QuerySet[Enquiry]:
        return Deadlines().overdue(enquiries)
