"""A maker with 40 products under 3 certificates: one certificate is renewed and the company renamed, by the portal alone."""

import datetime

import pytest

from catalog.enterprises.models import Membership
from catalog.products.models import Certificate, Product
from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing.verify import all_faults
from portal.applications.cases.workflow import drafting, starting
from portal.applications.review.checks import errors_of, machine_checks
from portal.core.editions import clock
from tests.make import make_body, make_campaign, make_category, make_division, make_uscc, make_user

from .making import (
    CONTACT,
    add_paper,
    approve,
    certificate_values,
    draft_change,
    draft_renewal,
    hand_in,
    items_of,
    publish_draft,
    register_values,
    with_papers,
)

pytestmark = pytest.mark.django_db

OLD, NEW = "示例白鹭建材有限公司", "示例白鹭绿色建材股份有限公司"


def registered_maker():
    owner = make_user()
    case = starting.start(
        "register", by=owner, uscc=make_uscc(), values=register_values(name=OLD), personal=CONTACT
    )
    approve(hand_in(with_papers(case)))
    return owner, Membership.objects.get(user=owner).enterprise


def certified(owner, maker, number: str, first: int, last: int) -> None:
    case = starting.start(
        "product", by=owner, enterprise=maker, values=certificate_values(maker, number=number)
    )
    rows = [
        {"name": f"示例卷材{place}号", "models_text": "1.5 mm", "category": "13"}
        for place in range(first, last)
    ]
    case = drafting.set_items(case, by=owner, rows=rows, revision=case.revision)
    add_paper(case, "certificate", content=number)
    assert errors_of(machine_checks(hand_in(case))) == []
    approve(case)


def test_nothing_is_typed_again_and_the_old_number_says_what_took_its_place(client, settings):
    make_campaign()
    make_division()
    make_category()
    make_body()
    owner, maker = registered_maker()
    for number, first, last in (("SL-A-001", 1, 15), ("SL-A-002", 15, 28), ("SL-A-003", 28, 41)):
        certified(owner, maker, number, first, last)
    publish_draft()
    assert ProductLine.objects.current().count() == 40
    numbers = dict(Product.objects.values_list("name", "serial"))

    # The company is renamed; its certificates still bear the old name.
    today = clock.today()
    change = draft_change(
        owner,
        name=NEW,
        renamed_on=(today - datetime.timedelta(days=30)).isoformat(),
        rename_evidence="变更登记",
    )
    approve(hand_in(change))
    maker.refresh_from_db()

    # One certificate is renewed, still in the old name: every product is there without a word typed.
    old = Certificate.objects.get(number="SL-A-002")
    renewal = draft_renewal(
        owner, old, number="SL-A-102", applicant_name=OLD, maker_name=OLD, factory_name=OLD
    )
    assert len(items_of(renewal)) == 13
    renewal = hand_in(renewal)
    findings = machine_checks(renewal)
    assert errors_of(findings) == []
    assert f"证书上是本企业的曾用名「{OLD}」。" in [finding.sentence for finding in findings]
    approve(renewal)
    publish_draft("adjustment")

    lines = ProductLine.objects.current()
    assert lines.count() == 40
    assert set(lines.values_list("enterprise_name", flat=True)) == {NEW}
    assert dict(Product.objects.values_list("name", "serial")) == numbers
    assert lines.filter(certificate__number="SL-A-102").count() == 13
    assert EnterpriseLine.objects.current().get().former_names[0]["name"] == OLD
    assert list(all_faults()) == []

    answer = client.get("/check/", {"number": "SL-A-002"}).content.decode()
    assert "已换证" in answer
    assert "SL-A-102" in answer
    assert "已换证" not in client.get("/check/", {"number": "SL-A-102"}).content.decode()
