"""The desk of a pilot officer: the own region and no other, and a second person who publishes."""

import datetime

import pytest

from catalog.regions.models import RegionVersion, SubsidyRule, SubsidyVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages import cache
from tests.make import make_category, make_division, make_region, make_subsidy, make_user

pytestmark = pytest.mark.django_db
REGIONS = "/admin/regions/regionversion/"
RULES = "/admin/regions/subsidyversion/"


@pytest.fixture
def fujian():
    return make_region(approval_batch=1, approval_year=2022, approval="2022年获批")


@pytest.fixture
def zhejiang():
    return make_region("330000", "浙江省")


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def page_form(**fields) -> dict:
    usual = {
        "summary": "",
        "responsible_unit": "福建省示例主管部门",
        "complaint_channel": "福建省示例委员会",
        "complaint_phone": "0591-00000000",
        "checked_on": str(clock.today()),
        "source": "本省填报",
        "change_note": "补充投诉渠道",
        "_save": "1",
    }
    return usual | fields


def rule_form(**fields) -> dict:
    usual = {
        "division": "350000",
        "title": "防水卷材补贴",
        "category_codes": "防水卷材",
        "amount_text": "每平方米 6 元",
        "amount_yuan": "6",
        "amount_unit": "平方米",
        "from_on": str(clock.today()),
        "until_on": "",
        "document_title": "补贴办法",
        "how_to_claim": "到窗口办理",
        "_save": "1",
    }
    return usual | fields


def corrected(client, version: RegionVersion, **fields) -> RegionVersion:
    """A draft that starts from the public page, with the fields filled in."""
    assert client.post(f"{REGIONS}{version.pk}/correct/").status_code == 302
    draft = RegionVersion.objects.open().get(page=version.page)
    response = client.post(f"{REGIONS}{draft.pk}/change/", page_form(**fields))
    assert response.status_code == 302, response.content.decode()
    draft.refresh_from_db()
    return draft


def step(client, address: str, status: int = 302, **values) -> str:
    response = client.post(address, values)
    assert response.status_code == status
    return "" if status == 302 else response.content.decode()


def test_an_officer_sees_the_own_region_and_another_does_not_exist(client, fujian, zhejiang):
    sign_in(client, "pilot_officer:350000")
    listed = client.get(REGIONS).content.decode()
    assert "福建省" in listed
    assert "浙江省" not in listed
    assert client.get(f"{REGIONS}{fujian.pk}/change/").status_code == 200
    for address in (f"{REGIONS}{zhejiang.pk}/change/", f"{REGIONS}{zhejiang.pk}/correct/"):
        assert client.get(address).status_code == 404
        assert client.post(address, page_form()).status_code == 404
    assert RegionVersion.objects.count() == 2


def test_an_officer_updates_the_own_region_and_a_second_person_publishes(client, fujian):
    officer = sign_in(client, "pilot_officer:350000")
    draft = corrected(client, fujian)
    step(client, f"{REGIONS}{draft.pk}/submit/")
    assert "须由另一人发布" in step(client, f"{REGIONS}{draft.pk}/publish/", 403)
    assert Edition.objects.count() == 1
    sign_in(client, "pilot_officer:350000")
    step(client, f"{REGIONS}{draft.pk}/publish/")
    current = RegionVersion.objects.current().get()
    assert (current.complaint_channel, current.created_by) == ("福建省示例委员会", officer)
    assert Edition.objects.count() == 2
    assert AuditEvent.objects.filter(step="regionversion.published", is_success=True).count() == 1


def test_an_update_needs_a_complaint_channel_and_the_day_it_was_checked(client, fujian):
    sign_in(client, "pilot_officer:350000")
    draft = corrected(client, fujian, complaint_phone="", checked_on="")
    page = step(client, f"{REGIONS}{draft.pk}/submit/", 409)
    assert "缺少消费维权投诉方式" in page
    assert "核对日期" in page
    draft.refresh_from_db()
    assert draft.state == RegionVersion.State.DRAFT


def test_an_officer_does_not_rewrite_the_approval(client, fujian):
    sign_in(client, "pilot_officer:350000")
    draft = corrected(client, fujian, approval_batch="2", approval_year="2023", approval="改写")
    assert (draft.approval_batch, draft.approval_year, draft.approval) == (1, 2022, "2022年获批")


def test_the_working_group_may_rewrite_the_approval(client, fujian):
    sign_in(client, "editor")
    draft = corrected(
        client, fujian, approval_batch="1", approval_year="2022", approval="2022年6月6日之后获批"
    )
    assert draft.approval == "2022年6月6日之后获批"


def test_a_batch_without_a_year_is_refused_in_words(client, fujian):
    sign_in(client, "editor")
    client.post(f"{REGIONS}{fujian.pk}/correct/")
    draft = RegionVersion.objects.open().get()
    page = client.post(f"{REGIONS}{draft.pk}/change/", page_form(approval_batch="1")).content.decode()
    assert "试点批次和批准年度须一同填写" in page


def test_a_region_is_never_added_and_never_deleted(client, fujian):
    sign_in(client, "editor")
    assert client.get(f"{REGIONS}add/").status_code == 403
    assert client.post(f"{REGIONS}{fujian.pk}/delete/").status_code == 403


