"""What the pages of this room ask alike."""

from django.http import HttpRequest

from catalog.publication.models import EnterpriseLine
from events.activities.models import ActivityVersion
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt


def asked(request: HttpRequest) -> Query:
    """The parameters, which are those of the moment read and no others."""
    query = Query.of(request)
    query.refuse_unknown(single=PARAMETERS)
    return query


def has_page(uscc: str, reading: ReadAt) -> bool:
    known = EnterpriseLine.objects.filter(uscc=uscc, from_edition__lte=reading.edition)
    return bool(uscc) and known.exists()


def held(activity: int | None, reading: ReadAt) -> ActivityVersion | None:
    """The activity at which something was signed, where it is public."""
    if activity is None:
        return None
    return ActivityVersion.objects.visible(reading.edition, reading.day).filter(activity=activity).first()
