"""How far a redaction reaches: the values, and the enterprises and certificates that they belong to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models

from portal.core.text.normalise import fold

from ..compiling.redactable import PLACEHOLDER, texts_in
from ..compiling.restating import Owner
from ..models import CertificateLine, EnterpriseLine, Line, ProductLine

SHORTEST_INSIDE = 2  # one character inside a longer text is nobody's name


@dataclass(frozen=True)
class Reach:
    """Other people's equal words are left alone, so every room asks by `enterprises` and `certificates` first."""

    values: list[str]
    enterprises: set[int] = field(default_factory=set)
    certificates: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, model: type[Line], key: str, field_name: str) -> "Reach":
        lines: list[Any] = list(model.objects.filter(key=key))
        values = list(dict.fromkeys(text for line in lines for text in texts_in(line, field_name)))
        if model is CertificateLine:
            certificates = {line.certificate_id for line in lines}
            products = ProductLine.objects.filter(certificate__in=certificates).order_by()
            makers = products.values_list("enterprise_id", flat=True).distinct()
            return cls(values, set(makers), certificates)
        enterprises = {line.enterprise_id for line in lines}
        products = ProductLine.objects.filter(
            enterprise__in=enterprises, certificate__isnull=False
        ).order_by()
        named = products.values_list("certificate_id", flat=True).distinct()
        return cls(values, enterprises, set(named))

    @property
    def owners(self) -> list[Owner]:
        enterprises: list[Owner] = [("enterprise", pk) for pk in sorted(self.enterprises)]
        return enterprises + [("certificate", pk) for pk in sorted(self.certificates)]

    def reaching(self, owners: Iterable[Owner]) -> "Reach":
        """The same of these owners, too."""
        further: dict[str, set[int]] = {"enterprise": set(), "certificate": set()}
        for kind, pk in owners:
            further[kind].add(pk)
        enterprises, certificates = further["enterprise"], further["certificate"]
        return Reach(self.values, self.enterprises | enterprises, self.certificates | certificates)

    def names(self, text: Any) -> bool:
        """Whether a text is one of the values, spaces and kinds of brackets aside."""
        return isinstance(text, str) and self._judged[text]

    def without(self, kept: Any, *, within: Collection[str] | None = None) -> Any:
        """The same JSON with the values blanked. Of dictionaries only the entries `within`, where they are given."""
        if isinstance(kept, dict):
            if within is None:
                return {self.without(key): self.without(value) for key, value in kept.items()}
            return {key: self.without(value) if key in within else value for key, value in kept.items()}
        if isinstance(kept, list):
            return [self.without(item, within=within) for item in kept]
        if isinstance(kept, str):
            return PLACEHOLDER if self.names(kept) else self._cut_out(kept)
        return kept

    def _cut_out(self, text: str) -> str:
        for value in self.values:
            if len(value) >= SHORTEST_INSIDE:
                text = text.replace(value, PLACEHOLDER)
        return text

    @cached_property
    def _judged(self) -> "_Judged":
        return _Judged(self.values)


def lines_within(reach: Reach) -> list[models.QuerySet]:
    """In the order in which the index is held."""
    return [
        EnterpriseLine.objects.filter(enterprise__in=reach.enterprises),
        CertificateLine.objects.filter(certificate__in=reach.certificates),
        ProductLine.objects.filter(enterprise__in=reach.enterprises),
    ]


class _Judged(dict[str, bool]):
    """What was looked at before the lock costs nothing under it, and lines say the same words by the thousand."""

    def __init__(self, values: Collection[str]):
        self._folded = {fold(value) for value in values}

    def __missing__(self, text: str) -> bool:
        return self.setdefault(text, bool(text) and fold(text) in self._folded)
