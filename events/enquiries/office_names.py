"""What offices are called on a page."""

from catalog.regions.naming import DivisionNames

from .models import OFFICE_WORDS, Act, AnswerVersion, Enquiry, Office


class OfficeNames:
    """「推进组」, 「福建省试点地区工作人员」; divisions are read once, when one is asked for."""

    def __init__(self) -> None:
        self.divisions = DivisionNames()

    def of(self, row: Enquiry | Act | AnswerVersion) -> str:
        if row.office == Office.PILOT:
            return f"{self.place(row.office_division)}试点工作人员"
        return OFFICE_WORDS[row.office]

    def place(self, code: str) -> str:
        return self.divisions.full(code)
