"""What several tests of this room begin with."""

import pytest

from catalog.publication.publishing import freezing
from tests.make import make_division, make_enterprise, make_product, make_user, publish_products


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


@pytest.fixture
def own_folder(settings, tmp_path):
    """Whole files are kept in a folder that no other test reads."""
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def small_steps(monkeypatch):
    """A draft of some lines is frozen, and swept away, in several steps."""
    monkeypatch.setattr(freezing, "LINES_A_STEP", 1)
    monkeypatch.setattr(freezing, "DROPPED_A_STEP", 1)
    monkeypatch.setattr("portal.core.busy.PAUSE", 0)


@pytest.fixture
def public(editor):
    product = make_product(
        name="已公布卷材", enterprise=make_enterprise(name="示例已公布厂", division=make_division())
    )
    publish_products(product)
    product.refresh_from_db()
    return product
