"""The campaigns as visitors read them."""

import re

import pytest

from catalog.campaigns import facts
from catalog.campaigns.models import Campaign, CampaignVersion, RoleVersion
from catalog.regions import facts as region_facts
from events.notices import facts as notice_facts
from events.notices.models import NoticeVersion
from portal.core.editions import clock
from portal.core.pages import cache
from portal.core.workflow import versions
from tests.catalog.publication.stories import cost_of
from tests.events.activities.make import publish_activity
from tests.events.commitments.make import publish_agreement, publish_letter
from tests.make import make_campaign, make_campaign_page, make_user, publish_products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


@pytest.fixture
def seeded():
    region_facts.seed()
    facts.seed()


def read(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_the_list_has_the_three_campaigns_newest_first(client, seeded):
    page = read(client, "/campaigns/")
    found = re.findall(r'href="/campaigns/([\d-]+)/"', page[page.index("<main") : page.index("</main>")])
    assert found == ["2024-2026", "2023", "2022"]
    assert "绿色建材进万家 美好生活共创建" in page
    assert "工信厅联原〔2022〕7号" in page


def test_an_empty_site_says_that_there_is_none_yet(client):
    assert "还没有活动年度" in read(client, "/campaigns/")


def test_2022_says_departments_hosts_plan_and_what_each_office_set_out_with_sources(client, seeded):
    page = read(client, "/campaigns/2022/")
    for words in (
        "2022年3月至12月",
        "国家乡村振兴局",
        "中国扶贫开发协会",
        "国检集团",
        "顺达墨瑟门窗有限公司",
        "公益宣讲",
        "工业和信息化部原材料工业司",
        "实施「三品」方案着力创品牌",
        "农业农村部农村社会事业促进司",
        "加强事中事后监管",
        "按会议报道归纳",
        "第一批试点 7 个",
    ):
        assert words in page
    assert page.count("出处：") >= 6
    assert "国家广播电视总局" not in page


def test_the_third_campaign_is_nationwide_with_another_department(client, seeded):
    page = read(client, "/campaigns/2024-2026/")
    assert "在全国开展，不再审批试点" in page
    assert "国家广播电视总局" in page
    assert "国家乡村振兴局" not in page
    assert "未见公开资料" in page  # nobody has said who hosts it
    assert "各司局部署要点" not in page


def test_a_campaign_that_never_was_is_not_found_in_words(client, seeded):
    assert "没有「2021」这个活动年度" in read(client, "/campaigns/2021/", 404)
    assert "没有「colour」这个参数" in read(client, "/campaigns/2022/?colour=red", 400)


def test_a_draft_changes_no_public_byte(client, seeded):
    before = [client.get(address).content for address in ("/campaigns/", "/campaigns/2022/")]
    draft = versions.new_version(CampaignVersion, Campaign.objects.get(slug="2022"), by=make_user("editor"))
    draft.theme = "没有公布的主题"
    draft.save()
    cache.clear()
    assert [client.get(address).content for address in ("/campaigns/", "/campaigns/2022/")] == before


def test_an_update_leaves_the_earlier_page_as_it_was(client):
    first = make_campaign_page(theme="原来的主题")
    make_campaign_page(first.campaign, theme="后来的主题", change_note="更正主题")
    address = f"/campaigns/{first.campaign.slug}/"
    page = read(client, address)
    assert "后来的主题" in page
    assert "更正主题" in page
    past = read(client, f"{address}?edition=1&as_of={clock.today()}")
    assert "原来的主题" in past
    assert "您看到的是" in past


def test_a_role_that_was_withdrawn_is_gone_today_and_stands_in_its_edition(client, seeded):
    role = RoleVersion.objects.get(organisation_name="中国扶贫开发协会")
    versions.withdraw(RoleVersion, role.role, by=make_user("publisher"), reason="登记有误")
    main = body_of(read(client, "/campaigns/2022/"))
    assert "中国扶贫开发协会" not in main
    assert "中国扶贫开发协会" in body_of(read(client, f"/campaigns/2022/?edition={role.from_edition_id}"))


def body_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_an_edition_before_the_page_says_that_it_came_later(client):
    publish_products()
    campaign = make_campaign_page().campaign
    assert "当时尚未公布" in read(client, f"/campaigns/{campaign.slug}/?edition=1")


def test_a_campaign_with_nothing_but_a_file_name_was_never_public(client):
    read(client, f"/campaigns/{make_campaign().slug}/", 404)


def test_the_batches_of_a_campaign_stand_on_its_page(client):
    batch = publish_products()
    make_campaign_page(batch.campaign)
    assert f'href="/batches/{batch.slug}/"' in read(client, f"/campaigns/{batch.campaign.slug}/")


def test_the_basis_leads_to_the_notice_that_has_the_document(client):
    first = make_campaign_page(basis_number="工信厅联原〔2022〕7号")
    address = f"/campaigns/{first.campaign.slug}/"
    assert "看这份文件的登记" not in read(client, address)
    notice_facts.seed()
    cache.clear()
    page = read(client, address)
    number = NoticeVersion.objects.get(document_number="工信厅联原〔2022〕7号").notice_id
    assert f'href="/notices/{number}/">看这份文件的登记' in page


def test_a_page_costs_the_same_whatever_stands_on_it(client):
    first = make_campaign_page()
    publish_products()
    address = f"/campaigns/{first.campaign.slug}/"
    before = cost_of(client, address)
    for number in range(4):
        make_campaign_page(first.campaign, theme=f"主题{number}", change_note="更正")
        publish_products()
    assert cost_of(client, address) == before <= 25


@pytest.mark.parametrize("has_page", [True, False])
def test_what_is_filed_under_a_campaign_links_to_it_only_where_it_has_a_page(client, has_page):
    """An editor may still be writing the page of a new campaign when its first batch is published."""
    batch = publish_products()
    campaign = batch.campaign
    letter = publish_letter(campaign=campaign)
    activity = publish_activity(campaign=campaign)
    agreement = publish_agreement(campaign=campaign)
    if has_page:
        make_campaign_page(campaign)
    for address in (
        f"/batches/{batch.slug}/",
        f"/commitments/{letter.letter_id}/",
        f"/activities/{activity.activity_id}/",
        f"/commitments/agreements/{agreement.agreement_id}/",
    ):
        page = read(client, address)
        assert campaign.name in page, address
        assert (f'href="/campaigns/{campaign.slug}/"' in page) == has_page, address
