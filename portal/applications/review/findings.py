"""How a machine's finding reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`level` is "ok", "warning" or "error"; `field` the one that is meant, or "documents", "items", "uscc"."""

    level: str
    sentence: str
    field: str
