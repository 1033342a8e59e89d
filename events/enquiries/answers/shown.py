"""Answers as the public reads them."""

from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt

from ..models import AnswerVersion


def answers_at(reading: ReadAt):
    """Published answers that stand, newest first."""
    standing = AnswerVersion.objects.visible(reading.edition, reading.day).standing()
    return standing.order_by("-answered_on", "-answer_id")


def newest_answers(count: int) -> list[AnswerVersion]:
    today, newest = clock.today(), Edition.objects.current_number()
    return list(answers_at(ReadAt(newest, today, newest, today))[:count])
