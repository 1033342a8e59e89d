"""Organisations are records: what they are called is written, published by a second person, and read for ever."""

import pytest

from catalog.campaigns.models import Organisation, OrganisationVersion, RoleVersion
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults
from portal.core.pages import cache
from tests.make import make_campaign_page, make_user, publish_version

pytestmark = pytest.mark.django_db
DESK = "/admin/campaigns/organisationversion/"
ROLES = "/admin/campaigns/roleversion/"


def form(**fields) -> dict:
    usual = {
        "name": "示例协会",
        "short_name": "示协",
        "about": "示例简介。",
        "source": "示例文件",
        "_save": "1",
    }
    return usual | fields


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def make_version(name: str = "示例协会", *, of: Organisation | None = None, **said) -> OrganisationVersion:
    organisation = of or Organisation.objects.create(name=name)
    values = {"name": name, "source": "示例文件", "key": organisation.key}
    return publish_version(OrganisationVersion(organisation=organisation, **values | said))


def publish(client, version) -> None:
    assert client.post(f"{DESK}{version.pk}/submit/").status_code == 302
    assert client.post(f"{DESK}{version.pk}/publish/").status_code == 403
    client.force_login(make_user("reviewer"))
    assert client.post(f"{DESK}{version.pk}/publish/").status_code == 302
    client.logout()


def read(client, address: str, status: int = 200) -> str:
    cache.clear()
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_an_organisation_is_published_by_a_second_person(client, editor):
    assert client.post(f"{DESK}add/", form(website="example.cn")).status_code == 302
    version = OrganisationVersion.objects.get()
    address = f"/organisations/{version.organisation_id}/"
    assert "示例协会" not in read(client, "/organisations/")
    read(client, address, 404)
    before = Edition.objects.count()
    publish(client, version)
    assert Edition.objects.count() == before + 1
    page = read(client, address)
    assert all(
        words in page
        for words in ("示例协会", "简称 示协", "示例简介。", "https://example.cn", "来源</dt><dd>示例文件")
    )
    assert address in read(client, "/organisations/")
    assert address in read(client, "/sitemap.xml")
    assert list(chain_faults()) == []


def test_a_new_name_stands_from_its_edition_and_the_old_one_is_still_read(client, editor):
    old = make_version(short_name="旧简称")
    address = f"/organisations/{old.organisation_id}/"
    client.get(f"{DESK}{old.pk}/correct/")
    assert client.post(f"{DESK}{old.pk}/correct/").status_code == 302
    draft = OrganisationVersion.objects.open().get()
    changed = form(name="示例联合会", short_name="", about="", change_note="更名")
    assert client.post(f"{DESK}{draft.pk}/change/", changed).status_code == 302
    assert "示例联合会" not in read(client, address)
    publish(client, draft)
    now, then = read(client, address), read(client, f"{address}?edition={old.from_edition_id}")
    assert "<h1>示例联合会</h1>" in now
    assert "<h1>示例协会</h1>" in then
    assert "旧简称" in then
    assert "旧简称" not in now
    assert "更名" in now
    assert "示例联合会" in read(client, "/organisations/")
    assert "示例联合会" not in read(client, f"/organisations/?edition={old.from_edition_id}")
    assert Organisation.objects.get().name == "示例协会"


def test_a_role_names_the_organisation_as_it_is_called_when_the_role_is_written(client, editor):
    campaign = make_campaign_page().campaign
    organisation = make_version().organisation
    make_version("示例联合会", of=organisation)
    assert "示例联合会</option>" in client.get(f"{ROLES}add/").content.decode()
    role = {
        "campaign": campaign.pk,
        "organisation": organisation.pk,
        "part": "host",
        "position": 1,
        "source": "示例",
    }
    assert client.post(f"{ROLES}add/", role).status_code == 302
    assert RoleVersion.objects.get().organisation_name == "示例联合会"


def test_one_organisation_is_not_entered_twice(client, editor):
    organisation = make_version().organisation
    make_version("示例联合会", of=organisation)
    for name in ("示例协会", "示例联合会"):
        assert "已有这个名称的机构" in client.post(f"{DESK}add/", form(name=name)).content.decode()
    assert Organisation.objects.count() == 1


def test_words_of_advertising_need_a_reason(client, editor):
    client.post(f"{DESK}add/", form(about="国家级机构。"))
    version = OrganisationVersion.objects.get()
    refused = client.post(f"{DESK}{version.pk}/submit/")
    assert refused.status_code == 409
    assert "「国家级」属于广告用语" in refused.content.decode()
    assert client.post(f"{DESK}{version.pk}/submit/", {"reason": "照抄文件"}).status_code == 302


def test_what_is_withdrawn_leaves_the_list_and_keeps_its_page(client):
    version = make_version()
    client.force_login(make_user("reviewer"))
    assert client.post(f"{DESK}{version.pk}/withdraw/", {"reason": "录入有误"}).status_code == 302
    client.logout()
    assert "示例协会" not in read(client, "/organisations/")
    page = read(client, f"/organisations/{version.organisation_id}/")
    assert "已撤下" in page
    assert "录入有误" in page


def test_an_edition_before_the_first_version_says_that_nothing_was_public(client):
    first = make_version("示例甲协会")
    later = make_version("示例乙协会")
    page = read(client, f"/organisations/{later.organisation_id}/?edition={first.from_edition_id}")
    assert "还没有公开的内容" in page
