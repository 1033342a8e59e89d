"""What becomes of personal data: kept while an enquiry is worked on and for a time after its end, then erased."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.files.models import StoredFile
from portal.core.files.store import erase

from .models import Enquiry, Photo

ERASED = "（内容已按保存期限清除）"


def due(today: datetime.date | None = None):
    """Enquiries that ended longer ago than they are kept."""
    last = (today or clock.today()) - datetime.timedelta(days=settings.ENQUIRY_KEEP_DAYS)
    return Enquiry.objects.filter(ended_on__lt=last, erased_at__isnull=True).order_by("pk")


@transaction.atomic
def erase_enquiry(enquiry: Enquiry, *, by=None) -> None:
    """Take away who asked, what was written and shown. Kind, place, days and acts stay for the figures."""
    locked = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    for name in (*Enquiry.PERSONAL, "place_detail", "subject"):
        setattr(locked, name, "")
    locked.text, locked.erased_at = ERASED, timezone.now()
    locked.save()
    locked.acts.update(text="")
    for photo in locked.photos.all():
        _erase_photo(photo)
    record("enquiry.erased", locked, by=by)


def _erase_photo(photo: Photo) -> None:
    """The bytes go too, unless another enquiry shows the same picture."""
    digests = photo.shown.digests
    is_shared = Photo.objects.filter(sha256=photo.sha256).exclude(pk=photo.pk).exists()
    photo.delete()
    if is_shared:
        return
    for file in StoredFile.objects.filter(
        root=StoredFile.Root.PRIVATE, sha256__in=digests, erased_at__isnull=True
    ):
        erase(file)
