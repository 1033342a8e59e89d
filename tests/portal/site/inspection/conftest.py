"""Every page is drawn anew in these tests."""

import pytest

from portal.core.pages import cache


@pytest.fixture(autouse=True)
def _fresh_pages():
    cache.clear()
