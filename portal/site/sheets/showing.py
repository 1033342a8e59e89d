"""A sheet as it is shown: its answer with edition, head, fingerprint and code, and what is different today."""

from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from portal.core.checkpoints.succession import known_keys
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.reading import ReadAt
from portal.core.pages.templatetags.pages import day_words, grouped

from .drawing import Drawn, drawn
from .models import Sheet

FEW, MANY = 60, 200
MOST_DIFFERENCES = 20


class Shown:
    def __init__(self, sheet: Sheet, is_demonstration: bool):
        self.sheet, self.is_demonstration = sheet, is_demonstration

    @cached_property
    def drawn(self) -> Drawn:
        return drawn(self.sheet.numbers, self.sheet.reading)

    @property
    def moment(self) -> str:
        at = self.sheet.at.astimezone(clock.SHANGHAI)
        return f"{day_words(at)} {at.hour:02}:{at.minute:02}"

    @property
    def edition_words(self) -> str:
        is_past = self.sheet.day != clock.day_of(self.sheet.at)
        on = f"，状态按 {day_words(self.sheet.day)}" if is_past else ""
        return f"清单第{self.sheet.edition}版{on}"

    @cached_property
    def grouped_head(self) -> str:
        return grouped(Edition.objects.get(number=self.sheet.edition).head)

    @cached_property
    def fingerprint(self) -> str:
        """Of the key that signed when the sheet was made, as it stands on paper."""
        rows = known_keys()
        then = [row for row in rows if row.at and row.at <= self.sheet.at]
        return next((row.verifier.fingerprint for row in [*then[-1:], *rows]), "")

    @property
    def grouped_fingerprint(self) -> str:
        return grouped(self.fingerprint)

    @property
    def host(self) -> str:
        return urlsplit(settings.SITE_URL).netloc

    @property
    def address(self) -> str:
        return settings.SITE_URL + reverse("sheets:sheet", args=[self.sheet.shown_code])

    @property
    def crowd(self) -> str:
        """How small the numbers have to be written."""
        count = len(self.sheet.numbers)
        return "few" if count <= FEW else "many" if count <= MANY else "most"

    def differences(self, newest: ReadAt) -> list[tuple[str, str, str]]:
        """What, as on the sheet, today; empty where the same would be said."""
        then, now = self.drawn.said, drawn(self.sheet.numbers, newest).said
        old, new = dict(then), dict(now)
        return [
            (what, old.get(what, "没有"), new.get(what, "没有"))
            for what in dict.fromkeys([*old, *new])
            if old.get(what) != new.get(what)
        ][:MOST_DIFFERENCES]
