"""Inside `forgetting()` a thread recalls nothing that its process remembers, and leaves nothing behind in it.

For whoever reads what no reader may ever be given: rows of a transaction that is taken back. Every memory of the process asks
`forgets()`; one more that is made asks it too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_forgets: ContextVar[bool] = ContextVar("forgets", default=False)


def forgets() -> bool:
    return _forgets.get()


@contextmanager
def forgetting() -> Iterator[None]:
    before = _forgets.set(True)
    try:
        yield
    finally:
        _forgets.reset(before)
