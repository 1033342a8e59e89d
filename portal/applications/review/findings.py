"""How a machine's finding reads."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Finding:
    """`level` is "ok", "warning" or "error"; `field` the one that is meant, or "documents", "items", "uscc"."""

    level: str
    sentence: str
    field: str


def as_kept(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """As a case keeps them beside its decision."""
    return [asdict(finding) for finding in findings]


def from_kept(kept: Iterable[dict[str, str]]) -> list[Finding]:
    return [Finding(**one) for one in kept]
