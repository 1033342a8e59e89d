"""What a rehearsal says of itself; `make rehearse` reads it in the report of pytest."""

from collections.abc import Callable

import pytest


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`note(rounds=100, told="0 errors")`: how often something was tried, and what else came of it."""
    return lambda **said: request.node.user_properties.extend(said.items())
