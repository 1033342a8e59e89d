"""Photographs of activities: pictures that also say whether the people in them agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from portal.core.files.shown import Picture, Size


@dataclass(frozen=True)
class Photograph(Picture):
    consent: str = ""

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        sizes = tuple(Size(**size) for size in value["sizes"])
        return cls(value["alt"], value["caption"], sizes, value.get("consent", ""))

    def described(self, *, alt: str, caption: str, consent: str = "") -> Self:
        return replace(self, alt=alt, caption=caption, consent=consent)
