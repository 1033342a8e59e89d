from pathlib import Path

import pytest

from catalog.publication.models import ProductLine
from portal.core.checkpoints import keys, signing
from tests.make import make_product, publish_products
from tests.module_rows import laid_once
from tests.portal.site.log.files import Folder, Witnessing


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path_factory):
    """A log that nobody signed before."""
    place = tmp_path_factory.mktemp("key")
    settings.LOG_KEY_FILE, settings.LOG_SIGNED_FILE = place / "log_key.pem", place / "log_signed"
    yield
    signing._signed.clear()


@pytest.fixture
def stolen(settings):
    """Somebody signs whatever the database says: by the site's own key, or by one made for it."""

    def sign_again(*, with_the_key: bool) -> None:
        if not with_the_key:
            settings.LOG_KEY_FILE = Path(settings.LOG_KEY_FILE).with_name("made.pem")
        Path(settings.LOG_SIGNED_FILE).unlink(missing_ok=True)
        signing._signed.clear()
        signing._grown.__init__()
        keys.forget_file()

    return sign_again


@pytest.fixture
def witness(settings, tmp_path_factory, monkeypatch):
    """A witness whom the site knows, on a machine of its own; it asks the site by HTTP."""
    return Witnessing(settings, tmp_path_factory.mktemp("witness"), monkeypatch)


def lay():
    publish_products(make_product(name="自粘防水卷材"), make_product())
    publish_products()
    return ProductLine.objects.get(name="自粘防水卷材")


laid = laid_once(lay)


@pytest.fixture
def row(laid):
    return laid()
