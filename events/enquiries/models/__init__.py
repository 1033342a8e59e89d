"""Enquiries as they come in and are worked on (never public), and the answers that are published of them."""

from .answers import Answer, AnswerVersion
from .enquiries import OFFICE_WORDS, TOPICS, Act, Enquiry, Kind, Office, Photo, Topic

__all__ = [
    "OFFICE_WORDS",
    "TOPICS",
    "Act",
    "Answer",
    "AnswerVersion",
    "Enquiry",
    "Kind",
    "Office",
    "Photo",
    "Topic",
]