def test_whoever_only_reads_changes_nothing(client, fujian):
    sign_in(client, "auditor")
    assert client.get(f"{REGIONS}{fujian.pk}/change/").status_code == 200
    assert client.post(f"{REGIONS}{fujian.pk}/correct/").status_code == 403


def test_an_officer_writes_a_rule_of_a_town_of_the_own_region(client, fujian):
    make_division("350500", "泉州市", "prefecture", make_division())
    make_category("302", "防水卷材")
    sign_in(client, "pilot_officer:350000")
    assert client.post(f"{RULES}add/", rule_form(division="福建省泉州市")).status_code == 302
    rule = SubsidyVersion.objects.get()
    assert (rule.division_code, rule.division_name) == ("350500", "福建省 泉州市")
    assert (rule.category_codes, rule.category_names) == (["302"], ["防水卷材"])
    assert (rule.amount_fen, rule.amount_unit, rule.rule.division_id) == (600, "平方米", "350500")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"division": "330000"}, "不在您负责的地区内"),
        ({"division": "nowhere"}, "没有这个行政区划"),
        ({"category_codes": "防水卷材、飞毯"}, "没有这个品类：飞毯"),
        ({"amount_yuan": "6", "amount_unit": ""}, "填了金额，就须填计量单位"),
        ({"amount_yuan": "0"}, "大于"),
        ({"until_on": "2020-01-01"}, "截止日期早于开始日期"),
        ({"how_to_claim": ""}, "办理方法"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(client, fujian, zhejiang, fields, sentence):
    make_category("302", "防水卷材")
    sign_in(client, "pilot_officer:350000")
    page = client.post(f"{RULES}add/", rule_form(**fields)).content.decode()
    assert sentence in page
    assert not SubsidyRule.objects.exists()


def test_a_group_of_the_catalogue_is_named_like_a_kind(client, fujian):
    make_category("302", "防水卷材")
    sign_in(client, "pilot_officer:350000")
    client.post(f"{RULES}add/", rule_form(category_codes="防水密封及建筑涂料类"))
    assert SubsidyVersion.objects.get().category_codes == ["G3"]


def test_the_division_of_a_rule_stays(client, fujian, zhejiang):
    make_category("302", "防水卷材")
    sign_in(client, "editor")
    client.post(f"{RULES}add/", rule_form())
    rule = SubsidyVersion.objects.get()
    client.post(f"{RULES}{rule.pk}/change/", rule_form(division="330000", amount_yuan="7.5"))
    rule.refresh_from_db()
    assert (rule.division_code, rule.amount_fen) == ("350000", 750)


def test_the_rules_of_another_region_do_not_exist_for_an_officer(client, fujian, zhejiang):
    theirs = make_subsidy("330000")
    sign_in(client, "pilot_officer:350000")
    assert client.get(f"{RULES}{theirs.pk}/change/").status_code == 404
    assert client.post(f"{RULES}{theirs.pk}/withdraw/", {"reason": "不要了"}).status_code == 404
    assert SubsidyVersion.objects.current().count() == 1


def test_the_first_page_of_the_desk_says_what_waits(client, fujian):
    sign_in(client, "pilot_officer:350000")
    step(client, f"{REGIONS}{corrected(client, fujian).pk}/submit/")
    sign_in(client, "reviewer")
    assert "地区页面待审核" in client.get("/admin/").content.decode()
    sign_in(client, "pilot_officer:330000")
    assert "地区页面待审核" not in client.get("/admin/").content.decode()


def test_saving_drafts_changes_no_public_byte_and_no_edition(client, fujian):
    make_category("302", "防水卷材")
    found = make_subsidy()
    addresses = ("/regions/", "/regions/350000/", f"/regions/350000/subsidies/{found.rule_id}/")
    before = [client.get(address).content for address in addresses]
    editions = Edition.objects.count()
    sign_in(client, "editor")
    client.post(f"{RULES}add/", rule_form(title="没有公布的规则"))
    client.post(f"{RULES}{found.pk}/correct/")
    draft = SubsidyVersion.objects.open().get(rule=found.rule)
    client.post(f"{RULES}{draft.pk}/change/", rule_form(title="没有公布的改动", change_note="改"))
    corrected(client, fujian, summary="没有公布的情况")
    client.logout()
    cache.clear()
    assert [client.get(address).content for address in addresses] == before
    assert Edition.objects.count() == editions
    assert SubsidyVersion.objects.open().count() == 2


def test_a_rule_that_begins_later_can_be_published_today(client, fujian):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    make_category("302", "防水卷材")
    sign_in(client, "pilot_officer:350000")
    client.post(f"{RULES}add/", rule_form(from_on=str(tomorrow)))
    draft = SubsidyVersion.objects.get()
    step(client, f"{RULES}{draft.pk}/submit/")
    sign_in(client, "reviewer")
    step(client, f"{RULES}{draft.pk}/publish/")
    client.logout()
    cache.clear()
    page = client.get("/regions/350000/").content.decode()
    assert "未开始" in page
