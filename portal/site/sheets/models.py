"""What a short code stands for: the question, and the moment. The answer is read out of its edition, each time anew."""

import secrets
import unicodedata

from django.db import models

from portal.core.audit.models import AppendOnly
from portal.core.editions.clock import today
from portal.core.pages.reading import ReadAt

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another on paper
LENGTH = 8


def new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def code_in(text: str) -> str:
    """As it is kept; empty where it cannot be one."""
    code = unicodedata.normalize("NFKC", text[:60]).upper().replace("-", "").replace(" ", "")
    return code if len(code) == LENGTH and set(code) <= set(SIGNS) else ""


class Sheet(AppendOnly):
    code = models.CharField("短码", max_length=LENGTH, primary_key=True, default=new_code)
    numbers = models.JSONField("编号")
    edition = models.PositiveIntegerField("版号")
    day = models.DateField("截至日")
    at = models.DateTimeField("查询时刻")

    class Meta:
        verbose_name = "核验单"
        verbose_name_plural = "核验单"

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def reading(self) -> ReadAt:
        return ReadAt(self.edition, self.day, self.edition, today())
