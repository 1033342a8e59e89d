"""The public site as it will be after a batch: seen by whoever may see the batch, and by nobody else, in no way, ever."""

import re

import pytest
from django.urls import reverse

from catalog.publication.compiling import compile
from catalog.publication.desk import rehearsal
from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import rehearsing, workflow
from catalog.publication.publishing.verify import all_faults
from catalog.publication.search import moments
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition
from portal.core.index.memory import MEMORY
from portal.core.index.models import KeptMasks, Posting
from portal.core.pages import memory
from portal.core.proof.limits import Limit
from portal.settings import VAR_DIR
from tests.make import enter, make_batch, make_product, make_user, publish_products

from .desk import at, page_of

pytestmark = pytest.mark.django_db
NAME = "示例预演保温板"


def in_rehearsal(batch, path="/"):
    return at("rehearsal", batch.pk) + path.removeprefix("/")


@pytest.fixture
def batch():
    publish_products(make_product(name="示例早已公布的板"))
    return enter(make_batch(kind="adjustment", title="示例二次批次"), make_product(name=NAME))


@pytest.fixture
def editor(client, batch):
    client.force_login(batch.created_by)
    return client


def stored():
    """Everything that a publication would leave in the tables."""
    return (
        list(Edition.objects.values_list("number", "head")),
        sorted(ProductLine.objects.values_list("pk", "from_edition", "until_edition")),
        sorted(KeptMasks.objects.values_list("collection", "edition", "token")),
        sorted(Posting.objects.values_list("collection", "term")),
        list(Batch.objects.values_list("state", "digest", "edition", "published_by")),
        AuditEvent.objects.count(),
    )


def written():
    """Every file of the installation with its size."""
    files = (path for path in VAR_DIR.rglob("*") if path.is_file() and ".sqlite3" not in path.name)
    return {path: path.stat().st_size for path in files}


def remembered() -> str:
    """All that this process holds of what it has read or drawn, as text."""
    held = [value for one in memory._all for value in one.values()]
    bodies = [body for page in held for body in getattr(page, "bodies", {}).values()]
    return repr(held) + repr(bodies) + repr(moments._kept) + repr(list(MEMORY._held))


def test_the_site_after_the_batch_is_clicked_through(editor, batch):
    front = editor.get(in_rehearsal(batch)).content.decode()
    assert "预演" in front
    assert "会成为第2版" in front
    assert f'href="{in_rehearsal(batch, "/products/")}' in front
    assert 'href="/products/' not in front
    listed = editor.get(in_rehearsal(batch, "/products/")).content.decode()
    assert NAME in listed
    assert "示例早已公布的板" in listed
    found = editor.get(in_rehearsal(batch, "/search/"), {"q": NAME}).content.decode()
    assert NAME in found
    link = re.search(rf'href="({in_rehearsal(batch, "/products/")}[\d-]+/[^"]*)"[^>]*>{NAME}<', listed)[1]
    page = editor.get(link)
    assert page.status_code == 200
    assert NAME in page.content.decode()
    assert page_of(batch) in page.content.decode()
    dossier = editor.get(in_rehearsal(batch, f"/batches/{batch.slug}/")).content.decode()
    assert "示例二次批次" in dossier
    assert NAME in dossier


@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
def test_no_byte_of_it_stays_anywhere(editor, client, batch, state):
    if state != "draft":
        batch = workflow.submit(batch, by=batch.created_by)
    if state == "approved":
        batch = workflow.approve(batch, by=make_user("reviewer"))
    before, files = stored(), written()
    for path in ("/", "/products/", "/search/?q=" + NAME, f"/batches/{batch.slug}/", "/enterprises/"):
        answer = editor.get(in_rehearsal(batch, path))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Accel-Expires"] == "0"
        assert not hasattr(answer, "finished")
    assert NAME in editor.get(in_rehearsal(batch, "/products/")).content.decode()
    assert stored() == before
    assert written() == files
    assert NAME not in remembered()
    editor.logout()
    for path in ("/", "/products/", f"/search/?q={NAME}", "/enterprises/"):
        text = client.get(path).content.decode()
        assert "/rehearsal/" not in text
        assert f">{NAME}" not in text
    assert client.get(f"/batches/{batch.slug}/").status_code == 404


