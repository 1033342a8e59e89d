"""The body of a notice as it is drawn: prose, with the pictures where 「[图1]」 stands in a paragraph of its own."""

import re
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from portal.core.files.shown import Picture
from portal.core.text.marked import marked
from portal.core.text.prose import from_textarea, plain_text

from .models import NoticeVersion

PLACE = re.compile(r"<p>\s*[\[［【]图\s*([0-9]{1,2})[\]］】]\s*</p>")
MARKED_PLACE = re.compile(r"<p><ins>(\s*[\[［【]图\s*[0-9]{1,2}[\]］】]\s*)</ins></p>")


@dataclass(frozen=True)
class Piece:
    """A stretch of prose, or a picture with its number."""

    prose: SafeString | str = ""
    picture: Picture | None = None
    number: int = 0


def pieces(version: NoticeVersion, *, against: NoticeVersion | None = None) -> list[Piece]:
    """The body in order. Sanitised again here, whatever the database holds; pictures without a place come last.

    What it changes `against` another version is marked.
    """
    body = from_textarea(version.body)
    if against is not None:
        body = MARKED_PLACE.sub(r"<p>\g<1></p>", marked(from_textarea(against.body), body))
    found: list[Piece] = []
    shown: set[int] = set()
    for position, part in enumerate(PLACE.split(body)):
        if position % 2 == 0:
            if part.strip():
                found.append(Piece(prose=mark_safe(part)))  # noqa: S308 - both wordings were sanitised
        elif 0 < int(part) <= len(version.shown_pictures) and int(part) not in shown:
            shown.add(int(part))
            found.append(_figure(version, int(part)))
    rest = [number for number in range(1, len(version.shown_pictures) + 1) if number not in shown]
    return found + [_figure(version, number) for number in rest]


def places(body: str) -> list[int]:
    """Numbers of the pictures that a body asks for."""
    return [int(number) for number in PLACE.findall(from_textarea(body))]


def words_of(version: NoticeVersion) -> str:
    """Everything that a reader reads of a version, a line for each part: for search and for the checks."""
    texts = [
        version.title,
        version.document_number,
        version.issuer,
        version.source,
        version.contact,
        version.summary,
        body_words(version),
        version.change_note,
    ]
    for picture in version.shown_pictures:
        texts += [picture.alt, picture.caption]
    for attachment in version.shown_attachments:
        texts += [attachment.title, attachment.transcript]
    return "\n".join(text for text in texts if text)


def body_words(version: NoticeVersion) -> str:
    """The body without markup and without the places of pictures."""
    return plain_text(PLACE.sub("", from_textarea(version.body)))


def _figure(version: NoticeVersion, number: int) -> Piece:
    return Piece(picture=version.shown_pictures[number - 1], number=number)
