"""What a machine tells the reviewer before a case is read."""

import datetime
from unittest.mock import patch

import pytest
import typst

from catalog.enterprises.models import FormerName
from catalog.publication.compiling import compile as compiling
from catalog.publication.compiling.numbering import current_draft
from portal.applications.cases.models import Document
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting
from portal.applications.review import deciding
from portal.applications.review.checks import machine_checks, shape_of
from portal.core.editions import clock
from tests.make import (
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_user,
    publish_products,
)
from tests.portal.applications.cases.test_drafting import save
from tests.portal.applications.effects.drafts import doubtful_code, renamed
from tests.portal.applications.making import (
    add_paper,
    certificate_values,
    draft_change,
    draft_product,
    draft_register,
    draft_renewal,
    enterprise_of,
    hand_in,
    item_rows,
    make_owner,
    picture,
    publish_draft,
)

pytestmark = pytest.mark.django_db


def said(case, field: str) -> dict[str, str]:
    """Sentences of one field by their level."""
    return {one.level: one.sentence for one in machine_checks(case) if one.field == field}


def levels(case) -> set[str]:
    return {one.level for one in machine_checks(case)}


def test_an_ordinary_case_has_nothing_but_good_findings_and_errors_come_first():
    assert {one.field for one in machine_checks(hand_in(draft_register())) if one.level != "ok"} == {
        "documents"
    }
    assert levels(hand_in(draft_product())) == {"ok"}
    bad = hand_in(draft_product(applicant_name="甲", maker_name="乙", factory_name="丙"))
    assert machine_checks(bad)[0].level == "error"


def test_a_doubtful_code_is_an_error_until_it_was_accepted_once():
    case = hand_in(draft_register(uscc=doubtful_code()))
    assert "证照核对一致" in said(case, "uscc")["error"]
    make_enterprise(uscc=case.uscc, name=case.values["name"], uscc_override_reason="证照核对一致")
    assert "error" not in said(case, "uscc")


def test_a_claim_on_a_taken_enterprise_and_another_name_are_told():
    enterprise = make_enterprise()
    make_owner(enterprise)
    case = hand_in(draft_register(uscc=enterprise.uscc))
    assert "争议" in said(case, "uscc")["warning"]
    assert enterprise.name in said(case, "name")["error"]


def test_a_code_of_another_province_is_told():
    case = hand_in(draft_register())
    assert said(case, "division") == {}
    make_division("440000", "广东省")
    assert "省份" in said(hand_in(draft_register(division="440000")), "division")["warning"]


@pytest.mark.parametrize(
    ("other", "level"),
    [
        ("示例新登记建材有限公司", "error"),
        ("示例新登记建材股份有限公司", "warning"),
        ("毫不相干有限公司", None),
    ],
)
def test_equal_and_nearly_equal_names_are_told(other, level):
    make_enterprise(name=other)
    found = said(hand_in(draft_register()), "name")
    assert set(found) == ({level} if level else set())


def test_a_rename_is_told_and_is_no_error():
    assert set(said(hand_in(renamed(make_owner())), "name")) == {"warning"}


def test_the_telephone_of_another_case_or_enterprise_and_a_mobile_are_told():
    first = hand_in(draft_register())
    assert first.number in said(hand_in(draft_register()), "phone")["warning"]
    other = make_enterprise(phone="0592-7777777")
    case = hand_in(draft_change(make_owner(), phone="0592-7777777"))
    assert other.name in said(case, "phone")["warning"]
    mobile = hand_in(draft_register(phone="138 1234 5678"))
    assert "手机" in said(mobile, "phone")["warning"]


def test_a_scan_that_another_case_used_is_told_and_the_own_one_is_not():
    first, second = draft_register(), draft_register(phone="0592-2222222")
    for draft in (first, second):
        Document.objects.filter(application=draft, purpose="licence").delete()
        add_paper(draft, "licence", content="same")
    hand_in(first)
    assert first.number in said(second, "documents")["error"]
    assert "error" not in said(draft_register(uscc=first.uscc), "documents")


def test_what_is_added_to_a_returned_case_is_not_looked_at_before_it_is_handed_in():
    first, case = draft_register(), hand_in(draft_register(phone="0592-2222222"))
    add_paper(first, "other", content="same")
    hand_in(first)
    case = deciding.send_back(case, by=make_user("reviewer"), reasons=[Reason("phone", "wrong")])
    case = save(case, phone="138 1234 5678")
    add_paper(case, "other", content="same")
    assert "error" not in said(case, "documents")
    assert said(case, "phone") == {}
    hand_in(case)
    assert "error" in said(case, "documents")
    assert "warning" in said(case, "phone")


@pytest.mark.parametrize(("days", "level"), [(-1, "error"), (0, "warning"), (90, "warning"), (91, "ok")])
def test_an_expired_certificate_and_one_that_ends_soon_are_told(days, level):
    draft = draft_product(valid_until=(clock.today() + datetime.timedelta(days=days)).isoformat())
    assert set(said(draft, "valid_until")) == {level}