def test_what_a_stranger_was_shown_before_is_not_shown_within(client, batch):
    assert NAME not in client.get("/products/").content.decode()  # kept by now
    client.force_login(batch.created_by)
    assert NAME in client.get(in_rehearsal(batch, "/products/")).content.decode()


def test_a_rehearsed_batch_is_published_as_if_it_never_had_been(editor, client, batch):
    editor.get(in_rehearsal(batch, "/products/"))
    batch = workflow.submit(batch, by=batch.created_by)
    editor.get(in_rehearsal(batch, "/products/"))
    batch = workflow.approve(batch, by=make_user("reviewer"))
    workflow.publish(batch, by=make_user("publisher"))
    editor.logout()
    assert NAME in client.get("/products/").content.decode()
    assert list(all_faults()) == []


def test_a_row_that_goes_is_gone_in_the_rehearsal_alone(client, batch):
    product = ProductLine.objects.current().get().product
    reason = compile.Reason(reason_code="quality", reason="抽查不合格")
    compile.act_on(batch, product, "remove", by=batch.created_by, reason=reason)
    client.force_login(batch.created_by)
    number = ProductLine.objects.current().get().number
    assert "抽查不合格" in client.get(in_rehearsal(batch, f"/products/{number}/")).content.decode()
    client.logout()
    assert "抽查不合格" not in client.get(f"/products/{number}/").content.decode()


@pytest.mark.parametrize(
    "path", ["/products/export.csv", "/data/", "/desk/", "/accounts/login/", "/admin/", "/nowhere/"]
)
def test_pages_that_write_or_belong_to_somebody_are_not_shown(editor, batch, path):
    files = written()
    answer = editor.get(in_rehearsal(batch, path))
    assert answer.status_code == 404
    assert "预演里没有这一页" in answer.content.decode()
    assert written() == files


def test_a_page_that_will_not_exist_is_told_in_the_words_of_the_site(editor, batch):
    answer = editor.get(in_rehearsal(batch, "/products/9999999-9/"))
    assert answer.status_code == 404
    assert "预演里没有这一页" not in answer.content.decode()
    assert editor.get(in_rehearsal(batch, "/products/"), {"nonsense": "1"}).status_code == 400


def test_who_may_not_see_the_batch_finds_no_rehearsal(client, batch):
    address = in_rehearsal(batch)
    assert client.get(address).status_code == 302
    for role, status in (("pilot_officer:350000", 404), ("support", 403), ("auditor", 200)):
        client.force_login(make_user(role))
        assert client.get(address).status_code == status
    assert client.post(address).status_code == 405


def test_what_stands_in_the_way_is_told_instead(client):
    lonely = make_product()
    batch = make_batch()
    compile.enter_products(batch, [lonely], by=batch.created_by)
    client.force_login(batch.created_by)
    answer = client.get(in_rehearsal(batch))
    assert answer.status_code == 409
    assert "不在企业名录中" in answer.content.decode()
    batch = workflow.cancel(batch, by=batch.created_by, reason="不办了")
    assert "没有可以预演的" in client.get(in_rehearsal(batch)).content.decode()


def test_a_long_draft_is_submitted_first(editor, batch, monkeypatch):
    monkeypatch.setattr(rehearsing, "MOST", 1)
    answer = editor.get(in_rehearsal(batch))
    assert answer.status_code == 409
    assert "请先提交再预演" in answer.content.decode()
    workflow.submit(batch, by=batch.created_by)
    assert editor.get(in_rehearsal(batch)).status_code == 200


def test_only_addresses_that_exist_are_shown():
    for name in rehearsal.SHOWN:
        needs = {"detail", "guide-detail", "regions:subsidy", "commitments:letter"}
        if name not in needs and name.rpartition(":")[2] not in needs:
            assert reverse(name)


def test_who_looks_without_end_is_told_to_wait_and_others_are_not(editor, batch, client, monkeypatch):
    monkeypatch.setattr(rehearsal, "SEEN", Limit("rehearsal", 2, 600))
    assert [editor.get(in_rehearsal(batch)).status_code for _ in range(2)] == [200, 200]
    refused = editor.get(in_rehearsal(batch))
    assert refused.status_code == 409
    assert "预演看得太频繁" in refused.content.decode()
    client.force_login(make_user("auditor"))
    assert client.get(in_rehearsal(batch)).status_code == 200
