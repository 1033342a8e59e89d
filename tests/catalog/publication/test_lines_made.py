"""What a line says, without a row: the register in the moment of freezing, or what is public already, and nothing else."""

import datetime

import pytest

from catalog.enterprises.models import Enterprise
from catalog.products.models import Category, Certificate, CertificationBody, LocalRequirement, Product
from catalog.publication.compiling import line_making as making
from catalog.publication.models import (
    Action,
    Batch,
    BatchEntry,
    CertificateLine,
    EnterpriseLine,
    ListingStatus,
    ProductLine,
)

DAY = datetime.date(2028, 2, 29)
ACT = {
    "reason_code": "quality",
    "reason": "示例原因",
    "fact_on": DAY,
    "authority": "示例机关",
    "document": "示例〔2028〕1号",
}
BODY = CertificationBody(code="demo", name="示例认证中心")
ENTERPRISE = Enterprise(
    pk=7, uscc="91350200MA00000016", name="示例公司", division_id="350500", phone="12345", website="http://a.cn", sells_in="350000"
)  # fmt: skip
CERTIFICATE = Certificate(
    pk=9, body=BODY, number="CGP-1", number_key="cgp1", star="3", applicant_name="甲", maker_name="乙", factory_name="丙",
    standard="T/1", issued_on=DAY, valid_until=DAY.replace(year=2032), status="suspended", status_reason="丁", status_on=DAY,
)  # fmt: skip
PRODUCT = Product(
    pk=5, serial=12, enterprise=ENTERPRISE, certificate=CERTIFICATE, name="示例板", models_text="A1", brand="示例牌",
    category=Category(code="13", name="防水卷材"),
)  # fmt: skip
LISTED, SUSPENDED, REMOVED = ListingStatus.LISTED, ListingStatus.SUSPENDED, ListingStatus.REMOVED
SAID_OF_CERTIFICATE = (
    *(
        "number",
        "number_key",
        "star",
        "applicant_name",
        "maker_name",
        "factory_name",
        "standard",
        "issued_on",
    ),
    *("valid_until", "status", "status_reason", "status_on"),
)


def entry(action: str = Action.LIST, **changes) -> BatchEntry:
    return BatchEntry(batch=Batch(slug="2028-1"), publisher="350000", action=action, **(ACT | changes))


def enterprise_line(action: str = Action.LIST, current: EnterpriseLine | None = None) -> EnterpriseLine:
    return making.enterprise_line(
        entry(action, enterprise=ENTERPRISE),
        current,
        former_names=[{"name": "旧名", "until": ""}],
        division_name="福建省泉州市",
    )


def product_line(
    product: Product = PRODUCT, current: ProductLine | None = None, action: str = Action.LIST
) -> ProductLine:
    return making.product_line(entry(action, product=product), current, enterprise=enterprise_line())


def test_a_line_of_an_enterprise_says_what_the_register_says():
    line = enterprise_line()
    for name in ("uscc", "name", "phone", "website", "sells_in"):
        assert getattr(line, name) == getattr(ENTERPRISE, name), name
    assert {name: getattr(line, name) for name in ACT} == ACT
    assert (line.key, line.publisher, line.enterprise_id) == (
        "enterprise/91350200MA00000016/350000",
        "350000",
        7,
    )
    assert (line.division_code, line.division_name, line.former_names) == (
        "350500", "福建省泉州市", [{"name": "旧名", "until": ""}],
    )  # fmt: skip
    placeless = Enterprise(pk=8, uscc="1", name="无址")
    bare = making.enterprise_line(entry(enterprise=placeless), None, former_names=[], division_name="")
    assert bare.division_code == ""


def test_a_line_of_a_certificate_says_what_the_register_says():
    line = making.certificate_line(CERTIFICATE, None, publisher="national", entry=None)
    for name in SAID_OF_CERTIFICATE:
        assert getattr(line, name) == getattr(CERTIFICATE, name), name
    assert (line.key, line.publisher) == ("certificate/demo/cgp1", "national")
    assert (line.body_code, line.body_name, line.renews_number) == ("demo", "示例认证中心", "")
    newer = Certificate(pk=10, body=BODY, number="CGP-2", renews=CERTIFICATE)
    assert making.certificate_line(newer, None, publisher="national", entry=None).renews_number == "CGP-1"


@pytest.mark.parametrize(
    ("action", "first", "later"),
    [
        (None, Action.LIST, Action.CHANGE),
        (Action.CHANGE, Action.LIST, Action.CHANGE),
        (Action.REMOVE, Action.LIST, Action.CHANGE),
        *((action, action, action) for action in (Action.CORRECT, Action.SUSPEND, Action.RESUME)),
    ],
)
def test_a_certificate_is_listed_once_and_changed_after_unless_the_act_says_more(action, first, later):
    named = entry(action, certificate=CERTIFICATE) if action else None
    for current, expected in ((None, first), (CertificateLine(pk=3), later)):
        line = making.certificate_line(CERTIFICATE, current, publisher="national", entry=named)
        assert (line.action, line.replaces, line.reason) == (expected, current, "示例原因" if action else "")


