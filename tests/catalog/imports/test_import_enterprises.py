"""An enterprise directory into working rows and a draft batch; and the real sample, as it is."""

from pathlib import Path

import pytest

from catalog.enterprises.models import Enterprise, FormerName
from catalog.publication.models import BatchEntry
from catalog.regions import facts as region_facts
from portal.core.audit.models import Change
from tests.make import make_enterprise, make_uscc

from .conftest import faults_of

pytestmark = pytest.mark.django_db

HEADINGS = ["企业名称", "统一社会信用代码", "所在省份", "地区", "联系人", "联系电话", "网址", "销售区域"]
SAMPLE = Path(__file__).resolve().parents[4] / "shared" / "data" / "real_enterprises_sample.csv"


def directory_row(code="", **changes):
    row = {
        "企业名称": "示例绿色建材有限公司",
        "统一社会信用代码": code or make_uscc(),
        "所在省份": "福建",
        "地区": "泉州",
        "联系人": "张某",
        "联系电话": "0595-12345678",
        "网址": "www.example.com",
        "销售区域": "福建、浙江",
    }
    return list((row | changes).values())


@pytest.fixture
def import_directory(import_rows):
    return lambda rows, **options: import_rows(rows, register="enterprises", **options)


def test_a_new_enterprise_is_registered_and_entered(import_directory):
    imported = import_directory([HEADINGS, directory_row()])

    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.division_id) == ("示例绿色建材有限公司", "350500")
    assert (enterprise.phone, enterprise.website) == ("0595-12345678", "http://www.example.com")
    assert enterprise.sells_in == "350000、330000"
    assert BatchEntry.objects.get().enterprise == enterprise
    assert imported.outcome.headings["地区"] == "division"


def test_a_mobile_number_stays_internal_unless_it_is_the_unit_s(import_directory):
    import_directory([HEADINGS, directory_row(联系电话=13812341234)])

    enterprise = Enterprise.objects.get()
    assert (enterprise.phone, enterprise.contact_phone) == ("", "13812341234")


def test_personal_data_are_in_no_report(import_directory):
    code = make_uscc()
    import_directory([HEADINGS, directory_row(code)])
    BatchEntry.objects.update(source="")

    changed = import_directory([HEADINGS, directory_row(code, 联系人="李某某")])

    assert "李某某" not in str(changed.run.report)
    assert Change.objects.get(source=changed.run.source).personal == {"contact_person": "张某"}


def test_the_same_directory_again_changes_nothing(import_directory):
    rows = [HEADINGS, directory_row()]
    import_directory(rows)

    assert import_directory(rows).outcome.changes_nothing


def test_a_new_name_makes_the_old_one_a_former_name(import_directory):
    known = make_enterprise(name="示例老名称有限公司", phone="")

    imported = import_directory([HEADINGS, directory_row(known.uscc)])

    known.refresh_from_db()
    assert known.name == "示例绿色建材有限公司"
    assert FormerName.objects.get().name == "示例老名称有限公司"
    assert imported.outcome.preview.renames[0]["before"] == "示例老名称有限公司"


def test_an_old_list_does_not_bring_a_former_name_back(import_directory):
    known = make_enterprise(name="示例新名称有限公司", phone="")
    FormerName.objects.create(enterprise=known, name="示例绿色建材有限公司")

    import_directory([HEADINGS, directory_row(known.uscc)])

    known.refresh_from_db()
    assert known.name == "示例新名称有限公司"


@pytest.mark.parametrize(
    ("changes", "rule", "column"),
    [
        ({"统一社会信用代码": "91350500"}, "uscc-bad-length", "B"),
        ({"统一社会信用代码": ""}, "empty", "B"),
        ({"统一社会信用代码": 9.1350203e17}, "digits-lost", "B"),
        ({"统一社会信用代码": "91350203M0001QAY9B"}, "uscc-nonconforming-check", "B"),
        ({"企业名称": ""}, "empty", "A"),
        ({"网址": "没有"}, None, ""),
        ({"企业名称": "示例АВС建材有限公司"}, "lookalike-character", "A"),
        ({"企业名称": "示例\u202e建材有限公司"}, "hidden-character", "A"),
    ],
)
def test_every_fault_names_rule_and_cell(import_directory, changes, rule, column):
    imported = import_directory([HEADINGS, directory_row(**changes)])

    assert faults_of(imported) == ([(rule, f"清单!{column}2")] if rule else [])


