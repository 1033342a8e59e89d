"""A lawful redaction reaches what cases keep of the value: forms, product lines, submissions, workbooks, messages."""

import pytest
from django.core.management import call_command

from catalog.publication.compiling.redactable import PLACEHOLDER
from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing.redaction import redact
from portal.applications.cases.models import Application, Item, Submission, UnsavedForm, Workbook
from portal.applications.cases.workflow import handling
from portal.core.files.store import ErasedFileError, load, store
from tests.catalog.publication.test_redaction import tables_with
from tests.make import make_certificate, make_enterprise, make_product, make_user, publish_products
from tests.portal.applications.making import draft_change, draft_product, hand_in, item_rows, make_owner

pytestmark = pytest.mark.django_db(transaction=True)

NAME, BRAND = "张叁建材经营部", "张叁牌"


@pytest.fixture
def enterprise(tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    enterprise = make_enterprise(name=NAME)
    certificate = make_certificate(applicant_name=NAME)
    publish_products(make_product(enterprise=enterprise, certificate=certificate, brand=BRAND))
    return enterprise


@pytest.fixture
def case(enterprise):
    case = draft_product(make_owner(enterprise))
    case.items.update(brand=BRAND)
    case = hand_in(case)
    handling.say(case, by=case.created_by, text=f"我们是{NAME}，请尽快办理。")
    UnsavedForm.objects.create(
        application=case, user=case.created_by, fields={"maker_name": NAME, "star": "3"}, revision=1
    )
    Workbook.objects.create(
        application=case,
        by=case.created_by,
        file=store(f"名称,品牌\n卷材,{BRAND}\n".encode(), name="产品.csv", media_type="text/csv", by=None),
        sound=item_rows(1, brand=BRAND),
        faults=[{"cell": "B2", "value": BRAND, "message": f"「{BRAND}」重复"}],
    )
    return case


def test_the_name_and_the_brand_are_in_no_table(case, enterprise):
    redact(EnterpriseLine.objects.get().key, "name", basis="当事人申请")
    redact(ProductLine.objects.get().key, "brand", basis="当事人申请")
    assert tables_with(NAME) + tables_with(BRAND) == []
    case.refresh_from_db()
    assert case.values["maker_name"] == PLACEHOLDER
    assert case.values["star"] == "3"
    assert Item.objects.get(application=case).brand == PLACEHOLDER
    assert UnsavedForm.objects.get().fields == {"maker_name": PLACEHOLDER, "star": "3"}


def test_a_case_that_is_under_review_can_still_be_decided(case, enterprise):
    digest = Submission.objects.get().digest
    redact(ProductLine.objects.get().key, "brand", basis="当事人申请")
    assert Submission.objects.get().digest == digest
    assert Submission.objects.get().items[0]["name"] == Item.objects.get(application=case).name


def test_cases_of_another_enterprise_are_left_alone(enterprise):
    other = draft_change(make_owner(make_enterprise()), name=NAME, phone="0592-1234567", division="350000")
    redact(EnterpriseLine.objects.get(enterprise=enterprise).key, "name", basis="当事人申请")
    assert Application.objects.get(pk=other.pk).values["name"] == NAME


def test_what_a_machine_found_in_a_case_of_others_names_it_no_more(enterprise):
    name = enterprise.name
    other = hand_in(
        draft_change(make_owner(make_enterprise(name="示例另一家有限公司")), phone="0591-1234567")
    )
    found = [{"level": "warning", "code": "alike", "sentence": f"有近似名称的企业：{name}。"}]
    Application.objects.filter(pk=other.pk).update(findings=found, values={"name": name})
    redact(EnterpriseLine.objects.get(enterprise=enterprise).key, "name", basis="当事人申请")
    other.refresh_from_db()
    assert other.findings == [{**found[0], "sentence": f"有近似名称的企业：{PLACEHOLDER}。"}]
    assert other.values == {"name": name}, "what another wrote is the other's"


def test_the_command_erases_the_workbook_of_the_case(case, capsys):
    call_command("redact_line", ProductLine.objects.get().key, "brand", basis="当事人申请")
    assert "1 个上传的文件" in capsys.readouterr().out
    with pytest.raises(ErasedFileError):
        load(Workbook.objects.get().file)


def test_the_command_permits_it_again(case, capsys):
    key = ProductLine.objects.get().key
    call_command("redact_line", key, "brand", basis="当事人申请")
    call_command("redact_line", key, "brand", basis="当事人要求恢复", permit_again=True)
    assert "已放行" in capsys.readouterr().out
    assert make_user("editor")
