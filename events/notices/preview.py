"""A version as the public will read it, with its files shown from where only the desk sees them."""

from dataclasses import asdict

from portal.core.desk.files import draft_href
from portal.core.files.shown import Attachment, Picture, Size

from .models import NoticeVersion


class DraftSize(Size):
    @property
    def href(self) -> str:
        return draft_href(self.sha256, self.name)


class DraftAttachment(Attachment):
    @property
    def href(self) -> str:
        return draft_href(self.sha256, self.name)


def with_draft_files(version: NoticeVersion) -> NoticeVersion:
    version.shown_pictures = [_drafted(picture) for picture in version.shown_pictures]
    version.shown_attachments = [DraftAttachment(**asdict(file)) for file in version.shown_attachments]
    return version


def _drafted(picture: Picture) -> Picture:
    sizes = tuple(DraftSize(**asdict(size)) for size in picture.sizes)
    return Picture(picture.alt, picture.caption, sizes)
