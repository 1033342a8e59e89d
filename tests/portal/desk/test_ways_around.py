"""Ways around a rule that takes two steps, or that opens when something else has moved meanwhile: each is shut."""

import pytest

from catalog.publication.models import Batch
from portal.audit.models import AuditEvent
from portal.desk.counter.keys import new_key
from portal.desk.reasons import Reason
from portal.desk.workflow import deciding, drafting, handing_in
from tests.make import make_campaign, make_product, make_user, publish_products

from .making import (
    approve,
    draft_product,
    draft_renewal,
    draft_withdraw,
    hand_in,
    make_owner,
)
from .test_drafting import refused

pytestmark = pytest.mark.django_db
UNREADABLE = [Reason("documents", "unreadable")]


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def test_what_a_region_has_in_hand_is_not_turned_to_the_national_list():
    officer = make_user("pilot_officer:350000")
    by = make_owner()
    case = deciding.send_back(hand_in(draft_product(by, publisher="350000")), by=officer, reasons=UNREADABLE)
    refusal = refused(
        lambda: drafting.save_draft(
            case, by=by, values={}, personal={}, revision=case.revision, publisher="national"
        )
    )
    assert refusal.rule == "case.publisher_settled"
    assert "撤回" in refusal.sentence
    approve(hand_in(case), officer)
    assert set(Batch.objects.values_list("publisher", flat=True)) == {"350000"}


def test_a_renewal_whose_products_moved_meanwhile_can_still_be_read_on_both_sides(client):
    product = make_product()
    by, colleague = make_owner(product.enterprise), make_owner(product.enterprise, role="editor")
    first = hand_in(draft_renewal(by, product.certificate))
    deciding.reject(first, by=make_user("reviewer"), reasons=UNREADABLE)
    late = draft_renewal(colleague, product.certificate, number="SL-LATE-1")
    approve(hand_in(draft_renewal(by, product.certificate, number="SL-NEW-1")))
    client.force_login(colleague)
    for page in ("", "fill/?check", "products/", "hand-in/"):
        assert client.get(f"/desk/cases/{late.number}/{page}").status_code == 200
    assert "已办过换证" in client.get(f"/desk/cases/{late.number}/hand-in/").content.decode()
    assert refused(lambda: hand_in(late)).rule == "case.incomplete"
    client.force_login(make_user("reviewer"))
    assert client.get(f"/admin/desk/application/{first.pk}/change/").status_code == 200


def test_who_leaves_the_lists_as_a_whole_has_no_lines_from_before():
    product = make_product()
    publish_products(product)
    by = make_owner(product.enterprise)
    case = draft_withdraw(by, product)
    case = drafting.save_draft(
        case, by=by, values={"scope": "enterprise"}, personal={}, revision=case.revision
    )
    case = hand_in(case)
    assert (case.items.count(), case.submissions.get().items) == (0, [])


def test_the_words_of_a_withdrawal_stay_out_of_the_audit_trail():
    case = hand_in(draft_product())
    handing_in.withdraw(case, by=case.created_by, reason="欧阳联系人已离职")
    assert case.acts.last().text == "欧阳联系人已离职"
    assert "欧阳" not in str(list(AuditEvent.objects.values()))


def test_a_tick_that_is_no_number_of_a_product_is_refused_in_words(client):
    product = make_product()
    by = make_owner(product.enterprise)
    case = draft_withdraw(by, product)
    client.force_login(by)
    for junk in ("9" * 5000, "-1", "x"):
        sent = {"form": new_key(case, by), "revision": case.revision, "product": junk}
        answer = client.post(f"/desk/cases/{case.number}/products/", sent)
        assert (answer.status_code, case.items.count()) == (409, 1)