def test_a_line_of_a_product_repeats_its_enterprise_and_its_basis():
    line = product_line()
    assert (line.number, line.key) == ("0000012-5", "product/0000012-5/350000")
    assert (line.name, line.models_text, line.brand) == ("示例板", "A1", "示例牌")
    assert (line.category_code, line.category_name) == ("13", "防水卷材")
    assert (line.enterprise_uscc, line.enterprise_name) == ("91350200MA00000016", "示例公司")
    assert (line.division_code, line.division_name) == ("350500", "福建省泉州市")
    assert (line.basis, line.body_code, line.certificate_number) == ("certificate", "demo", "CGP-1")
    assert (line.requirement_title, line.requirement_version, line.reason) == ("", "", "示例原因")
    requirement = LocalRequirement(publisher="350000", title="示例要求", version="2")
    local = Product(
        pk=6, enterprise=ENTERPRISE, requirement=requirement, name="砖", category=PRODUCT.category
    )
    line = product_line(local)
    assert (line.number, line.key) == ("", "product/new-6/350000")
    assert (line.basis, line.body_code, line.certificate_number) == ("local", "", "")
    assert (line.requirement_title, line.requirement_version) == ("示例要求", "2")


@pytest.mark.parametrize(
    ("action", "now", "after", "listed_in"),
    [
        (Action.LIST, None, LISTED, "2028-1"),
        (Action.RELIST, REMOVED, LISTED, "2028-1"),
        (Action.CHANGE, SUSPENDED, SUSPENDED, "2022-1"),
        (Action.CORRECT, REMOVED, REMOVED, "2022-1"),
        (Action.CHANGE, LISTED, LISTED, "2022-1"),
    ],
)
def test_a_line_stands_as_its_act_leaves_it_and_keeps_the_batch_that_listed_it(action, now, after, listed_in):
    for made, model in (
        (enterprise_line, EnterpriseLine),
        (lambda *said: product_line(PRODUCT, said[1], said[0]), ProductLine),
    ):
        current = model(pk=3, listing_status=now, listed_in="2022-1") if now else None
        line = made(action, current)
        assert (line.listing_status, line.listed_in, line.replaces, line.action) == (
            after,
            listed_in,
            current,
            action,
        )


@pytest.mark.parametrize(
    ("action", "now", "after"),
    [
        (Action.SUSPEND, LISTED, SUSPENDED),
        (Action.RESUME, SUSPENDED, LISTED),
        (Action.REMOVE, SUSPENDED, REMOVED),
        (Action.FOLLOW, SUSPENDED, SUSPENDED),
    ],
)
def test_an_act_copies_what_is_public_and_lets_no_working_data_through(action, now, after):
    current = product_line()
    current.pk, current.listing_status = 3, now
    assert action in making.COPYING
    line = making.copied_line(
        current, entry(action, product=Product(name="改过", enterprise=ENTERPRISE), reason="新的原因")
    )
    changed = [
        name for name in making.content_fields(ProductLine) if getattr(line, name) != getattr(current, name)
    ]
    assert changed == ([] if now == after else ["listing_status"])
    assert (line.listing_status, line.action, line.reason, line.key) == (
        after,
        action,
        "新的原因",
        current.key,
    )
    assert (line.replaces, line.publisher) == (current, "350000")


def test_lines_that_follow_take_the_new_face_and_nothing_else():
    old, changed = enterprise_line(), enterprise_line()
    old.publisher, old.phone = "330000", "95598"
    changed.uscc, changed.name, changed.division_code, changed.division_name = (
        "2",
        "新名",
        "350200",
        "福建省厦门市",
    )
    changed.former_names, changed.phone = [{"name": "示例公司", "until": ""}], "11111"
    follower = making.following_enterprise(old, changed)
    assert making.face(follower) == making.face(changed) != making.face(old)
    assert (follower.key, follower.publisher, follower.phone) == ("enterprise/2/330000", "330000", "95598")
    assert (follower.action, follower.former_names, follower.reason) == (
        Action.FOLLOW,
        changed.former_names,
        "",
    )
    product = product_line()
    with_new_face = making.following_product(product, changed)
    assert (with_new_face.enterprise_uscc, with_new_face.enterprise_name) == ("2", "新名")
    assert (with_new_face.division_code, with_new_face.division_name) == ("350200", "福建省厦门市")
    assert making.content(making.following_product(product, None)) == making.content(product)
