"""How the search of the desk finds enquiries: by their number. What people wrote is not searched."""

from collections.abc import Iterable

from events.enquiries.models import Enquiry
from portal.core.desk.search import Asked, Finder, keys_by
from portal.core.prefixes import begins


def enquiry_keys(asked: Asked) -> Iterable[int]:
    return keys_by(asked.rows(Enquiry), begins("number", asked.typed.upper()))


ENQUIRIES = Finder(enquiry_keys, lambda row: f"{row.about_title}　{row.get_state_display()}")
