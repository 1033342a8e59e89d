"""A search index that has to be built again says so: by a check, to the balancer, at the start, and on the desk."""

from io import StringIO

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command

from portal.core.audit.models import AuditEvent
from portal.core.index import health
from portal.core.index.building import Building
from portal.core.index.models import IndexState
from portal.core.index.tasks import rebuild_outdated
from portal.core.text.tokens import RULES
from tests.make import make_user, publish_products

pytestmark = pytest.mark.django_db

PAGE = "/admin/index/indexstate/"


@pytest.fixture
def outdated():
    publish_products()
    IndexState.objects.filter(pk="products").update(rules=RULES + 1)


def check_ids() -> list[str]:
    return [message.id for message in run_checks(tags=[Tags.database], databases=["default"])]


def test_a_system_check_names_it(outdated):
    assert check_ids() == ["portal.W010"]
    assert run_checks(tags=[Tags.database]) == []  # without a database nothing is asked
    call_command("build_index", verbosity=0)
    assert check_ids() == []


def test_readyz_says_it_and_keeps_the_node(client, outdated, caplog):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.content == b"ok\nindex outdated: products\n"
    assert "products" in caplog.text
    call_command("build_index", verbosity=0)
    assert client.get("/readyz").content == b"ok\n"


def test_the_start_orders_a_rebuild_and_once_is_enough(outdated):
    out = StringIO()
    call_command("build_index", outdated=True, stdout=out)  # its job runs at once in the suite
    assert "检索过时：产品清单：是按旧的分词规则建的" in out.getvalue()
    assert "已安排后台任务重建" in out.getvalue()
    assert health.outdated() == []
    built = IndexState.objects.get(pk="products").built
    out = StringIO()
    call_command("build_index", outdated=True, stdout=out)  # another node starts
    assert out.getvalue() == ""
    assert IndexState.objects.get(pk="products").built == built


def test_a_job_that_comes_second_builds_nothing(outdated):
    rebuild_outdated.func()
    built = dict(IndexState.objects.values_list("pk", "built"))
    rebuild_outdated.func()
    assert dict(IndexState.objects.values_list("pk", "built")) == built


def test_a_collection_that_is_new_in_this_release_is_built_at_the_start():
    publish_products()
    IndexState.objects.filter(pk="products").delete()
    assert [str(fault) for fault in health.faults()] == ["产品清单：还没有建立检索"]
    health.take_stock()
    assert health.outdated() == ["products"]
    call_command("build_index", outdated=True, stdout=StringIO())
    assert health.outdated() == []


def test_an_empty_installation_has_nothing_to_build():
    health.take_stock()
    assert health.faults() == []
    assert check_ids() == []


def test_the_administrator_reads_it_on_the_first_page_and_others_do_not(client, outdated):
    client.force_login(make_user("editor"))
    assert "检索须重建" not in client.get("/admin/").content.decode()
    client.force_login(make_user("administrator"))
    body = client.get("/admin/").content.decode()
    assert "检索须重建" in body
    assert "产品清单：是按旧的分词规则建的。请打开后按「重建检索」" in body
    assert PAGE in body
    assert "是按旧的分词规则建的，请按「重建检索」" in client.get(PAGE).content.decode()


def test_one_that_never_ended_is_told_apart(client):
    publish_products()
    Building.begin("enterprises")
    client.force_login(make_user("administrator"))
    assert "企业名录：上次重建没有做完" in client.get("/admin/").content.decode()


def test_the_administrator_rebuilds_by_a_button_and_it_is_kept_who_did(client, outdated):
    client.force_login(make_user("administrator"))
    assert client.get(f"{PAGE}rebuild/").status_code == 405
    answer = client.post(f"{PAGE}rebuild/", follow=True)
    assert "已安排重建检索" in answer.content.decode()
    assert health.faults() == []
    assert AuditEvent.objects.filter(step="index.rebuild_ordered").count() == 1
    assert "检索须重建" not in client.get("/admin/").content.decode()


def test_nobody_else_rebuilds(client, outdated):
    for role in ("editor", "reviewer", "publisher", "auditor", "support"):
        client.force_login(make_user(role))
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}rebuild/").status_code == 403
    assert health.outdated() == ["products"]


def test_a_second_order_while_one_runs_is_told(client, outdated, monkeypatch):
    monkeypatch.setattr(health, "running", lambda: ["产品清单"])
    client.force_login(make_user("administrator"))
    assert "正在重建：产品清单" in client.post(f"{PAGE}rebuild/", follow=True).content.decode()
    assert not AuditEvent.objects.filter(step="index.rebuild_ordered").exists()
    assert health.outdated() == ["products"]
