"""Every test reads pages that are new."""

import pytest

from portal.core.pages import cache


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()
