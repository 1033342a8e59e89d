from pathlib import Path

import pytest

from portal.core.checkpoints import signing
from portal.site.mirror.mirror import Copied, mirror
from portal.site.mirror.subject import Subject


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path_factory):
    """A log that nobody signed before; every node of the run has a place of its own."""
    place = tmp_path_factory.mktemp("key")
    settings.LOG_KEY_FILE, settings.LOG_SIGNED_FILE = place / "log_key.pem", place / "log_signed"
    settings.FILES_ROOT = place / "files"
    yield
    signing._signed.clear()


@pytest.fixture
def copied(tmp_path):
    """Makes a copy or brings it up to date, in this process."""

    def make(name: str = "copy", edition: int | None = None, regions: tuple[str, ...] = ()) -> Copied:
        return mirror(Subject.asked(edition, regions), tmp_path / name, processes=1)

    return make


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "copy"
