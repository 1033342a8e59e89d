"""Pages that wait for a job say how it stands: the batch that is being indexed, the reading of the site."""

import pytest
from django.urls import reverse

from catalog.publication.publishing import workflow
from portal.core.jobs import queue
from tests.make import enter, make_batch, make_product, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.JOB_PAUSE_SECONDS = (0, 0)


def give_up() -> None:
    for _ in range(3):
        row = queue.claim("w")
        assert row is not None
        queue.fail(row.pk, "w", queue.crashed(-9))


def test_a_batch_tells_that_its_index_waits_and_that_it_was_given_up(client):
    batch = enter(make_batch(), make_product())
    batch = workflow.submit(batch, by=batch.created_by)
    client.force_login(make_user("reviewer"))
    address = reverse("admin:publication_batch_change", args=[batch.pk])
    page = client.get(address).content.decode()
    assert "正在准备检索" in page
    assert "后台任务没有运行" in page
    give_up()
    page = client.get(address).content.decode()
    assert "公布时会补做" in page
    assert "后台任务没有运行" not in page
    batch = workflow.approve(batch, by=make_user("reviewer"), digest=batch.digest)
    workflow.publish(batch, by=make_user("publisher"))  # as the page says
    assert "公布时会补做" not in client.get(address).content.decode()


def test_a_reading_of_the_site_tells_that_it_waits_and_that_it_was_given_up(client):
    client.force_login(make_user("editor"))
    address = reverse("admin:inspection_probe_changelist")
    assert "安排的通读" not in client.get(address).content.decode()
    client.post(reverse("admin:inspection_read"))
    page = client.get(address).content.decode()
    assert "安排的通读：正在进行" in page
    assert "后台任务没有运行" in page
    give_up()
    page = client.get(address).content.decode()
    assert "试了 3 次都没有完成" in page
    assert "可以重新通读" in page
