"""Every page is drawn anew in these tests."""

import pytest

from portal.core.pages import cache
from tests.make import make_user


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


@pytest.fixture
def editor(db):
    return make_user("editor")


@pytest.fixture
def reviewer(db):
    return make_user("reviewer")
