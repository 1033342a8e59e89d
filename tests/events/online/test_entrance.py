"""The campaign's own part of a platform, and what its engineers are told of the rows that they fetch."""

import pytest

from catalog.publication.models import ReasonCode
from events.online import described
from events.online.models import PlatformVersion
from portal.core.pages.cache import clear
from portal.core.workflow import versions
from tests.make import make_user

from .shops import HOSTS, make_platform, read, sold

pytestmark = pytest.mark.django_db
PLATFORMS = "/admin/online/platformversion/"
ADDRESS = "https://mall.jd.com/green-countryside"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    clear()


def text(client, address: str = "/online/", status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_an_entrance_is_shown_first_once_a_second_person_has_published_it(client):
    make_platform("demo", name="示例商城", hosts=["mall.example.com"])
    platform = make_platform()
    assert text(client).count("尚未提供地址") == 2
    assert "京东尚未提供活动专区的地址" in text(client, "/online/enter/jd/", 404)
    client.force_login(make_user("editor"))
    current = PlatformVersion.objects.current().get(platform=platform)
    client.post(f"{PLATFORMS}{current.pk}/correct/")
    draft = PlatformVersion.objects.latest("pk")
    form = {
        "name": "京东",
        "hosts": "\n".join(HOSTS),
        "source": "测试",
        "change_note": "专区开了",
        "_save": "1",
    }
    for wrong, sentence in (
        ("https://evil.example/", "不在平台允许的主机里"),
        ("http://mall.jd.com/", "须以 https:// 开头"),
        ("javascript:alert(1)", "须以 https:// 开头"),
        ("https://mall.jd.com@evil.example/", "不能有用户名"),
    ):
        response = client.post(f"{PLATFORMS}{draft.pk}/change/", form | {"entrance": wrong})
        assert response.status_code == 200, wrong
        assert sentence in response.content.decode(), wrong
    assert client.post(f"{PLATFORMS}{draft.pk}/change/", form | {"entrance": ADDRESS}).status_code == 302
    assert client.post(f"{PLATFORMS}{draft.pk}/submit/").status_code == 302
    assert text(client).count("尚未提供地址") == 2
    client.force_login(make_user("reviewer"))
    assert client.post(f"{PLATFORMS}{draft.pk}/publish/").status_code == 302
    client.logout()
    clear()
    page = text(client)
    shown = page[page.index('id="platforms-h"') :]
    assert shown.index("京东：进入活动专区") < shown.index("示例商城")
    assert page.count("尚未提供地址") == 1
    assert "/online/enter/jd/" in page
    leaving = text(client, "/online/enter/jd/")
    assert ADDRESS in leaving
    assert "mall.jd.com" in leaving
    assert ADDRESS not in text(client, f"/online/?edition={current.from_edition_id}")
    draft.refresh_from_db()
    assert draft.broken_fields() == []


def test_an_entrance_ends_with_its_host(client):
    make_platform(entrance=ADDRESS)
    assert "进入活动专区" in text(client)
    make_platform(entrance=ADDRESS, hosts=["item.jd.com"], change_note="只留商品页")
    clear()
    page = text(client)
    assert "已不再提供地址" in page
    assert "尚未提供" not in page
    gone = text(client, "/online/enter/jd/", 410)
    assert "京东的活动专区已不再提供" in gone
    assert ADDRESS not in gone
    assert "没有公布过" in text(client, "/online/enter/nobody/", 404)


@pytest.mark.parametrize(
    ("entrance", "title"), [("", "线上平台已撤下"), (ADDRESS, "活动专区已不再提供")], ids=["never", "once"]
)
def test_the_entrance_of_a_withdrawn_platform_says_why(client, entrance, title):
    platform = make_platform(entrance=entrance)
    versions.withdraw(PlatformVersion, platform, by=make_user("reviewer"), reason="平台停业")
    clear()
    page = text(client, "/online/enter/jd/", 410)
    assert f"{title}</h1>" in page
    assert "平台停业" in page
    assert "尚未提供" not in page


def test_every_name_and_reason_of_the_rows_is_described(client):
    make_platform()
    sold()
    whole = read(client)
    changes = read(client, f"?since={whole['edition']}&since_day={whole['as_of']}")
    head, rows, since, row = (
        {name for name, *_ in names}
        for names in (described.HEAD, described.WHOLE, described.SINCE, described.ROW)
    )
    assert set(whole) == head | rows
    assert set(changes) == head | since
    assert set(whole["rows"][0]) == row
    codes = [code for code, _words in described.REASONS]
    assert len(codes) == len(set(codes))
    assert set(ReasonCode.values) < set(codes)
    page = text(client, "/online/feed/")
    assert "/online/jd.json" in page
    for code in codes:
        assert f"<code>{code}</code>" in page
    assert "/online/feed/" in text(client)
