"""Campaigns and roles at the desk."""

import pytest

from catalog.campaigns.models import Campaign, CampaignRole, CampaignVersion, Organisation, RoleVersion
from portal.core.editions.models import Edition
from portal.core.pages import cache
from tests.make import make_campaign, make_campaign_page, make_user

pytestmark = pytest.mark.django_db
PAGES = "/admin/campaigns/campaignversion/"
ROLES = "/admin/campaigns/roleversion/"


def page_form(**fields) -> dict:
    usual = {
        "slug": "2027",
        "name": "2027年绿色建材下乡活动",
        "theme": "",
        "from_on": "2027-01-01",
        "until_on": "2027-12-31",
        "period": "2027年全年",
        "basis_number": "示例〔2027〕1号",
        "basis_title": "示例通知",
        "deployments": "示例司：要点一；要点二\n另一司：要点三",
        "meeting": "示例会议",
        "meeting_source": "会议报道",
        "source": "示例",
        "_save": "1",
    }
    return usual | fields


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def publish(client, root: str, version) -> None:
    assert client.post(f"{root}{version.pk}/submit/").status_code == 302
    client.force_login(make_user("reviewer"))
    assert client.get(f"{root}{version.pk}/change/").status_code == 200
    assert client.post(f"{root}{version.pk}/publish/").status_code == 302


def test_a_new_campaign_is_written_and_published_by_a_second_person(client, editor):
    assert client.post(f"{PAGES}add/", page_form()).status_code == 302
    version = CampaignVersion.objects.get()
    assert version.deployments == [
        {"office": "示例司", "points": ["要点一", "要点二"]},
        {"office": "另一司", "points": ["要点三"]},
    ]
    assert version.key == "campaign/2027"
    assert client.get("/campaigns/2027/").status_code == 404
    publish(client, PAGES, version)
    client.logout()
    cache.clear()
    assert "要点三" in client.get("/campaigns/2027/").content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"deployments": "没有要点的一行"}, "读不出单位和要点"),
        ({"until_on": "2026-01-01"}, "结束日期早于开始日期"),
        ({"work_plan": "安排"}, "工作安排须写明出处"),
        ({"slug": "2026"}, "已有这个地址名"),
    ],
)
def test_what_is_wrong_is_said(client, editor, fields, sentence):
    make_campaign(slug="2026")
    assert sentence in client.post(f"{PAGES}add/", page_form(**fields)).content.decode()
    assert not CampaignVersion.objects.exists()


def test_points_need_their_meeting_and_source(client, editor):
    client.post(f"{PAGES}add/", page_form(meeting="", meeting_source=""))
    response = client.post(f"{PAGES}{CampaignVersion.objects.get().pk}/submit/")
    assert response.status_code == 409
    assert "部署要点须写明是哪次会议提出的" in response.content.decode()


def test_the_address_stays_and_points_come_back_as_they_were_typed(client, editor):
    client.post(f"{PAGES}add/", page_form())
    version = CampaignVersion.objects.get()
    assert "示例司：要点一；要点二" in client.get(f"{PAGES}{version.pk}/change/").content.decode()
    client.post(f"{PAGES}{version.pk}/change/", page_form(slug="1999", theme="主题"))
    version.refresh_from_db()
    assert (version.campaign.slug, version.theme) == ("2027", "主题")
    assert Campaign.objects.count() == 1


def test_a_role_is_a_record_of_its_own(client, editor):
    campaign = make_campaign_page().campaign
    organisation = Organisation.objects.create(name="示例协会")
    form = {
        "campaign": campaign.pk,
        "organisation": organisation.pk,
        "part": "host",
        "position": "1",
        "source": "示例",
    }
    assert client.post(f"{ROLES}add/", form).status_code == 302
    version = RoleVersion.objects.get()
    assert (version.campaign_slug, version.organisation_name, version.role_code) == (
        campaign.slug,
        "示例协会",
        "host",
    )
    assert "已登记这个角色" in client.post(f"{ROLES}add/", form).content.decode()
    assert CampaignRole.objects.count() == 1
    before = Edition.objects.count()
    publish(client, ROLES, version)
    assert Edition.objects.count() == before + 1
    client.logout()
    cache.clear()
    assert "示例协会" in client.get(f"/campaigns/{campaign.slug}/").content.decode()


def test_a_pilot_officer_has_nothing_to_do_with_national_pages(client):
    version = make_campaign_page()
    client.force_login(make_user("pilot_officer:350000"))
    assert client.get(PAGES).status_code == 403
    assert client.get(f"{PAGES}{version.pk}/change/").status_code in (403, 404)
