"""The campaigns that come with the project, and who does what in them."""

import pytest

from catalog.campaigns import facts
from catalog.campaigns.models import Campaign, CampaignVersion, Organisation, OrganisationVersion, RoleVersion
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeded() -> None:
    facts.seed()


def names(slug: str, role: str) -> list[str]:
    roles = RoleVersion.objects.current().filter(campaign_slug=slug, role_code=role)
    return list(roles.in_order().values_list("organisation_name", flat=True))


def page(slug: str) -> CampaignVersion:
    return CampaignVersion.objects.current().get(campaign__slug=slug)


def test_the_third_campaign_has_another_sixth_department():
    assert len(names("2022", "department")) == len(names("2024-2026", "department")) == 6
    assert "国家乡村振兴局" in names("2023", "department")
    assert "国家乡村振兴局" not in names("2024-2026", "department")
    assert "国家广播电视总局" in names("2024-2026", "department")


def test_hosts_partners_and_the_support_institution_stand_in_their_campaign():
    assert names("2022", "host")[0] == "中国建筑材料联合会"
    assert len(names("2022", "host")) == 6
    assert names("2022", "support") == ["国检集团"]
    assert len(names("2022", "partner")) == 3
    assert names("2023", "partner") == []


def test_every_fact_names_its_source():
    assert not RoleVersion.objects.filter(source="").exists()
    assert not CampaignVersion.objects.filter(source="").exists()
    assert not OrganisationVersion.objects.filter(source="").exists()


def test_a_year_belongs_to_one_campaign():
    assert [Campaign.of_year(year).slug for year in (2022, 2023, 2026)] == ["2022", "2023", "2024-2026"]
    assert Campaign.of_year(2021) is None


def test_the_meeting_of_2022_has_the_points_of_seven_offices():
    said = {row["office"]: row["points"] for row in page("2022").deployments}
    assert len(said) == 7
    assert len(said["工业和信息化部原材料工业司"]) == 5
    assert all("着力" in point for point in said["工业和信息化部原材料工业司"])
    assert "增加认证供给" in said["市场监管总局认证监管司"]
    assert str(page("2022").meeting_on) == "2022-06-06"
    assert page("2022").meeting_source
    assert page("2023").deployments == []


def test_only_the_third_campaign_is_nationwide():
    assert [page(slug).is_nationwide for slug in ("2022", "2023", "2024-2026")] == [False, False, True]


def test_all_is_published_in_one_edition_and_only_once():
    facts.seed()
    assert Edition.objects.count() == 1
    assert (CampaignVersion.objects.count(), RoleVersion.objects.count()) == (3, 28)
    assert OrganisationVersion.objects.current().count() == Organisation.objects.count() == 17
    assert list(chain_faults()) == []