@pytest.mark.parametrize(
    ("changes", "rule", "column", "field"),
    [
        ({"联系电话": "找张三"}, "phone", "F", "phone"),
        ({"网址": "我们的网站"}, "website", "G", "website"),
        ({"网址": "http://1.2.3.4/"}, "website", "G", "website"),
        ({"联系人": "张" * 41}, "too-long", "E", "contact_person"),
    ],
)
def test_what_may_stay_empty_stops_no_row_and_is_told(import_directory, changes, rule, column, field):
    imported = import_directory([HEADINGS, directory_row(**changes)])

    assert imported.outcome.faults == []
    assert [(told.rule, told.cell) for told in imported.outcome.warnings] == [(rule, f"清单!{column}2")]
    assert getattr(Enterprise.objects.get(), field) == ""
    (group,) = imported.run.report["left_out"]
    assert (group["count"], group["cells"]) == (1, [f"清单!{column}2"])


def test_a_value_that_is_left_out_leaves_what_is_known(import_directory):
    known = make_enterprise(
        name="示例绿色建材有限公司", phone="0591-7654321", website="http://www.example.cn"
    )

    import_directory([HEADINGS, directory_row(known.uscc, 联系电话="找张三", 网址="http://localhost")])

    known.refresh_from_db()
    assert (known.phone, known.website) == ("0591-7654321", "http://www.example.cn")


def test_what_names_a_person_is_quoted_in_no_report(import_directory):
    imported = import_directory([HEADINGS, directory_row(联系人="李" * 41, 联系电话="找李某某")])

    assert imported.run.report["warning_count"] == 2
    assert "李" not in str(imported.run.report) + str(imported.outcome.warnings)


def test_a_doubtful_code_is_taken_once_somebody_has_compared_the_licence(import_directory):
    make_enterprise(uscc="91350203M0001QAY9B", uscc_override_reason="证照核对一致", name="示例甲公司")

    imported = import_directory([HEADINGS, directory_row("91350203M0001QAY9B", 企业名称="示例甲公司")])

    assert imported.outcome.faults == []


def test_a_code_or_a_name_twice_in_a_file_is_found(import_directory):
    code = make_uscc()
    rows = [directory_row(code), directory_row(code), directory_row(企业名称="示例绿色建材 有限公司")]

    assert faults_of(import_directory([HEADINGS, *rows])) == [
        ("duplicate-in-file", "清单!B3"),
        ("name-twice", "清单!A4"),
    ]


def test_the_name_of_another_enterprise_is_a_fault(import_directory):
    make_enterprise(name="示例绿色建材有限公司")

    assert faults_of(import_directory([HEADINGS, directory_row()])) == [("name-of-another", "清单!A2")]


@pytest.mark.parametrize(
    ("changes", "rule", "column"),
    [
        ({"地区": "火星"}, "division-unknown", "D"),
        ({"地区": "高新区"}, "division-unknown", "D"),
        ({"所在省份": "", "地区": "鼓楼区"}, "division-ambiguous", "D"),
        ({"销售区域": "福建、火星"}, "division-unknown", "H"),
        ({"网址": "http://10.0.0.1/"}, "website", "G"),
    ],
)
def test_what_may_stay_empty_is_left_out_and_told(import_directory, changes, rule, column):
    imported = import_directory([HEADINGS, directory_row(**changes)])

    assert faults_of(imported) == []
    assert [(told.rule, told.cell) for told in imported.outcome.warnings] == [(rule, f"清单!{column}2")]
    assert imported.is_saved


@pytest.mark.skipif(not SAMPLE.exists(), reason="../shared/data is not here")
def test_every_row_of_the_real_sample_is_imported_or_named(import_directory):
    region_facts.seed()

    imported = import_directory(SAMPLE, is_valid_only=True)

    assert imported.outcome.rows == 600
    assert Enterprise.objects.count() == 600
    assert faults_of(imported) == []
    assert [(told.rule, told.value) for told in imported.outcome.warnings] == [("division-unknown", "自贸区")]
    assert imported.outcome.headings == {
        "企业名称": "name",
        "统一社会信用代码": "uscc",
        "注册日期": None,
        "企业类型": None,
        "注册资金": None,
        "所在省份": "province",
        "地区": "division",
        "注册地址": "address",
        "经营范围(截断200字)": None,
    }
    assert Enterprise.objects.filter(division__isnull=True).count() == 0
    assert BatchEntry.objects.filter(batch=imported.run.batch).count() == 600
