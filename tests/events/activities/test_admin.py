"""The desk of activities and results."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.activities.models import Activity, ActivityVersion, Indicator, ResultVersion
from portal.core.editions.models import Edition
from tests.make import make_campaign, make_division, make_user
from tests.portal.core.files.uploads import drawing

from .make import make_indicator, publish_activity, publish_result

pytestmark = pytest.mark.django_db
ACTIVITIES = "/admin/activities/activityversion/"
RESULTS = "/admin/activities/resultversion/"
ACTIVITY = {
    "photographs-TOTAL_FORMS": "0",
    "photographs-INITIAL_FORMS": "0",
    "kind": "talk",
    "title": "示例宣讲进村",
    "starts": "2026-12-01",
    "from_time": "9:00",
    "until_time": "11:30",
    "place": "文化站",
    "source": "示例来源",
    "enterprises": "示例甲建材有限公司\n示例乙建材有限公司",
    "programme": "9:00 签到\n9:30 宣讲",
    "_save": "1",
}


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def add(client, where=ACTIVITIES, **values):
    response = client.post(f"{where}add/", values)
    return "" if response.status_code == 302 else response.content.decode()


def act(client, where, version, code, status=302, **values):
    response = client.post(f"{where}{version.pk}/{code}/", values)
    assert response.status_code == status, response.content.decode()
    version.refresh_from_db()
    return response.content.decode()


def test_an_activity_goes_from_the_form_to_the_public(client):
    campaign, division = make_campaign(), make_division()
    sign_in(client, "editor")
    values = ACTIVITY | {
        "campaign": campaign.pk,
        "division": division.code,
        "online_link": "https://example.cn",
    }
    assert add(client, **values) == ""
    version = ActivityVersion.objects.get()
    assert version.date_words == "2026年12月1日 9:00 至 11:30"
    assert [one["name"] for one in version.enterprises] == ["示例甲建材有限公司", "示例乙建材有限公司"]
    assert version.programme == ["9:00 签到", "9:30 宣讲"]
    act(client, ACTIVITIES, version, "submit")
    sign_in(client, "reviewer")
    assert client.get(f"{ACTIVITIES}{version.pk}/change/").status_code == 200
    act(client, ACTIVITIES, version, "publish")
    client.logout()
    page = client.get(f"/activities/{version.activity_id}/").content.decode()
    assert "示例宣讲进村" in page
    assert version.broken_fields() == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"starts": "去年"}, "不是能识别的日期"),
        ({"starts": ""}, "这个字段是必填项"),
        ({"ends": "2026-11-30"}, "结束日期早于开始"),
        ({"starts": "2026年12月"}, "不能写几时开始"),
        ({"online_link": "http://example.cn"}, "https://"),
        ({"online_link": "javascript:alert(1)"}, "网址"),
        ({"is_cancelled": "on"}, "取消须写明原因"),
        ({"enterprises": "示例甲 91350000MA0000000X"}, "第 1 行"),
        ({"until_time": "11:00", "from_time": ""}, "也请写几时开始"),
        ({"division": "火星"}, "没有这个行政区划"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, values, sentence):
    sign_in(client, "editor")
    assert sentence in add(client, **ACTIVITY | values)
    assert not ActivityVersion.objects.exists()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"starts": "2023年9月"}, "2023年9月"),
        ({"starts": "2024"}, "2024年"),
        ({"starts": "2023-09-05", "ends": "2023年10月"}, "2023年9月5日至2023年10月"),
    ],
)
def test_a_partial_date_stays_partial_through_the_form(client, typed, words):
    sign_in(client, "editor")
    assert add(client, **ACTIVITY | {"from_time": "", "until_time": ""} | typed) == ""
    version = ActivityVersion.objects.get()
    assert version.date_words == words
    page = client.get(f"{ACTIVITIES}{version.pk}/change/").content.decode()
    assert f'value="{version.starts.isoformat()}"' in page


def test_checks_before_review_are_sentences(client):
    sign_in(client, "editor")
    add(client, **ACTIVITY | {"place": "", "starts": "2026年12月", "from_time": "", "until_time": ""})
    version = ActivityVersion.objects.get()
    page = act(client, ACTIVITIES, version, "submit", 409)
    assert "缺少地点" in page
    assert "日期不到日" in page
    assert version.state == "draft"


def test_advertising_words_ask_for_a_reason(client):
    sign_in(client, "editor")
    add(client, **ACTIVITY | {"title": "国家级最佳产品展"})
    version = ActivityVersion.objects.get()
    assert "广告用语" in act(client, ACTIVITIES, version, "submit", 409)
    act(client, ACTIVITIES, version, "submit", reason="照录来源标题")


def test_a_pilot_officer_works_in_the_own_region_alone(client):
    make_division()
    hebei = make_division("130000", "河北省")
    national = publish_activity(title="全国的")
    other = publish_activity(title="河北的", scope="130000", division=hebei)
    sign_in(client, "pilot_officer:350000")
    assert "不归您负责" in add(client, **ACTIVITY | {"scope": "130000"})
    assert "不归您负责" in add(client, **ACTIVITY | {"scope": "130000", "division": "130000"})
    assert "不在归口地区之内" in add(client, **ACTIVITY | {"scope": "350000", "division": "130000"})
    assert add(client, **ACTIVITY | {"scope": "350000", "division": "350000"}) == ""
    own = ActivityVersion.objects.latest("pk")
    assert own.activity.scope == "350000"
    for version in (national, other):
        assert client.get(f"{ACTIVITIES}{version.pk}/change/").status_code == 404
        assert client.post(f"{ACTIVITIES}{version.pk}/correct/").status_code == 404
    listed = client.get(ACTIVITIES).content.decode()
    assert "示例宣讲进村" in listed
    assert "河北的" not in listed


def test_a_pilot_officer_does_not_publish_the_own_draft(client):
    make_division()
    officer = sign_in(client, "pilot_officer:350000")
    add(client, **ACTIVITY | {"scope": "350000", "division": "350000"})
    version = ActivityVersion.objects.get()
    act(client, ACTIVITIES, version, "submit")
    act(client, ACTIVITIES, version, "publish", 403)
    sign_in(client, "pilot_officer:350000")
    act(client, ACTIVITIES, version, "publish")
    assert version.created_by == officer


def test_a_cancellation_is_a_new_version(client):
    first = publish_activity(title="陶瓷巡展", place="广场")
    sign_in(client, "editor")
    act(client, ACTIVITIES, first, "correct")
    draft = ActivityVersion.objects.latest("pk")
    values = ACTIVITY | {"title": "陶瓷巡展", "is_cancelled": "on", "cancelled_reason": "台风"}
    response = client.post(f"{ACTIVITIES}{draft.pk}/change/", values | {"change_note": "取消"})
    assert response.status_code == 302
    act(client, ACTIVITIES, draft, "submit")
    sign_in(client, "reviewer")
    act(client, ACTIVITIES, draft, "publish")
    assert ActivityVersion.objects.current().get().cancelled_reason == "台风"


def photograph(**changes):
    return {
        "photographs-TOTAL_FORMS": "1",
        "photographs-0-file": SimpleUploadedFile("photo.png", drawing()),
        "photographs-0-alt": "村口的展板",
        "photographs-0-caption": "展板",
        "photographs-0-consent": "没有能认出的人",
    } | changes


def test_a_photograph_is_public_with_the_activity_and_not_before(client):
    sign_in(client, "editor")
    assert add(client, **ACTIVITY | photograph()) == ""
    version = ActivityVersion.objects.get()
    (shown,) = version.shown_photographs
    href = shown.middle.href
    act(client, ACTIVITIES, version, "submit")
    assert client.get(href).status_code == 404
    reviewer = sign_in(client, "reviewer")
    assert "村口的展板" in client.get(f"{ACTIVITIES}{version.pk}/change/").content.decode()
    act(client, ACTIVITIES, version, "publish")
    assert version.reviewed_by == reviewer
    client.logout()
    page = client.get(f"/activities/{version.activity_id}/").content.decode()
    assert 'alt="村口的展板"' in page
    assert "没有能认出的人" in page
    assert client.get(href)["Content-Type"] == "image/webp"
    assert version.broken_fields() == []


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [("photographs-0-alt", "请写替代文字"), ("photographs-0-consent", "是否同意公开")],
)
def test_a_photograph_needs_words_and_consent(client, lacking, sentence):
    sign_in(client, "editor")
    assert sentence in add(client, **ACTIVITY | photograph(**{lacking: ""}))
    assert not ActivityVersion.objects.exists()


def test_two_who_write_at_once_do_not_overwrite_each_other(client):
    sign_in(client, "editor")
    add(client, **ACTIVITY)
    version = ActivityVersion.objects.get()
    where = f"{ACTIVITIES}{version.pk}/change/"
    seen = client.get(where).context["adminform"].form.initial["seen"]
    assert client.post(where, ACTIVITY | {"title": "第一人的", "seen": seen}).status_code == 302
    response = client.post(where, ACTIVITY | {"title": "第二人的", "seen": seen})
    assert "被别人改过" in response.content.decode()
    version.refresh_from_db()
    assert version.title == "第一人的"


def test_a_result_is_typed_in_its_unit_and_kept_in_whole_numbers(client):
    sales = make_indicator("sales", unit="万元", decimals=6)
    sign_in(client, "editor")
    values = {
        "indicator": sales.pk,
        "amount": "12.3456",
        "period": "2026年第二季度",
        "stated_by": "示例单位",
        "source": "简报",
        "_save": "1",
    }
    assert add(client, RESULTS, **values) == ""
    version = ResultVersion.objects.get()
    assert (version.value, version.amount, version.period) == (12_345_600, "12.3456", "2026年第二季度")
    page = client.get(f"{RESULTS}{version.pk}/change/").content.decode()
    assert 'value="2026年第二季度"' in page
    talks = make_indicator("talks", unit="场")
    assert "最多 0 位小数" in add(client, RESULTS, **values | {"indicator": talks.pk})
    assert "不是能识别的日期" in add(client, RESULTS, **values | {"period": "近年"})
    assert "没有这个编号的活动" in add(client, RESULTS, **values | {"activity": "999"})


def test_an_indicator_that_figures_rest_on_is_not_reworded(client):
    used, free = publish_result().indicator, make_indicator("free")
    sign_in(client, "editor")
    values = {"code": "x", "name": "改过的名字", "unit": "个", "decimals": "0", "position": "1", "_save": "1"}
    for indicator in (used, free):
        client.post(
            reverse("admin:activities_indicator_change", args=[indicator.pk]),
            values | {"code": indicator.code},
        )
    assert Indicator.objects.get(pk=used.pk).name != "改过的名字"
    assert Indicator.objects.get(pk=free.pk).name == "改过的名字"


PAGES = (
    "/activities/",
    "/activities/calendar/?month=2026-12",
    "/activities/calendar.ics",
    "/activities/results/",
    "/activities/1/",
)


def test_saving_drafts_changes_no_public_byte_and_no_edition(client):
    first = publish_activity(title="公开的一场")
    figure = publish_result(activity=first.activity)
    pages = [*PAGES, f"/activities/{first.activity_id}/", f"/activities/results/{figure.result_id}/"]
    before = [client.get(page).content for page in pages]
    sign_in(client, "editor")
    assert add(client, **ACTIVITY) == ""
    act(client, ACTIVITIES, first, "correct")
    draft = ActivityVersion.objects.latest("pk")
    client.post(f"{ACTIVITIES}{draft.pk}/change/", ACTIVITY | {"title": "改过的名称", "change_note": "改名"})
    draft.refresh_from_db()
    assert draft.title == "改过的名称"
    act(client, ACTIVITIES, draft, "submit")
    act(client, RESULTS, figure, "correct")
    values = {"name": "新指标", "unit": "个", "code": "new", "decimals": "0", "position": "9", "_save": "1"}
    client.post("/admin/activities/indicator/add/", values)
    assert Indicator.objects.filter(code="new").exists()
    client.logout()
    assert [client.get(page).content for page in pages] == before
    assert Edition.objects.count() == 2
