"""What is erased goes; what somebody stores anew at the same moment stays."""

import pytest

from portal.core.files import removing
from portal.core.files.depot import depot
from portal.core.files.models import StoredFile
from portal.core.files.store import erase, load, store

pytestmark = pytest.mark.django_db
CONTENT = b"a paper"


@pytest.fixture
def erased(settings, tmp_path, django_capture_on_commit_callbacks) -> StoredFile:
    settings.FILES_ROOT = tmp_path
    file = stored()
    with django_capture_on_commit_callbacks():
        erase(file)  # its bytes are about to go
    return file


def stored() -> StoredFile:
    return store(CONTENT, name="a.pdf", media_type="application/pdf")


def test_what_is_stored_between_the_look_and_the_removal_is_put_back(erased, monkeypatch):
    remove, again = depot().remove, []

    def remove_later(_depot, root: str, sha256: str) -> None:
        again.append(stored())
        remove(root, sha256)

    monkeypatch.setattr(type(depot()), "remove", remove_later)
    removing.remove_or_order(erased.root, erased.sha256)
    assert load(again[0]) == CONTENT


def test_what_is_stored_by_a_transaction_that_nobody_sees_yet_is_written_when_it_is_through(
    erased, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(removing, "_is_kept", lambda root, sha256: False)
    with django_capture_on_commit_callbacks(execute=True):
        again = stored()
        removing.remove_or_order(erased.root, erased.sha256)
        assert not depot().holds(erased.root, erased.sha256)
    assert load(again) == CONTENT


def test_what_nobody_stores_anew_is_gone(erased):
    removing.remove_or_order(erased.root, erased.sha256)
    assert not depot().holds(erased.root, erased.sha256)
