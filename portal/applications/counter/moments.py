"""Moments in plain text, for sentences."""

import datetime

from portal.core.editions.clock import SHANGHAI


def in_words(moment: datetime.datetime) -> str:
    """2026年11月24日 10:42."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
