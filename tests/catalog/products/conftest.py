"""Who works on these registers."""

import pytest

from tests.make import make_user


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user
