"""Agreements, adoptions and organisations as visitors read them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.campaigns import facts as campaigns
from catalog.campaigns.models import Campaign, Organisation
from tests.events.activities.make import publish_activity
from tests.make import make_division

from .make import (
    make_organisation,
    publish_adoption,
    publish_agreement,
    publish_claim,
    publish_letter,
    publish_template,
)

pytestmark = pytest.mark.django_db


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_an_agreement_says_parties_day_and_promises(client):
    version = publish_agreement(organisation=make_organisation("甲方"))
    page = text(client, f"/commitments/agreements/{version.agreement_id}/")
    for words in ("甲方", "乙方", "支持机构", "2026年6月6日", "提供咨询", "扫描件未提供", "示例来源"):
        assert words in page
    assert "示例合作协议" in text(client, "/commitments/agreements/")


def test_an_agreement_that_ended_says_why_and_as_of_before_it_had_not(client):
    first = publish_agreement()
    publish_agreement(
        first.agreement,
        replaces=first,
        change_note="终止",
        ended_on=datetime.date(2026, 7, 1),
        ended_reason="期满不续",
    )
    address = f"/commitments/agreements/{first.agreement_id}/"
    assert "期满不续" in text(client, address)
    assert "期满不续" not in text(client, f"{address}?edition=1")


def test_an_adoption_says_who_recognises_what_for_what(client):
    version = publish_adoption(division=make_division(), document_number="示财〔2026〕1号")
    page = text(client, f"/commitments/adoptions/{version.adoption_id}/")
    for words in (
        "示例市财政局",
        "二星级及以上证书",
        "政府采购评审加分",
        "福建省",
        "示财〔2026〕1号",
        "现行",
    ):
        assert words in page


def test_adoptions_are_chosen_by_region_and_nonsense_is_told(client):
    publish_adoption(division=make_division())
    publish_adoption(recognised_by="别处的单位", division=make_division("130000", "河北省"))
    page = text(client, "/commitments/adoptions/?region=350000")
    assert "示例市财政局" in page
    assert "别处的单位" not in page
    text(client, "/commitments/adoptions/?region=999999", 400)
    text(client, "/commitments/adoptions/?kind=x", 400)


def test_an_adoption_ends_by_its_day(client):
    version = publish_adoption(until_on=datetime.date(2026, 3, 1))
    assert "已过期" in text(client, f"/commitments/adoptions/{version.adoption_id}/")


def test_a_claim_carries_its_date_and_source(client):
    version = publish_claim()
    page = text(client, f"/organisations/{version.organisation_id}/")
    for words in ("700余张", "2022年6月6日", "示例来源"):
        assert words in page
    own = text(client, f"/organisations/claims/{version.claim_id}/")
    assert "只说明那一天的情况" in own


def test_a_corrected_claim_keeps_what_it_said_before(client):
    first = publish_claim()
    publish_claim(
        first.claim,
        organisation=first.organisation,
        figure="1200余张",
        statement="颁发证书1200余张。",
        stated_on=datetime.date(2023, 6, 6),
        replaces=first,
        change_note="更新",
    )
    address = f"/organisations/{first.organisation_id}/"
    assert "1200余张" in text(client, address)
    assert "700余张" in text(client, f"{address}?edition=1")


def test_an_organisation_shows_what_it_signed(client):
    organisation = make_organisation()
    publish_agreement(organisation=organisation)
    publish_letter(organisation=organisation)
    page = text(client, f"/organisations/{organisation.pk}/")
    assert "示例合作协议" in page
    assert "示例甲建材有限公司" in page


def test_an_organisation_of_which_nothing_was_ever_public_is_not_found(client):
    organisation = make_organisation("从未公开的机构")
    text(client, f"/organisations/{organisation.pk}/", 404)
    text(client, "/organisations/9999/", 404)
    publish_claim(organisation=organisation)
    text(client, f"/organisations/{organisation.pk}/")


@pytest.mark.parametrize(
    ("publish", "path"),
    [
        (publish_template, "/commitments/templates/{}/"),
        (publish_agreement, "/commitments/agreements/{}/"),
        (publish_adoption, "/commitments/adoptions/{}/"),
        (publish_claim, "/organisations/claims/{}/"),
    ],
)
def test_every_record_is_readable_for_ever(client, publish, path):
    first = publish()
    later = publish()
    number = later.identity.pk
    address = path.format(number)
    assert "当时尚未公布" in text(client, f"{address}?edition={first.from_edition_id}")
    values = {name: getattr(later, name) for name in type(later).own_fields()}
    withdrawn = publish(later.identity, **values, replaces=later, is_withdrawn=True, change_note="重复收录")
    page = text(client, address)
    assert "重复收录" in page
    assert "引用本页" in page
    assert withdrawn.broken_fields() == []
    text(client, path.format(9999), 404)
    text(client, f"{address}?colour=red", 400)


@pytest.mark.parametrize(
    "address",
    ["/commitments/agreements/", "/commitments/adoptions/", "/commitments/templates/", "/organisations/"],
)
def test_lists_cost_the_same_for_one_and_for_many(client, django_assert_num_queries, address):
    makers = (publish_agreement, publish_adoption, publish_template, publish_claim)
    for publish in makers:
        publish()
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for publish in makers:
        for _ in range(5):
            publish()
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_the_page_of_a_campaign_shows_what_was_held_and_signed_in_it(client):
    campaigns.seed()
    campaign = Campaign.objects.get(slug="2022")
    publish_letter(campaign=campaign, party_name="年度内签的")
    publish_agreement(campaign=campaign, title="年度内的协议")
    publish_letter(party_name="别的年度签的")
    publish_activity(title="年度内的会", campaign=campaign)
    page = text(client, "/campaigns/2022/")
    for words in ("年度内签的", "年度内的协议", "年度内的会"):
        assert words in page
    assert "别的年度签的" not in page
    assert "年度内的会" in text(client, "/activities/?campaign=2022")


def test_roles_are_read_at_the_edition_asked(client):
    publish_claim()
    campaigns.seed()
    page = text(client, "/organisations/")
    assert "国检集团" in page
    assert "技术支持机构" in page
    assert "国检集团" not in text(client, "/organisations/?edition=1")
    number = Organisation.objects.get(name="国检集团").pk
    assert "还没有公开的内容" in text(client, f"/organisations/{number}/?edition=1")


def test_a_partner_without_a_letter_is_named_as_such(client):
    campaigns.seed()
    page = text(client, "/commitments/")
    assert "未见承诺书的合作伙伴" in page
    assert page.count("顺达墨瑟门窗有限公司") == 1
    partner = Organisation.objects.get(name="顺达墨瑟门窗有限公司")
    publish_letter(organisation=partner, campaign=Campaign.objects.get(slug="2022"), party_name=partner.name)
    rest = text(client, "/commitments/").split("未见承诺书的合作伙伴")[1]
    assert "顺达墨瑟门窗有限公司" not in rest
    assert "立邦投资有限公司" in rest


def test_search_engines_are_told_of_letters_agreements_and_activities(client):
    letter, agreement = publish_letter(), publish_agreement()
    activity = publish_activity()
    gone = publish_letter(is_withdrawn=True, change_note="重复")
    told = text(client, "/sitemap.xml")
    for path in (
        f"/commitments/{letter.letter_id}/",
        f"/commitments/agreements/{agreement.agreement_id}/",
        f"/activities/{activity.activity_id}/",
        "/organisations/",
    ):
        assert f"{path}</loc>" in told
    assert f"/commitments/{gone.letter_id}/</loc>" not in told
