"""The steps of a batch at the desk: who may, when, with what, and what is left behind."""

import re

import pytest

from catalog.publication.compiling import compile
from catalog.publication.desk.steps import STEPS
from catalog.publication.models import Action, ProductLine
from catalog.publication.publishing import workflow
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_division,
    make_product,
    make_user,
    publish_products,
)

from .desk import address, page_of

pytestmark = pytest.mark.django_db
SENT = {"send-back", "cancel", "stop-notice"}
# step → state it starts from, the role that takes it
STARTS = {
    "submit": ("draft", "editor"),
    "take-back": ("submitted", "editor"),
    "approve": ("submitted", "reviewer"),
    "send-back": ("submitted", "reviewer"),
    "open-notice": ("approved", "publisher"),
    "publish": ("approved", "publisher"),
    "cancel": ("submitted", "editor"),
    "stop-notice": ("in_notice", "publisher"),
}


def batch_for(slug):
    """A batch in the state from which the step leads."""
    state, _role = STARTS[slug]
    notice = {"notice_days": 7, "notice_waiver": ""} if slug in {"open-notice", "stop-notice"} else {}
    return batch_in(state, **notice)


def taker(slug, batch):
    """Who may take the step: only a submitter takes the own submission back."""
    return batch.submitted_by if slug == "take-back" else make_user(STARTS[slug][1])


def batch_in(state, **head):
    batch = enter(make_batch(**head), make_product())
    if state != "draft":
        batch = workflow.submit(batch, by=batch.created_by)
    if state in {"approved", "in_notice"}:
        batch = workflow.approve(batch, by=make_user("reviewer"))
    if state == "in_notice":
        batch = workflow.open_notice(batch, by=make_user("publisher"))
    return batch


def fields(batch, slug):
    values = {"reason": "型号不全"} if slug in SENT else {}
    return values | ({"digest": batch.digest} if slug == "approve" else {})


def test_every_step_of_the_workflow_has_its_page():
    assert {page.step for page in STEPS.values()} == set(workflow.STEPS)


@pytest.mark.parametrize("slug", STEPS)
def test_a_step_is_asked_for_then_taken_once_and_recorded_once(client, slug):
    batch = batch_for(slug)
    step = STEPS[slug].step
    client.force_login(taker(slug, batch))
    assert STEPS[slug].press in client.get(address(batch, slug)).content.decode()
    batch.refresh_from_db()
    assert batch.state == STARTS[slug][0]
    done = client.post(address(batch, slug), fields(batch, slug))
    assert (done.status_code, done["Location"]) == (302, page_of(batch))
    batch.refresh_from_db()
    assert batch.state == step.target
    again = client.post(address(batch, slug), fields(batch, slug))
    assert again.status_code == 409
    assert "现在的状态是" in again.content.decode()
    assert AuditEvent.objects.filter(step=step.code, is_success=True).count() == 1


@pytest.mark.parametrize("slug", STEPS)
@pytest.mark.parametrize("role", ["auditor", "support", "administrator"])
def test_without_the_capability_a_step_is_forbidden_and_the_attempt_is_recorded(client, slug, role):
    batch = batch_for(slug)
    client.force_login(make_user(role))
    assert client.get(address(batch, slug)).status_code == 403
    assert client.post(address(batch, slug), fields(batch, slug)).status_code == 403
    batch.refresh_from_db()
    assert batch.state == STARTS[slug][0]


@pytest.mark.parametrize("slug", STEPS)
def test_an_attempt_of_an_auditor_stays_in_the_audit_trail(client, slug):
    batch = batch_for(slug)
    client.force_login(make_user("auditor"))
    client.post(address(batch, slug), fields(batch, slug))
    assert AuditEvent.objects.filter(step=STEPS[slug].step.code, is_success=False).count() == 1


@pytest.mark.parametrize("slug", STEPS)
def test_a_visitor_is_sent_to_sign_in(client, slug):
    batch = batch_for(slug)
    assert client.post(address(batch, slug), fields(batch, slug)).status_code == 302
    batch.refresh_from_db()
    assert batch.state == STARTS[slug][0]


@pytest.mark.parametrize("slug", STEPS)
def test_a_pilot_officer_of_elsewhere_finds_no_such_batch(client, slug):
    batch = batch_for(slug)
    client.force_login(make_user("pilot_officer:350000"))
    assert client.get(address(batch, slug)).status_code == 404
    assert client.post(address(batch, slug), fields(batch, slug)).status_code == 404


@pytest.mark.parametrize("slug", sorted(SENT))
def test_a_reason_is_asked_for(client, slug):
    batch = batch_for(slug)
    client.force_login(make_user(STARTS[slug][1]))
    answer = client.post(address(batch, slug), {"reason": " \u200b"})
    assert answer.status_code == 400
    batch.refresh_from_db()
    assert batch.state == STARTS[slug][0]


def test_a_step_needs_the_csrf_token():
    from django.test import Client

    batch = batch_for("submit")
    client = Client(enforce_csrf_checks=True)
    client.force_login(batch.created_by)
    assert client.post(address(batch, "submit")).status_code == 403
    batch.refresh_from_db()
    assert batch.state == "draft"


def test_other_methods_are_not_allowed(client):
    batch = batch_for("submit")
    client.force_login(batch.created_by)
    assert client.put(address(batch, "submit")).status_code == 405


