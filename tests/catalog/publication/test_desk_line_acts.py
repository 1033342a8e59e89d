"""Acts on what is listed, and holds, at the batch desk: what they reach and who may."""

import datetime

import pytest
from django.urls import reverse

from catalog.publication.models import Action, Batch, BatchEntry, EnterpriseLine
from catalog.publication.publishing.holds import current_hold
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from tests.make import make_division, make_enterprise, make_product, make_user, publish_products

from .desk import at, page_of

pytestmark = pytest.mark.django_db

DECIDING = {"draft", "action", "reason_code", "reason", "confirmed"}


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


def test_a_removal_tells_its_reach_at_once_and_takes_two_presses(client, editor):
    enterprise = make_enterprise()
    publish_products(make_product(enterprise=enterprise), make_product(enterprise=enterprise))
    record = client.get(reverse("admin:enterprises_enterprise_change", args=[enterprise.pk])).content.decode()
    link = f"{at('act', 'enterprise', enterprise.pk)}?action=remove"
    assert link in record
    page = client.get(link).content.decode()
    assert "移出 3 行，放入批次" in page
    sent = {name: value for name, value in act_form(confirmed="3").items() if name in DECIDING}
    assert client.post(link, sent).status_code == 302
    assert BatchEntry.objects.filter(action=Action.REMOVE).count() == 3


def test_what_changed_since_the_page_was_read_is_told(client, editor):
    enterprise = make_enterprise()
    publish_products(make_product(enterprise=enterprise))
    publish_products(make_product(enterprise=enterprise), ordinal=2)
    answer = client.post(at("act", "enterprise", enterprise.pk), act_form(confirmed="2"))
    assert "涉及的行数与您看到的不同" in answer.content.decode()
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()


@pytest.mark.parametrize("action", ["burn", ""])
def test_an_act_that_is_none_is_refused(client, editor, action):
    product = make_product()
    publish_products(product)
    assert client.post(at("act", "product", product.pk), act_form(action, confirmed="1")).status_code == 400
    assert client.get(at("act", "product", product.pk), {"action": action}).status_code == 200


@pytest.mark.parametrize("draft", ["\x00:adjustment", "350000:adjustment", "nothing", ""])
def test_a_draft_that_the_person_does_not_have_reaches_nothing(client, draft):
    product = make_product()
    publish_products(product)
    client.force_login(make_user("pilot_officer:330000"))
    make_division("330000", "浙江省")
    product.enterprise.division = make_division("330000", "浙江省")
    product.enterprise.save()
    answer = client.post(at("act", "enterprise", product.enterprise_id), act_form(draft=draft))
    assert answer.status_code == 400
    assert "国家清单" not in answer.content.decode().partition("<main")[2]


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
