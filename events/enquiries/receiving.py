"""How an enquiry comes in: once for each form, with its pictures drawn anew, at the desk that it belongs to."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from catalog.publication.models import NATIONAL
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.files.intake.refusals import FileRefused
from portal.core.files.shown import Picture

from . import tickets
from .models import Act, Enquiry, Photo
from .routing import desk_for
from .subjects import Subject

COLUMNS = (
    "topic",
    "subject",
    "place",
    "place_detail",
    "text",
    "contact_name",
    "contact_phone",
    "contact_email",
)
TRIES_FOR_A_NUMBER = 20


def taken_in(uploads: Sequence[UploadedFile]) -> list[Picture]:
    """Open and draw the uploads. Raises FileRefused that says which one."""
    pictures = []
    for number, upload in enumerate(uploads, start=1):
        try:
            pictures.append(Picture.taken_in(upload.read(), alt=f"来信照片 {number}", caption="", by=None))
        except FileRefused as refusal:
            raise FileRefused(refusal.rule, f"第 {number} 张：{refusal.sentence}") from refusal
    return pictures


def digest_of(kind: str, values: dict[str, Any], about: str) -> str:
    """What was said, to tell a form that is sent again from one that was changed in between."""
    said = [kind, about, *(str(values.get(name, "")) for name in COLUMNS)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def receive(
    kind: str,
    values: dict[str, Any],
    *,
    key: str,
    subject: Subject | None = None,
    pictures: Sequence[Picture] = (),
    is_proven: bool = False,
    is_suspect: bool = False,
) -> Enquiry:
    """The enquiry of the form `key`: a new one, or the one that the same form made before.

    What no script vouched for, and what filled the hidden field, waits until somebody has looked at it.
    """
    about = subject.path if subject else ""
    publisher = subject.publisher if subject else NATIONAL
    desk = desk_for(kind, place=values.get("place", ""), publisher=publisher)
    state = Enquiry.State.OPEN if is_proven and not is_suspect else Enquiry.State.HELD
    enquiry = Enquiry(
        form_key=key,
        content_digest=digest_of(kind, values, about),
        secret_hash=tickets.hashed(tickets.word_of(key)),
        kind=kind,
        about=about,
        about_title=subject.title[:200] if subject else "",
        is_proven=is_proven,
        is_suspect=is_suspect,
        state=state,
        office=desk.office,
        office_division=desk.division,
        received_on=clock.today(),
        **{name: values.get(name, "") for name in COLUMNS},
    )
    if not enquiry.place and publisher != NATIONAL:
        enquiry.place = publisher
    for _try in range(TRIES_FOR_A_NUMBER):
        enquiry.number = tickets.new_number()
        try:
            with transaction.atomic():
                return _written(enquiry, pictures)
        except IntegrityError:
            known = Enquiry.objects.filter(form_key=key).first()
            if known is not None:
                return known
    raise RuntimeError("No free number was found for an enquiry.")


def _written(enquiry: Enquiry, pictures: Sequence[Picture]) -> Enquiry:
    enquiry.pk = None
    enquiry.save(force_insert=True)
    Photo.objects.bulk_create(
        Photo(enquiry=enquiry, sha256=picture.largest.sha256, picture=picture.as_value())
        for picture in pictures
    )
    desk = {"office": enquiry.office, "office_division": enquiry.office_division}
    Act.objects.create(enquiry=enquiry, kind=Act.Kind.RECEIVED, **desk)
    if enquiry.state == Enquiry.State.OPEN:
        Act.objects.create(enquiry=enquiry, kind=Act.Kind.ACCEPTED, **desk)
    record("enquiry.received", enquiry, kind=enquiry.kind, office=enquiry.office, state=enquiry.state)
    return enquiry
