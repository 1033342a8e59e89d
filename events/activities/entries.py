"""An activity as an entry of a list: with where it lies seen from the day read."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from .models import ActivityVersion, When

# The status of the look for each.
CODES = {When.UPCOMING: "ending", When.ONGOING: "valid", When.PAST: "expired", When.CANCELLED: "withdrawn"}


@dataclass(frozen=True)
class Entry:
    version: ActivityVersion
    when: When

    @property
    def code(self) -> str:
        return CODES[self.when]

    @property
    def word(self) -> str:
        """Of an activity whose day is not known, nobody can say that it goes on just now."""
        if self.when == When.ONGOING and not self.version.is_exact:
            return "日期未详"
        return str(self.when.label)

    @property
    def is_past(self) -> bool:
        return self.when == When.PAST


def entries(versions: Iterable[ActivityVersion], day: datetime.date) -> list[Entry]:
    return [Entry(version, version.when(day)) for version in versions]
