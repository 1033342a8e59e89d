"""The pages of the batch desk beside its steps: list, draft, entries, acts, holds, public lines."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.publication.compiling import compile
from catalog.publication.models import Action, Batch, BatchEntry, EnterpriseLine, ProductLine
from catalog.publication.publishing.holds import current_hold
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from tests.make import (
    enter,
    make_batch,
    make_campaign,
    make_division,
    make_enterprise,
    make_product,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/publication/batch/"


def at(name, *args):
    return reverse(f"admin:publication_batch_{name}", args=args)


def page_of(batch):
    return at("change", batch.pk)


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def head(**changes):
    return {"title": "标题", "basis": "", "notice_days": "7", "notice_waiver": ""} | changes


def act_form(action="remove", **changes):
    usual = {
        "draft": "national:adjustment",
        "action": action,
        "reason_code": "quality",
        "reason": "监督抽查不合格",
        "fact_on": clock.today().isoformat(),
        "authority": "示例局",
        "document": "示例文〔2026〕1号",
    }
    return usual | changes


# -- list and draft --


def test_the_list_shows_state_publisher_kind_and_counts_with_a_constant_number_of_questions(client, editor):
    publish_products(make_product())
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        page = client.get(LIST).content.decode()
    assert "已公布" in page
    assert "产品 1，企业 1，证书 1" in page
    for ordinal in range(2, 6):
        publish_products(make_product(), ordinal=ordinal)
    enter(make_batch(kind="adjustment"), make_product())
    with CaptureQueriesContext(connection) as many:
        page = client.get(LIST).content.decode()
    assert "2 项条目" in page
    assert len(many) == len(one)


def test_filters_of_the_list_leave_others_out(client, editor):
    publish_products(make_product())
    make_batch(kind="adjustment", ordinal=7)
    page = client.get(LIST, {"state__exact": "draft", "kind__exact": "", "publisher": "national"})
    assert f"{clock.today().year}-t7" in page.content.decode()
    assert f"{clock.today().year}-1<" not in page.content.decode()


def test_a_batch_opens_from_a_list_that_was_filtered(client, editor):
    make_batch(editor)
    page = client.get(LIST, {"state__exact": "draft"}).content.decode()
    href = re.search(rf'href="({LIST}\d+/change/[^"]*)"', page)
    assert href is not None
    assert client.get(href[1]).status_code == 200


def test_a_draft_is_opened_with_the_next_number_and_its_head_written(client, editor):
    campaign = make_campaign()
    make_batch(ordinal=3, by=editor, kind="erratum")
    answer = client.post(f"{LIST}add/", {"publisher": "national", "kind": "batch", "campaign": campaign.pk})
    batch = Batch.objects.get(kind="batch")
    assert answer["Location"] == at("head", batch.pk)
    assert batch.slug == f"{clock.today().year}-1"
    client.post(at("head", batch.pk), head(title="第一批　清单", basis="示例文"))
    batch.refresh_from_db()
    assert (batch.title, batch.basis) == ("第一批 清单", "示例文")
    assert AuditEvent.objects.get(step="batch.head_changed").details["before"]["basis"] == ""


def test_a_second_draft_of_one_kind_is_refused_in_words(client, editor):
    batch = make_batch(by=editor)
    answer = client.post(
        f"{LIST}add/", {"publisher": "national", "kind": "batch", "campaign": batch.campaign_id}
    )
    assert answer.status_code == 409
    assert batch.slug in answer.content.decode()


def test_no_notice_needs_its_written_basis(client, editor):
    batch = make_batch(by=editor)
    page = client.post(at("head", batch.pk), head(notice_days="0")).content.decode()
    assert "请写明文件和理由" in page
    client.post(at("head", batch.pk), head(notice_days="0", notice_waiver="推进组〔示例〕2号"))
    batch.refresh_from_db()
    assert (batch.notice_days, batch.notice_waiver) == (0, "推进组〔示例〕2号")


def test_the_head_of_a_submitted_batch_stays(client, editor):
    from catalog.publication.publishing import workflow

    batch = workflow.submit(enter(make_batch(by=editor), make_product()), by=editor)
    answer = client.post(at("head", batch.pk), head(title="偷改的标题"))
    assert answer.status_code == 409
    batch.refresh_from_db()
    assert batch.title != "偷改的标题"


@pytest.mark.parametrize(
    ("role", "reads", "compiles"),
    [("editor", 200, 200), ("reviewer", 200, 403), ("auditor", 200, 403), ("administrator", 403, 403)],
)
def test_who_reads_and_who_compiles(client, role, reads, compiles):
    batch = make_batch()
    product = make_product()
    client.force_login(make_user(role))
    assert client.get(LIST).status_code == reads
    assert client.get(page_of(batch)).status_code == reads
    for address in (
        f"{LIST}add/",
        at("head", batch.pk),
        at("entries", batch.pk),
        at("act", "product", product.pk),
    ):
        assert client.get(address).status_code == compiles, address
    if compiles == 403:
        for address in (at("entries", batch.pk), at("missing", batch.pk), at("act", "product", product.pk)):
            assert client.post(address, {"all": "1", "sure": "1"}).status_code == 403, address


def test_a_pilot_officer_sees_only_the_own_batches(client):
    make_division()
    own, strange = make_batch(publisher="350000"), make_batch(publisher="370000")
    client.force_login(make_user("pilot_officer:350000"))
    page = client.get(LIST).content.decode()
    assert own.slug in page
    assert strange.slug not in page
    for name in ("change", "head", "entries"):
        assert client.get(at(name, own.pk)).status_code == 200
        assert client.get(at(name, strange.pk)).status_code == 404
    assert client.post(at("missing", strange.pk)).status_code == 404


# -- entries --


def put(client, address, *rows, **more):
    return client.post(
        address, {"action": "put_into_batch", "_selected_action": [row.pk for row in rows], **more}
    )


def test_products_are_put_into_a_batch_from_their_list_after_asking_which(client, editor):
    products = [make_product() for _ in range(3)]
    make_campaign()
    address = "/admin/products/product/"
    asked = put(client, address, *products[:2], index="0")
    assert "把 2 项产品放入批次" in asked.content.decode()
    assert not BatchEntry.objects.exists()
    put(client, address, *products[:2], draft="national:batch")
    batch = Batch.objects.get()
    assert set(batch.entries.values_list("product", "action")) == {
        (product.pk, Action.LIST) for product in products[:2]
    }
    put(client, address, draft="national:batch", select_across="1")
    assert batch.entries.count() == 3


def test_enterprises_and_certificates_are_put_in_from_their_lists(client, editor):
    product = make_product()
    make_batch(by=editor, kind="adjustment")
    put(client, "/admin/enterprises/enterprise/", product.enterprise, draft="national:adjustment")
    put(client, "/admin/products/certificate/", product.certificate, draft="national:adjustment")
    assert BatchEntry.objects.filter(enterprise=product.enterprise).count() == 1
    assert BatchEntry.objects.filter(certificate=product.certificate).count() == 1


def test_a_reader_has_no_action_to_put_anything_in(client):
    product = make_product()
    client.force_login(make_user("auditor"))
    assert "put_into_batch" not in client.get("/admin/products/product/").content.decode()
    put(client, "/admin/products/product/", product, draft="national:batch")
    assert not BatchEntry.objects.exists()


def test_a_pilot_officer_puts_into_the_own_batches_only(client):
    make_division(), make_campaign()
    product = make_product()
    client.force_login(make_user("pilot_officer:350000"))
    refused = put(client, "/admin/products/product/", product, draft="national:batch")
    assert "选择一个有效的选项" in refused.content.decode()
    put(client, "/admin/products/product/", product, draft="350000:batch")
    assert Batch.objects.get().publisher == "350000"


def test_ticked_entries_are_taken_out_and_all_only_when_sure(client, editor):
    batch = enter(make_batch(by=editor), *[make_product() for _ in range(3)])
    first = batch.entries.filter(product__isnull=False).first()
    client.post(at("entries", batch.pk), {"entry": [first.pk]})
    assert batch.entries.filter(product__isnull=False).count() == 2
    client.post(at("entries", batch.pk), {"all": "1"})
    assert batch.entries.filter(product__isnull=False).count() == 2
    client.post(at("entries", batch.pk), {"all": "1", "sure": "1"})
    assert not batch.entries.filter(product__isnull=False).exists()
    assert batch.entries.filter(enterprise__isnull=False).count() == 3


def test_entries_of_another_batch_are_not_taken_out(client, editor):
    batch, other = make_batch(by=editor), enter(make_batch(by=editor, kind="adjustment"), make_product())
    client.post(at("entries", batch.pk), {"entry": list(other.entries.values_list("pk", flat=True))})
    assert other.entries.count() == 2


def test_missing_enterprises_are_filled_in_by_a_post_only(client, editor):
    batch = make_batch(by=editor)
    product = make_product()
    compile.enter_products(batch, [product], by=editor)
    assert client.get(at("missing", batch.pk)).status_code == 405
    assert product.enterprise.name in client.get(page_of(batch)).content.decode()
    client.post(at("missing", batch.pk))
    assert batch.entries.get(enterprise__isnull=False).enterprise == product.enterprise


def test_the_entries_page_asks_as_much_for_twenty_as_for_one(client, editor):
    batch = enter(make_batch(by=editor), make_product())
    client.get(at("entries", batch.pk))
    with CaptureQueriesContext(connection) as one:
        client.get(at("entries", batch.pk))
    enter(batch, *[make_product() for _ in range(20)])
    with CaptureQueriesContext(connection) as many:
        client.get(at("entries", batch.pk))
    assert len(many) == len(one)


# -- acts on one enterprise, certificate or product --


def test_an_act_shows_what_it_reaches_by_publisher_and_needs_that_number_confirmed(client, editor):
    make_division()
    enterprise = make_enterprise()
    products = [make_product(enterprise=enterprise) for _ in range(3)]
    publish_products(*products)
    publish_products(products[0], publisher="350000", ordinal=2)
    address = at("act", "enterprise", enterprise.pk)
    shown = client.post(address, act_form()).content.decode()
    assert "国家清单产品 3 行" in shown
    assert "福建省产品 1 行" in shown
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()
    client.post(address, act_form(confirmed="99"))
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()
    reached = 4 + EnterpriseLine.objects.current().filter(enterprise=enterprise).count()
    answer = client.post(address, act_form(confirmed=str(reached)))
    batch = Batch.objects.get(kind="adjustment")
    assert answer["Location"] == page_of(batch)
    entry = batch.entries.filter(product__isnull=False).first()
    assert batch.entries.filter(action=Action.REMOVE).count() == reached
    assert (entry.reason_code, entry.reason, entry.authority, entry.fact_on) == (
        "quality",
        "监督抽查不合格",
        "示例局",
        clock.today(),
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "公众会看到它"),
        ({"reason_code": ""}, "请选择原因"),
        ({"fact_on": (clock.today() + datetime.timedelta(days=9)).isoformat()}, "不能在今天之后"),
        ({"draft": "national:nonsense"}, "选择一个有效的选项"),
    ],
)
def test_an_act_without_its_reason_is_told(client, editor, changes, sentence):
    product = make_product()
    publish_products(product)
    answer = client.post(at("act", "product", product.pk), act_form(**changes))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_an_act_on_something_that_is_not_listed_reaches_nothing(client, editor):
    product = make_product()
    answer = client.post(at("act", "product", product.pk), act_form(confirmed="0")).content.decode()
    assert "没有可以移出的在列内容" in answer
    assert not Batch.objects.exists()


def test_a_certificate_reaches_all_its_products(client, editor):
    product = make_product()
    publish_products(product, make_product(certificate=product.certificate, enterprise=product.enterprise))
    page = client.post(at("act", "certificate", product.certificate_id), act_form("suspend")).content.decode()
    assert "「暂停」涉及 <b>2</b> 行" in page


def test_what_is_out_of_scope_cannot_be_acted_on(client):
    product = make_product(enterprise=make_enterprise(division=make_division("370000", "山东省")))
    client.force_login(make_user("pilot_officer:350000"))
    for register, pk in (("product", product.pk), ("enterprise", product.enterprise_id), ("people", 1)):
        assert client.get(at("act", register, pk)).status_code == 404


# -- holds --


def test_one_publisher_sets_and_lifts_a_hold(client):
    product = make_product()
    publish_products(product)
    client.force_login(make_user("publisher"))
    address = at("hold", "product", product.pk)
    assert client.get(address).status_code == 200
    assert current_hold(product) is None
    assert client.post(address, {"reason": "", "until_on": clock.today().isoformat()}).status_code == 400
    client.post(address, {"reason": "接到举报", "until_on": clock.today().isoformat()})
    assert current_hold(product).is_in_effect()
    assert "解除核查中" in client.get(address).content.decode()
    client.post(address, {"reason": "核实无误"})
    assert not current_hold(product).is_in_effect()
    assert AuditEvent.objects.filter(step__startswith="hold.").count() == 2


def test_a_hold_too_long_or_on_nothing_public_is_refused(client):
    product = make_product()
    client.force_login(make_user("publisher"))
    address = at("hold", "product", product.pk)
    assert client.post(address, {"reason": "举报", "until_on": clock.today().isoformat()}).status_code == 409
    publish_products(product)
    late = (clock.today() + datetime.timedelta(days=9)).isoformat()
    assert client.post(address, {"reason": "举报", "until_on": late}).status_code == 409
    assert current_hold(product) is None


@pytest.mark.parametrize("role", ["editor", "reviewer", "auditor", "pilot_officer:350000"])
def test_nobody_else_holds(client, role):
    product = make_product()
    publish_products(product)
    client.force_login(make_user(role))
    address = at("hold", "product", product.pk)
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "举报", "until_on": clock.today().isoformat()}).status_code == 403
    assert current_hold(product) is None


def test_the_page_of_a_product_links_to_what_the_person_may_do(client, editor):
    product = make_product()
    address = reverse("admin:products_product_change", args=[product.pk])
    page = client.get(address).content.decode()
    assert at("act", "product", product.pk) in page
    assert at("hold", "product", product.pk) not in page
    client.force_login(make_user("publisher"))
    page = client.get(address).content.decode()
    assert at("act", "product", product.pk) not in page
    assert at("hold", "product", product.pk) in page


# -- public lines --


@pytest.mark.parametrize("register", ["productline", "enterpriseline", "certificateline", "hold"])
def test_public_lines_are_read_and_have_no_button(client, register):
    publish_products(make_product())
    client.force_login(make_user("auditor", is_superuser=True))
    address = f"/admin/publication/{register}/"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}add/").status_code == 403
    assert client.post(f"{address}add/", {}).status_code == 403


def test_a_public_line_opens_and_is_neither_edited_nor_deleted(client):
    publish_products(make_product())
    line = ProductLine.objects.get()
    client.force_login(make_user("auditor", is_superuser=True))
    address = f"/admin/publication/productline/{line.pk}/"
    page = client.get(f"{address}change/").content.decode()
    assert line.digest in page
    assert "保存" not in page
    assert client.post(f"{address}change/", {"name": "改写"}).status_code == 403
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert ProductLine.objects.get().name == line.name


def test_frozen_lines_of_elsewhere_stay_hidden_until_they_are_public(client):
    from catalog.publication.publishing import workflow

    make_division()
    batch = workflow.submit(enter(make_batch(), make_product()), by=make_user("editor"))
    line = ProductLine.objects.get()
    client.force_login(make_user("pilot_officer:350000"))
    assert line.name not in client.get("/admin/publication/productline/").content.decode()
    batch = workflow.approve(batch, by=make_user("reviewer"))
    workflow.publish(batch, by=make_user("publisher"))
    assert line.name in client.get("/admin/publication/productline/").content.decode()


# -- the first page --


def test_the_first_page_says_what_waits_for_whom(client):
    from catalog.publication.publishing import workflow

    editor, reviewer = make_user("editor"), make_user("reviewer")
    batch = enter(make_batch(by=editor), make_product())
    client.force_login(editor)
    assert "编制中" in client.get("/admin/").content.decode()
    client.force_login(reviewer)
    assert "没有等您处理的事" in client.get("/admin/").content.decode()
    workflow.submit(batch, by=editor)
    page = client.get("/admin/").content.decode()
    assert "待您批准" in page
    assert page_of(batch) in page
    client.force_login(editor)
    assert "待您批准" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(("notice_days", "words"), [(7, "可以开始公示"), (0, "可以公布")])
def test_a_publisher_sees_what_comes_next_and_when_a_notice_ends(client, notice_days, words):
    from catalog.publication.publishing import workflow

    waiver = "" if notice_days else "推进组〔示例〕1号"
    batch = enter(make_batch(notice_days=notice_days, notice_waiver=waiver), make_product())
    batch = workflow.submit(batch, by=batch.created_by)
    batch = workflow.approve(batch, by=make_user("reviewer"))
    client.force_login(make_user("publisher"))
    assert words in client.get("/admin/").content.decode()
    if notice_days:
        workflow.open_notice(batch, by=make_user("publisher"))
        page = client.get("/admin/").content.decode()
        assert "公示中" in page
        assert "最早 7 天后截止" in page
        assert words not in page
