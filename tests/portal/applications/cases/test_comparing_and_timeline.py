"""What a case asks for beside what stands, what a correction changed, and the story of a case to the list and beyond."""

import datetime

import pytest

from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import workflow
from portal.applications.cases.comparing import against_current, shown_values, since_return
from portal.applications.cases.reasons import Reason
from portal.applications.cases.timeline import timeline
from portal.applications.cases.workflow import drafting, handling
from portal.applications.review import deciding
from portal.applications.review.deciding import ItemDecision
from portal.core.editions import clock
from tests.make import make_campaign, make_division, make_enterprise, make_product, make_user
from tests.portal.applications.making import (
    add_paper,
    approve,
    draft_change,
    draft_product,
    draft_register,
    draft_renewal,
    hand_in,
    item_rows,
    items_of,
    make_owner,
    publish_draft,
)

from .test_drafting import save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _campaign():
    make_campaign()


def changed(rows) -> dict[str, tuple[str, str]]:
    return {row.label: (row.current, row.proposed) for row in rows if row.is_changed}


def test_a_change_stands_beside_the_register_in_words():
    make_division("350583", "南安市", "county", make_division("350000"))
    enterprise = make_enterprise(sells_in="350000")
    case = hand_in(draft_change(make_owner(enterprise), division="350583", sells_in="全国"))
    rows = against_current(case)
    assert changed(rows) == {
        "所在地": ("福建省", "福建省 南安市"),
        "销售范围": ("福建省", "全国"),
    }
    assert [row.label for row in rows if not row.is_changed][:1] == ["企业名称"]
    assert "13812341234" not in str(rows)


def test_a_renewal_stands_beside_the_old_certificate():
    product = make_product()
    case = hand_in(draft_renewal(make_owner(product.enterprise), product.certificate))
    rows = changed(against_current(case))
    assert rows["证书编号"] == (product.certificate.number, f"{product.certificate.number}R")
    assert "认证等级" not in rows
    approve(case)
    case.refresh_from_db()
    assert against_current(case)


def test_a_new_registration_stands_beside_nothing():
    case = hand_in(draft_register())
    assert {row.current for row in against_current(case)} == {""}
    words = {label: shown for _field, label, shown in shown_values(case)}
    assert words["本人是法定代表人"] == ""
    assert words["所在地"] == "福建省"


def test_a_correction_shows_what_it_changed_and_nothing_else():
    case = hand_in(draft_product(count=3))
    assert since_return(case) == []
    lines = items_of(case)
    verdict = ItemDecision("returned", [Reason("items", "models_differ")])
    case = approve(case, items={lines[1].pk: verdict, lines[2].pk: verdict})
    add_paper(case, "other", content="new")
    rows = [{"id": lines[1].pk, **item_rows(2)[1], "models_text": "2.0 mm"}, item_rows(7)[6]]
    case = drafting.set_items(case, by=case.created_by, rows=rows, revision=case.revision)
    case = hand_in(case)
    told = [(row.label, row.current, row.proposed) for row in since_return(case)]
    assert told == [
        ("产品", "示例卷材2号；1.5 mm；示例牌；防水卷材", "示例卷材2号；2.0 mm；示例牌；防水卷材"),
        ("产品", "示例卷材3号；1.5 mm；示例牌；防水卷材", ""),
        ("产品", "", "示例卷材7号；1.5 mm；示例牌；防水卷材"),
        ("材料", "", "其他材料《other.pdf》"),
    ]


def test_a_corrected_field_is_told():
    case = deciding.send_back(
        hand_in(draft_register()), by=make_user("reviewer"), reasons=[Reason("phone", "wrong")]
    )
    case = hand_in(save(case, phone="0592-9999999"))
    assert changed(since_return(case)) == {"单位电话": ("0592-1234567", "0592-9999999")}


# -- the story ----------------------------------------------------------------------------------------------------------


def words(case, *, for_office=False) -> list[str]:
    return [event.words for event in timeline(case, for_office=for_office)]


def test_the_story_goes_on_after_the_approval_to_the_list():
    case = approve(hand_in(draft_product(count=2)))
    batch = Batch.objects.get()
    assert words(case)[:2] == ["提交", "通过"]
    assert words(case)[2].startswith(f"编入{batch.title}")
    editor = make_user("editor")
    batch = workflow.submit(batch, by=editor)
    batch = workflow.approve(batch, by=make_user("publisher"), digest=batch.digest)
    batch = workflow.open_notice(batch, by=make_user("publisher"))
    story = timeline(case, for_office=False)
    notice = next(event for event in story if "公示至" in event.words)
    assert notice.words == f"批次 {batch.slug} 公示至 {batch.notice_until.isoformat()}"
    assert notice.href == f"/batches/{batch.slug}/"
    past = clock.today() - datetime.timedelta(days=9)
    Batch.objects.filter(pk=batch.pk).update(notice_from=past, notice_until=past)
    workflow.publish(batch, by=make_user("publisher"))
    published = next(e for e in timeline(case, for_office=False) if e.words == f"批次 {batch.slug} 公布")
    numbers = ProductLine.objects.current().order_by("position").values_list("number", flat=True)
    assert published.detail == f"清单编号 {'、'.join(numbers)}"


def test_the_enterprise_reads_offices_and_no_internal_notes():
    reviewer = make_user("reviewer", last_name="陈", first_name="大明")
    case = hand_in(draft_register())
    handling.say(case, by=reviewer, text="内部看法", is_internal=True)
    handling.say(case, by=reviewer, text="请补执照")
    handling.assign(case, by=reviewer, to=reviewer)
    theirs = timeline(case, for_office=False)
    assert [event.words for event in theirs] == ["提交", "留言"]
    assert (theirs[1].who, theirs[1].detail) == ("推进组", "请补执照")
    ours = timeline(case, for_office=True)
    assert [event.words for event in ours] == ["提交", "内部备注", "留言", "分派"]
    assert ours[2].who == "陈大明"
    assert ours[3].detail == "由 陈大明 承办"


def test_reasons_are_told_in_words():
    case = deciding.send_back(
        hand_in(draft_register()), by=make_user("reviewer"), reasons=[Reason("name", "differs")], text="请改"
    )
    assert timeline(case, for_office=False)[-1].details == ["企业名称：与营业执照上的名称不一致", "请改"]


def test_a_cancelled_batch_is_told():
    case = approve(hand_in(draft_product()))
    editor = make_user("editor")
    workflow.cancel(Batch.objects.get(), by=editor, reason="内部原因")
    last = timeline(case, for_office=False)[-1]
    assert "已取消" in last.words
    assert "内部原因" not in last.detail


def test_the_story_costs_the_same_for_one_product_and_for_many(django_assert_max_num_queries):
    case = approve(hand_in(draft_product(count=30)))
    publish_draft()
    with django_assert_max_num_queries(8):
        timeline(case, for_office=False)
