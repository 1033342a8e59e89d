"""Partners and their letters as visitors read them."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from events.commitments.models import LetterVersion, Signatory
from portal.core.editions.models import Edition
from tests.events.activities.make import publish_activity
from tests.make import make_campaign, make_product, publish_products

from .make import make_letter, make_organisation, publish_agreement, publish_letter, publish_template

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 24, 4, tzinfo=datetime.UTC)
BROKEN = {
    "standing": "broken",
    "standing_on": datetime.date(2026, 11, 20),
    "standing_reason": "以未获证产品冒充获证产品",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON, tick=False):
        yield


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_a_letter_says_who_signed_what_and_where(client):
    activity = publish_activity(title="示例启动会").activity
    template = publish_template()
    version = publish_letter(
        activity=activity,
        campaign=make_campaign(),
        template_version=template,
        organisation=make_organisation("示例甲建材有限公司"),
    )
    page = text(client, f"/commitments/{version.letter_id}/")
    for words in (
        "示例甲建材有限公司",
        "2026年6月6日",
        "示例启动会",
        "提交的材料真实完整",
        "示例来源",
        "扫描件未提供",
        "有效",
    ):
        assert words in page
    assert f"/commitments/templates/{template.template_id}/?edition={template.from_edition_id}" in page


def test_the_signatory_is_nowhere_public(client):
    version = publish_letter()
    Signatory.objects.create(letter=version.letter, name="张三丰", title="总经理")
    for address in (f"/commitments/{version.letter_id}/", "/commitments/", "/search/?q=张三丰"):
        page = text(client, address).replace('value="张三丰"', "").replace("「张三丰」", "")
        assert "总经理" not in page
    assert "张三丰" not in text(client, f"/commitments/{version.letter_id}/")
    assert not {"signatory", "name"} & set(LetterVersion.SEALED)
    assert "张三丰" not in str(version.hashes) + str(version.salts)


def test_a_broken_letter_stays_with_reason_and_reply_and_reads_as_before_as_of_the_day_before(client):
    with time_machine.travel(NOON - datetime.timedelta(days=3), tick=False):
        first = publish_letter()
    publish_letter(
        first.letter,
        replaces=first,
        change_note="违约",
        reply="已整改，正在申诉。",
        replied_on=datetime.date(2026, 11, 22),
        **BROKEN,
    )
    address = f"/commitments/{first.letter_id}/"
    page = text(client, address)
    for words in ("违约撤销", "以未获证产品冒充获证产品", "已整改，正在申诉"):
        assert words in page
    assert "违约撤销" in text(client, "/commitments/?state=broken")
    yesterday = text(client, f"{address}?as_of=2026-11-23")
    assert "以未获证产品" not in yesterday
    assert "您看到的是" in yesterday
    assert "示例甲建材" in text(client, "/commitments/?state=in_force&as_of=2026-11-23")
    assert "示例甲建材" not in text(client, "/commitments/?state=in_force")


def test_the_end_of_a_letter_is_computed_for_the_day_read_the_last_day_inclusive(client):
    version = publish_letter(valid_until=datetime.date(2026, 11, 24))
    address = f"/commitments/{version.letter_id}/"
    assert "到期" not in text(client, address).split("历次变化")[0].split("签署信息")[0]
    assert "1 份承诺书" in text(client, "/commitments/?state=in_force")
    with time_machine.travel(NOON + datetime.timedelta(days=1), tick=False):
        assert "到期" in text(client, address).split("签署信息")[0]
        assert "1 份承诺书" in text(client, "/commitments/?state=expired")
        assert "0 份承诺书" in text(client, "/commitments/?state=in_force")
        assert "1 份承诺书" in text(client, "/commitments/?state=in_force&as_of=2026-11-24")
    assert Edition.objects.count() == 1


def test_counts_by_state_and_year_lead_to_their_rows(client):
    publish_letter(party_name="甲")
    publish_letter(party_name="乙", signed_on=datetime.date(2025, 1, 1))
    publish_letter(party_name="丙", **BROKEN)
    page = text(client, "/commitments/")
    assert '<a href="/commitments/?state=in_force&amp;year=2025">1</a>' in page
    assert '<a href="/commitments/?state=in_force">2</a>' in page
    assert '<a href="/commitments/?state=broken&amp;year=2026">1</a>' in page
    rows = text(client, "/commitments/?state=in_force&year=2025")
    assert ">乙</a>" in rows
    assert ">甲</a>" not in rows
    assert ">丙</a>" not in rows


@pytest.mark.parametrize("query", ["state=nice", "year=26", "kind=x", "page=9", "state=in_force&state=x"])
def test_nonsense_is_told(client, query):
    text(client, f"/commitments/?{query}", 400)


def test_every_wrong_value_is_named_at_once_and_what_is_right_is_kept(client):
    page = text(client, "/commitments/?state=nice&state=broken&year=26", 400)
    for words in (
        "「状态」没有「nice」这个值。",
        "「签署年份」没有「26」这个值。",
        'href="/commitments/?state=broken"',
    ):
        assert words in page


def test_a_withdrawn_promise_is_not_a_withdrawn_page(client):
    promise = publish_letter(
        party_name="撤回承诺的",
        standing="withdrawn",
        standing_on=datetime.date(2026, 7, 1),
        standing_reason="不再参加",
    )
    page = publish_letter(party_name="发错的", is_withdrawn=True, change_note="重复收录")
    listed = text(client, "/commitments/")
    assert "撤回承诺的" in listed
    assert "发错的" not in listed
    assert "不再参加" in text(client, f"/commitments/{promise.letter_id}/")
    assert "重复收录" in text(client, f"/commitments/{page.letter_id}/")


def test_drafts_and_numbers_never_given_are_not_found(client):
    draft = make_letter()
    draft.save()
    text(client, f"/commitments/{draft.letter_id}/", 404)
    text(client, "/commitments/9999/", 404)
    text(client, "/commitments/99999999999999999999/", 404)


def test_an_edition_before_the_letter_says_when_it_came(client):
    publish_letter()
    later = publish_letter(party_name="后来的")
    page = text(client, f"/commitments/{later.letter_id}/?edition=1")
    assert "当时尚未公布" in page
    assert "后来的" not in page


def test_the_enterprise_page_shows_its_letters(client):
    product = make_product()
    publish_products(product)
    uscc = product.enterprise.uscc
    version = publish_letter(party_name="签署时的名称", uscc=uscc, **BROKEN)
    publish_letter(party_name="别家的")
    page = text(client, f"/enterprises/{uscc}/")
    assert "签署时的名称" in page
    assert "违约撤销" in page
    assert "别家的" not in page
    assert f'href="/enterprises/{uscc}/"' in text(client, f"/commitments/{version.letter_id}/")


def test_the_activity_shows_what_was_signed_at_it(client):
    activity = publish_activity(title="示例启动会").activity
    publish_letter(activity=activity)
    publish_agreement(activity=activity)
    publish_letter(party_name="别处签的")
    page = text(client, f"/activities/{activity.pk}/")
    assert "示例甲建材有限公司" in page
    assert "示例合作协议" in page
    assert "别处签的" not in page


def test_the_list_and_the_letter_cost_the_same_for_one_and_for_many(client, django_assert_num_queries):
    version = publish_letter(campaign=make_campaign())
    with django_assert_num_queries(5) as few:
        client.get("/commitments/")
    with django_assert_num_queries(3):
        client.get(f"/commitments/{version.letter_id}/")
    for number in range(19):
        publish_letter(party_name=f"企业{number}", campaign=make_campaign())
    with django_assert_num_queries(len(few)):
        client.get("/commitments/")


@pytest.mark.parametrize(
    "values",
    [
        {"standing": "broken"},
        {"standing": "withdrawn", "standing_on": datetime.date(2026, 7, 1)},
        {"standing_reason": "有原因却有效"},
        {"reply": "没有日期的回应"},
        {"valid_until": datetime.date(2026, 1, 1)},
        {"standing": "expired", "standing_on": datetime.date(2025, 7, 1), "standing_reason": "早于签署"},
    ],
)
def test_the_database_refuses_what_must_never_be_untrue(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_letter(**values).save()
