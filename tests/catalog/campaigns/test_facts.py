"""The campaigns that come with the project, and who does what in them."""

import pytest

from catalog.campaigns import facts
from catalog.campaigns.models import Campaign, CampaignRole

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeded() -> None:
    facts.seed()


def names(slug: str, role: str) -> list[str]:
    roles = CampaignRole.objects.filter(campaign__slug=slug, role=role)
    return list(roles.order_by("position").values_list("organisation__name", flat=True))


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
    assert not CampaignRole.objects.filter(source="").exists()
    assert not Campaign.objects.filter(source="").exists()


def test_a_year_belongs_to_one_campaign():
    assert [Campaign.of_year(year).slug for year in (2022, 2023, 2026)] == ["2022", "2023", "2024-2026"]
    assert Campaign.of_year(2021) is None
