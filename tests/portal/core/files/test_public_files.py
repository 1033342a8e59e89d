"""Stored files reach the public by their digest, and only after they were opened to it."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from portal.core.files.folder import path_of
from portal.core.files.shown import Attachment, Picture, publish_files
from portal.core.files.store import DamagedFileError, is_whole, make_public
from tests.make import make_user

from .uploads import pdf, photo

pytestmark = pytest.mark.django_db


def test_a_picture_is_private_until_it_is_published(client):
    picture = Picture.taken_in(photo(), alt="会场", caption="", by=make_user("editor"))
    assert client.get(picture.largest.href).status_code == 404
    publish_files([picture])
    for size in picture.sizes:
        response = client.get(size.href)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert len(b"".join(response)) == size.length


def test_a_public_file_is_kept_for_ever_by_browsers_and_may_not_act(client):
    picture = Picture.taken_in(photo(), alt="会场", caption="", by=None)
    publish_files([picture])
    response = client.get(picture.largest.href)
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    again = client.get(picture.largest.href, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_an_attachment_is_kept_under_its_title_and_never_under_a_foreign_ending(client):
    attachment = Attachment.taken_in(pdf(), title="实施方案/2022", transcript="", by=None)
    publish_files([attachment])
    response = client.get(attachment.href)
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert response["Content-Type"] == "application/pdf"
    assert attachment.name == "实施方案_2022.pdf"
    assert client.get(attachment.href.replace(".pdf", ".exe")).status_code == 404
    assert client.get(f"/files/{'0' * 64}/a.pdf").status_code == 404


def test_values_come_back_as_they_were_sealed():
    attachment = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    picture = Picture.taken_in(photo(600, 400), alt="会场", caption="启动会", by=None)
    assert Attachment.read(attachment.as_value()) == attachment
    assert Picture.read(picture.as_value()) == picture


def test_a_damaged_file_is_never_published():
    attachment = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    path_of("private", attachment.sha256).write_bytes(b"something else")
    with pytest.raises(DamagedFileError):
        make_public(attachment.sha256)
    with pytest.raises(DamagedFileError):
        make_public("0" * 64)


def test_storing_a_content_anew_mends_what_was_damaged():
    attachment = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    path_of("private", attachment.sha256).write_bytes(b"something else")
    assert not is_whole(attachment.sha256, "private")
    Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    assert is_whole(attachment.sha256, "private")


def test_what_waits_for_its_day_is_given_out_from_that_day_and_never_later_than_promised(client):
    today = timezone.localdate()
    tomorrow, later = today + datetime.timedelta(days=1), today + datetime.timedelta(days=9)
    attachment = Attachment.taken_in(pdf(), title="附件", transcript="", by=None)
    publish_files([attachment], on=later)
    publish_files([attachment], on=tomorrow)
    assert client.get(attachment.href).status_code == 404
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1), tick=False):
        assert client.get(attachment.href).status_code == 200
    publish_files([attachment], on=later)
    assert client.get(attachment.href).status_code == 404
    publish_files([attachment])
    assert client.get(attachment.href).status_code == 200
    publish_files([attachment], on=tomorrow)
    assert client.get(attachment.href).status_code == 200
