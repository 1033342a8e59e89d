"""Makers that lie in another province than the publisher of the list: right at times, and more often the wrong list."""

from typing import Any

from catalog.publication.models import NATIONAL

NAMED = 5


class Elsewhere:
    """Counts rows by whether their maker lies in the publisher's province."""

    def __init__(self, publisher: str):
        self.home = "" if publisher == NATIONAL else publisher[:2]
        self.rows = 0
        self.names: dict[str, None] = {}

    def count(self, province: str, name: str) -> None:
        if not self.home or not province or province == self.home:
            return
        self.rows += 1
        if len(self.names) < NAMED:
            self.names[name] = None

    def told(self) -> dict[str, Any]:
        return {"rows": self.rows, "names": list(self.names)}
