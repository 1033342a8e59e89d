"""What the pages of this room ask alike."""

from catalog.publication.models import EnterpriseLine
from events.activities.models import ActivityVersion
from portal.core.pages.reading import ReadAt


def has_page(uscc: str, reading: ReadAt) -> bool:
    known = EnterpriseLine.objects.filter(uscc=uscc, from_edition__lte=reading.edition)
    return bool(uscc) and known.exists()


def held(activity: int | None, reading: ReadAt) -> ActivityVersion | None:
    """The activity at which something was signed, where it is public."""
    if activity is None:
        return None
    return ActivityVersion.objects.visible(reading.edition, reading.day).filter(activity=activity).first()
