"""What is said before a notice goes on: each fault and warning appears where it should, and not elsewhere."""

import datetime

import pytest

from events.notices.checks import faults, warnings
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.files.shown import Attachment, Picture
from portal.core.pages.links import fault_of, is_own
from tests.make import make_division, publish_products
from tests.portal.core.files.uploads import pdf, photo

from .make import make_version, put

pytestmark = pytest.mark.django_db
TOMORROW = clock.today() + datetime.timedelta(days=1)


def test_a_usual_notice_has_no_fault_and_no_warning():
    assert faults(make_version()) == []
    assert warnings(make_version()) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "没有选栏目"),
        ({"dated_on": None}, "没有写日期"),
        ({"dated_on": TOMORROW}, "日期晚于发布的那一天"),
        ({"source": ""}, "没有写来源"),
        ({"body": ""}, "正文是空的"),
        ({"kind": "policy"}, "发文机关"),
        ({"kind": "consultation", "contact": "电话"}, "截止日期"),
        ({"kind": "consultation", "open_until": TOMORROW}, "意见怎样反馈"),
        ({"kind": "consultation", "open_until": datetime.date(2020, 1, 1), "contact": "x"}, "早于"),
        ({"body": "<p>[图1]</p>"}, "正文里写着 [图1]，但没有这张图"),
        ({"body": '<p><a href="/notices/999/">x</a></p>'}, "链接 /notices/999/ 没有这一页"),
        ({"body": '<p><a href="/nowhere/">x</a></p>'}, "链接 /nowhere/ 没有这一页"),
        ({"body": '<p><a href="/notices/?colour=red">x</a></p>'}, "参数不对"),
        ({"body": '<p><a href="/admin/">x</a></p>'}, "内部页面"),
        ({"body": '<p><a href="/products/0000001-1/">x</a></p>'}, "没有这一页"),
        ({"body": f'<p><a href="/files/{"0" * 64}/a.pdf">x</a></p>'}, "没有这一页"),
        ({"body": '<p><a href="/static/none.css">x</a></p>'}, "没有这个文件"),
        ({"batches": ["2099-1"]}, "相关批次「2099-1」公众查不到"),
        ({"regions": ["999999"]}, "相关地区「999999」公众查不到"),
        ({"activities": ["999"]}, "相关活动「999」公众查不到"),
        ({"activities": ["一"]}, "相关活动「一」公众查不到"),
        ({"enterprises": ["91350000100000000X"]}, "相关企业「91350000100000000X」公众查不到"),
    ],
)
def test_each_fault_is_a_sentence(changes, sentence):
    found = faults(make_version(**changes))
    assert any(sentence in fault for fault in found), found
    assert all(fault.endswith("。") for fault in found)


@pytest.mark.parametrize(
    "changes",
    [
        {"dated_on": TOMORROW, "publish_on": TOMORROW},
        {"kind": "policy", "issuer": "某部", "document_number": "〔2022〕1号", "body": ""},
        {"kind": "consultation", "open_until": TOMORROW, "contact": "电话"},
        {"body": '<p><a href="https://nowhere.example/">站外的不查</a></p>'},
        {"body": '<p><a href="/static/site.css">x</a> <a href="/notices/?kind=news">y</a></p>'},
    ],
)
def test_what_is_right_is_let_through(changes):
    assert faults(make_version(**changes)) == []
    assert warnings(make_version(**changes)) == []


def test_a_link_is_right_once_its_row_is_really_public():
    version = put()
    linking = make_version(body=f'<p><a href="/notices/{version.notice_id}/">x</a></p>')
    assert faults(linking) == []
    draft = make_version()
    draft.save()
    linking = make_version(body=f'<p><a href="/notices/{draft.notice_id}/">x</a></p>')
    assert "没有这一页" in faults(linking)[0]


def test_what_it_is_about_is_right_once_the_public_can_read_it():
    make_division("350000")
    batch = publish_products()
    line = batch.enterprise_lines.get()
    version = make_version(batches=[batch.slug], regions=["350000"], enterprises=[line.uscc])
    assert faults(version) == []


def test_pictures_need_words_and_scans_a_transcript():
    picture = Picture.taken_in(photo(600, 400), alt="", caption="", by=None).as_value()
    scan = Attachment.taken_in(pdf(scan=True), title="批复", transcript="", by=None).as_value()
    found = "".join(faults(make_version(pictures=[picture], attachments=[scan])))
    for words in ("图1没有替代文字", "图1没有图注", "附件「批复」是扫描件"):
        assert words in found
    told = make_version(
        pictures=[picture | {"alt": "会场", "caption": "会场"}], attachments=[scan | {"transcript": "同意"}]
    )
    assert faults(told) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "最佳产品"}, "「最佳」"),
        ({"summary": "国家级"}, "「国家级」"),
        ({"body": "<p>世 界 级</p>"}, "「世界级」"),
        ({"kind": "policy"}, "没有文号"),
        ({"kind": "media"}, "没有原文链接"),
    ],
)
def test_each_warning_names_its_word(changes, words):
    assert any(words in warning for warning in warnings(make_version(**changes)))


def test_asking_after_links_changes_nothing(client):
    put()
    assert fault_of("/notices/") == ""
    assert Edition.objects.count() == 1


def test_own_addresses_are_known_with_and_without_the_host(settings):
    settings.SITE_URL = "https://portal.example"
    assert is_own("/notices/")
    assert is_own("https://portal.example/notices/")
    assert not is_own("https://other.example/notices/")
    assert not is_own("mailto:a@portal.example")
    assert fault_of("https://portal.example/nowhere/") == "没有这一页"