def test_a_certificate_under_another_holder_is_an_error_and_a_shared_one_is_not():
    certificate = make_product().certificate
    by = make_owner()
    stranger = draft_product(by, number=certificate.number)
    assert "名下" in said(stranger, "number")["error"]
    certificate.maker_name = enterprise_of(by).name
    certificate.save()
    assert "error" not in said(stranger, "number")


def test_a_former_name_on_the_certificate_is_no_fault():
    by = make_owner()
    FormerName.objects.create(enterprise=enterprise_of(by), name="示例旧名建材有限公司")
    values = dict.fromkeys(("applicant_name", "maker_name", "factory_name"), "示例旧名建材有限公司")
    assert said(draft_product(by, **values), "applicant_name") == {
        "ok": "证书上是本企业的曾用名「示例旧名建材有限公司」。"
    }
    values = dict.fromkeys(values, "毫不相干有限公司")
    assert set(said(draft_product(by, **values), "applicant_name")) == {"error"}


def test_a_renewed_or_suspended_certificate_and_different_values_are_told():
    by = make_owner()
    names = {"applicant_name": enterprise_of(by).name}
    old = make_certificate(standard="别的标准", **names)
    assert "标准" in said(draft_product(by, number=old.number), "number")["warning"]
    make_certificate(number="NEW-1", renews=old, **names)
    assert "NEW-1" in said(draft_product(by, number=old.number), "number")["error"]
    stopped = make_certificate(status="suspended", status_on=clock.today(), **names)
    assert "暂停" in said(draft_product(by, number=stopped.number), "number")["error"]


def test_a_number_of_a_shape_unseen_for_that_body_is_told():
    make_certificate(number="CABR-01(02)-(2025)-CGP-035")
    assert "样式" in said(draft_product(number="绿建12345"), "number")["warning"]
    assert said(draft_product(number="CABR-07（11）-（2024）-CGP-002"), "number") == {}
    assert shape_of("CABR-01(02)-(2025)-CGP-035") == "A-9(9)-(9)-A-9"


def test_an_enterprise_that_was_removed_is_told():
    product = make_product()
    by = make_owner(product.enterprise)
    publish_products(product)
    values = certificate_values(product.enterprise)
    assert said(draft_product(by, **values), "all") == {}
    editor = make_user("editor")
    batch = current_draft("national", "adjustment", by=editor)
    reason = compiling.Reason("quality", "质量问题")
    compiling.act_on(batch, product.enterprise, "remove", by=editor, reason=reason)
    publish_draft("adjustment")
    assert "质量问题" in said(draft_product(by, **values), "all")["warning"]


def test_a_product_that_was_removed_is_told_before_it_is_listed_again_on_another_certificate():
    product, other = (first := make_product()), make_product(enterprise=first.enterprise)
    by = make_owner(product.enterprise)
    publish_products(product, other)
    editor = make_user("editor")
    batch = current_draft("national", "adjustment", by=editor)
    reason = compiling.Reason("quality", "监督抽查不合格")
    compiling.act_on(batch, product, "remove", by=editor, reason=reason)
    publish_draft("adjustment")
    case = draft_product(by)
    row = item_rows(1, name=product.name, models_text=product.models_text)
    case = drafting.set_items(case, by=by, rows=row, revision=case.revision)
    assert "监督抽查不合格" in said(hand_in(case), "items")["warning"]
    again = draft_product(by, number="SL-OTHER-1")
    row = item_rows(1, name=other.name, models_text=other.models_text)
    again = drafting.set_items(again, by=by, rows=row, revision=again.revision)
    assert said(hand_in(again), "items") == {}


def test_a_renewal_of_a_certificate_that_is_not_in_force_is_told():
    product = make_product()
    case = hand_in(draft_renewal(make_owner(product.enterprise), product.certificate))
    assert "旧证书" not in str(machine_checks(case))
    type(product.certificate).objects.update(status="revoked", status_on=clock.today())
    assert "旧证书" in str([one for one in machine_checks(case) if one.level == "warning"])


def test_checks_cost_the_same_for_one_line_and_for_many(django_assert_max_num_queries):
    case = hand_in(draft_product(count=30))
    with django_assert_max_num_queries(16):
        machine_checks(case)


def licence(*lines: str) -> bytes:
    """An electronic licence: a PDF with words."""
    return typst.compile(('#set text(font: "Noto Serif CJK SC")\n' + "\n\n".join(lines)).encode())


def test_an_electronic_licence_is_read_and_compared(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    name = "示例新登记建材有限公司"
    outcomes = {}
    for found in ("both", "other name", "picture"):
        draft = draft_register()
        Document.objects.filter(application=draft, purpose="licence").delete()
        shown = name if found == "both" else "示例别家有限公司"
        content = (
            picture() if found == "picture" else licence(f"统一社会信用代码 {draft.uscc}", f"名称 {shown}")
        )
        drafting.add_document(draft, by=draft.created_by, purpose="licence", content=content, name="执照")
        outcomes[found] = said(draft, "documents")
        with patch("portal.applications.review.licences.words_in", side_effect=AssertionError("read again")):
            machine_checks(draft)
    assert set(outcomes["both"]) == {"ok"}
    assert f"没有读到「{name}」" in outcomes["other name"]["error"]
    assert "机器读不出" in outcomes["picture"]["warning"]
