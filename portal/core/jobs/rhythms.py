"""What rooms above have every worker do every so many seconds, beside the jobs: short, and harmless when others do it too."""

from collections.abc import Callable

_acts: list[tuple[float, Callable[[], object]]] = []


def every(seconds: float, act: Callable[[], object]) -> None:
    """Called once by the room, when it is ready. A database that is away is the worker's business, not the act's."""
    _acts.append((seconds, act))


def registered() -> list[tuple[float, Callable[[], object]]]:
    return list(_acts)