def test_nobody_approves_their_own_batch_and_is_told_why(client):
    compiler = make_user("editor", "reviewer")
    batch = workflow.submit(enter(make_batch(by=compiler), make_product()), by=compiler)
    client.force_login(compiler)
    page = client.get(page_of(batch)).content.decode()
    assert "须由另一人批准" in page
    assert address(batch, "approve") not in page
    answer = client.post(address(batch, "approve"), fields(batch, "approve"))
    assert answer.status_code == 403
    assert "须由另一人批准" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "submitted"


def test_the_submitter_takes_the_own_submission_back_and_nobody_else_does(client):
    batch = batch_in("submitted")
    submitter, link = batch.submitted_by, address(batch, "take-back")
    client.force_login(make_user("editor"))
    assert link not in client.get(page_of(batch)).content.decode()
    assert "由另一人提交，只有提交人能收回" in client.get(link).content.decode()
    assert client.post(link).status_code == 403
    batch.refresh_from_db()
    assert batch.state == "submitted"
    client.force_login(submitter)
    assert link in client.get(page_of(batch)).content.decode()
    assert client.post(link).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.digest, batch.submitted_by) == ("draft", "", None)
    assert batch.entries.count() == 2  # the product and its enterprise
    assert not ProductLine.objects.exists()


def test_what_is_approved_is_not_taken_back(client):
    batch = batch_in("approved")
    client.force_login(batch.submitted_by)
    assert address(batch, "take-back") not in client.get(page_of(batch)).content.decode()
    answer = client.post(address(batch, "take-back"))
    assert answer.status_code == 409
    assert "「已批准」，不能「收回」" in answer.content.decode()


def test_the_approval_names_the_digest_that_was_on_the_page(client):
    batch = batch_in("submitted")
    client.force_login(make_user("reviewer"))
    page = client.get(page_of(batch)).content.decode()
    link = re.search(r'href="([^"]*approve/[^"]*)"', page)[1]
    assert batch.digest in link
    workflow.send_back(batch, by=make_user("reviewer"), reason="型号不全")
    workflow.submit(enter(batch, make_product()), by=batch.created_by)
    assert "内容在您阅读之后变了" in client.get(link).content.decode()
    answer = client.post(link, {"digest": batch.digest})
    assert answer.status_code == 409
    assert "请重新阅读后再批准" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "submitted"


def test_every_line_in_the_way_of_submission_is_listed_and_nothing_is_done(client):
    gone = {"status": "revoked", "status_on": clock.today()}
    products = [make_product(certificate=make_certificate(**gone)) for _ in range(2)]
    batch = enter(make_batch(), *products)
    client.force_login(batch.created_by)
    page = client.get(page_of(batch)).content.decode()
    answer = client.post(address(batch, "submit"))
    assert answer.status_code == 409
    for product in products:
        assert product.name in page
        assert product.name in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "draft"
    assert not ProductLine.objects.exists()


def test_a_batch_that_needs_a_notice_offers_it_before_publication(client):
    batch = batch_in("approved", notice_days=7, notice_waiver="")
    client.force_login(make_user("publisher"))
    page = client.get(page_of(batch)).content.decode()
    assert address(batch, "open-notice") in page
    assert address(batch, "publish") not in page
    answer = client.post(address(batch, "publish"))
    assert answer.status_code == 409
    assert "须先公示 7 天" in answer.content.decode()


def test_taking_much_of_a_list_away_asks_for_the_number(client):
    products = [make_product() for _ in range(3)]
    publish_products(*products)
    batch = make_batch(kind="adjustment")
    reason = compile.Reason(reason_code="quality", reason="抽查不合格")
    compile.act_on(batch, products[0], Action.REMOVE, by=batch.created_by, reason=reason)
    client.force_login(batch.created_by)
    asked = client.get(address(batch, "submit")).content.decode()
    assert "占现有 3 行的 33.3%" in asked
    assert "要结束的行数" not in asked  # it may be taken back: the number is typed where it becomes final
    assert client.post(address(batch, "submit")).status_code == 302
    batch = workflow.approve(batch, by=make_user("reviewer"))
    client.force_login(make_user("publisher"))
    assert "要结束的行数" in client.get(address(batch, "publish")).content.decode()
    for typed in ("", "3"):
        assert client.post(address(batch, "publish"), {"ending": typed}).status_code == 400
    batch.refresh_from_db()
    assert batch.state == "approved"
    assert client.post(address(batch, "publish"), {"ending": "1"}).status_code == 302
    assert ProductLine.objects.current().get(product=products[0]).listing_status == "removed"


def test_taking_little_away_asks_for_no_number(client, settings):
    settings.LISTING_END_CONFIRM_PERCENT = 50
    products = [make_product() for _ in range(3)]
    publish_products(*products)
    batch = make_batch(kind="adjustment")
    reason = compile.Reason(reason_code="quality", reason="抽查不合格")
    compile.act_on(batch, products[0], Action.REMOVE, by=batch.created_by, reason=reason)
    client.force_login(batch.created_by)
    page = client.get(address(batch, "submit")).content.decode()
    assert "要结束的行数" not in page
    assert "占现有 3 行的 33.3%" in page


def test_a_pilot_officer_takes_the_own_batch_along_and_another_approves_it(client):
    make_division()
    officer, colleague = make_user("pilot_officer:350000"), make_user("pilot_officer:350000")
    batch = enter(make_batch(by=officer, publisher="350000"), make_product())
    client.force_login(officer)
    assert client.post(address(batch, "submit")).status_code == 302
    batch.refresh_from_db()
    assert client.post(address(batch, "approve"), {"digest": batch.digest}).status_code == 403
    client.force_login(colleague)
    assert client.post(address(batch, "approve"), {"digest": batch.digest}).status_code == 302
    assert client.get(address(batch, "publish")).status_code == 403
