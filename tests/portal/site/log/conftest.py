import pytest

from tests.portal.site.log.files import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
