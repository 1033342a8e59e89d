"""A private file is shown by a view that has asked who may, and every look leaves a trace."""

import pytest
from django.db import transaction

from portal.core.audit.models import AuditEvent
from portal.core.files.folder import path_of
from portal.core.files.intake.attachments import PDF
from portal.core.files.intake.documents import examine_document
from portal.core.files.private import serve_private
from portal.core.files.store import erase, store
from tests.make import make_enterprise, make_user

from .uploads import pdf, photo

pytestmark = pytest.mark.django_db


def kept(content: bytes, name: str = "营业执照"):
    found = examine_document(content)
    return store(found.content, name=name, media_type=found.media_type)


def served(rf, file, **changes):
    given = {"name": "营业执照", "by": make_user("reviewer"), "step": "document.viewed"}
    return serve_private(
        rf.get("/"), file, target=changes.pop("target", make_enterprise()), **(given | changes)
    )


def test_a_picture_opens_in_the_page_and_nobody_keeps_or_runs_it(rf):
    response = served(rf, kept(photo()))
    assert response["Content-Type"] == "image/jpeg"
    assert "Content-Disposition" not in response
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_kept_under_the_name_that_the_view_gives(rf):
    response = served(rf, kept(pdf()), name='授权/书".pdf')
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''%E6%8E%88%E6%9D%83_%E4%B9%A6_.pdf"
    assert response.content == pdf()


def test_who_looked_at_what_of_which_case_is_recorded(rf):
    reviewer, enterprise, file = make_user("reviewer"), make_enterprise(), kept(photo())
    served(rf, file, by=reviewer, target=enterprise)
    event = AuditEvent.objects.get(step="document.viewed")
    assert (event.actor_id, event.target_id) == (reviewer.pk, str(enterprise.pk))
    assert event.details == {"file": file.pk}
    assert event.is_success


def test_erased_and_damaged_bytes_give_a_page_that_says_so(rf):
    file = kept(photo())
    path_of(file.root, file.sha256).write_bytes(b"something else")
    response = served(rf, file)
    assert response.status_code == 404
    assert "文件已损坏" in response.content.decode()
    erase(file)
    file.refresh_from_db()
    response = served(rf, file)
    assert response.status_code == 410
    assert "文件已清除" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert list(AuditEvent.objects.filter(step="document.viewed").values_list("is_success", flat=True)) == [
        False,
        False,
    ]


def test_the_media_type_is_the_one_it_was_opened_as(rf):
    assert served(rf, kept(pdf(), name="x.html"))["Content-Type"] == PDF


def test_an_erasure_that_is_taken_back_takes_no_bytes_away(django_capture_on_commit_callbacks):
    file = store(b"kept", name="a.pdf", media_type="application/pdf")
    path = path_of(file.root, file.sha256)
    with transaction.atomic():
        erase(file)
        transaction.set_rollback(True)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase(file)
    assert not path.exists()
