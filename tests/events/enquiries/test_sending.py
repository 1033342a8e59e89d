"""Sending an enquiry: what is taken, what is refused in which words, and that one form makes one enquiry."""

import pytest
from django.core.cache import cache

from events.enquiries.models import Act, Enquiry
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition
from portal.core.files.models import StoredFile
from tests.catalog.publication.stories import on
from tests.make import make_division, make_product, make_user, publish_products
from tests.portal.core.files.uploads import photo

from .letters import WORDS, faults, office_of, opened, proof_for, received, sent, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place():
    return make_division("330000", "浙江省")


def test_a_complaint_is_taken_with_a_number_a_word_and_a_day_and_no_public_byte_changes(client):
    before = Edition.objects.count()
    response = sent(client)
    enquiry = Enquiry.objects.get()
    page = response.content.decode()
    assert enquiry.number in page
    assert response["Cache-Control"] == "no-store"
    assert (enquiry.state, enquiry.kind, enquiry.topic) == ("open", "complaint", "product")
    assert enquiry.text == WORDS["text"]
    assert [act.kind for act in enquiry.acts.all()] == ["received", "accepted"]
    assert Edition.objects.count() == before
    event = AuditEvent.objects.get(step="enquiry.received")
    assert event.target_name == enquiry.number
    assert "陈大明" not in str(event.details)


def test_the_word_is_kept_as_a_hash_alone(client):
    enquiry, word = received(client)
    stored = " ".join(str(value) for value in Enquiry.objects.filter(pk=enquiry.pk).values()[0].values())
    assert word not in stored
    assert word.replace("-", "") not in stored


def test_a_form_that_is_sent_twice_is_one_enquiry_with_one_receipt(client):
    form = opened(client)
    first, again = sent(client, form=form), sent(client, form=form)
    assert Enquiry.objects.count() == 1
    assert first.content == again.content
    changed = sent(client, form=form, text="另一回事")
    assert Enquiry.objects.count() == 1
    assert "没有另外收下" in changed.content.decode()
    assert "没有另外收下" not in again.content.decode()


def test_two_forms_are_two_enquiries(client):
    sent(client)
    sent(client)
    assert Enquiry.objects.count() == 2


@pytest.mark.parametrize("forged", ["", "x", "abc:def:ghi", "\x00", "1" * 5000])
def test_a_form_that_this_site_did_not_make_is_shown_again_with_the_text(client, forged):
    response = sent(client, form={"form": forged, "challenge": opened(client)["challenge"]})
    assert response.status_code == 400
    assert "请再按一次提交" in faults(response)
    assert WORDS["text"] in response.content.decode()
    assert not Enquiry.objects.exists()


def test_a_form_opened_four_days_ago_is_shown_again(client):
    with on(-4):
        form = opened(client)
    response = sent(client, form=form, is_proven=False)
    assert response.status_code == 400
    assert "打开得太久" in faults(response)


# -- what may be typed --


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "请写明内容"),
        ({"text": "  \u200b\u202e\x00 "}, "请写明内容"),
        ({"text": "字" * 10_000}, "最多 3,000 个字符，您写了 10,000 个"),
        ({"topic": ""}, "请选择事项"),
        ({"topic": "testing"}, "选择一个有效的选项"),
        ({"subject": ""}, "请写明投诉谁"),
        ({"subject": "长" * 201}, "最多 200 个字符，您写了 201 个"),
        ({"place": "990000"}, "选择一个有效的选项"),
        ({"place_detail": "长" * 101}, "最多 100 个字符，您写了 101 个"),
        ({"contact_name": "长" * 41}, "最多 40 个字符，您写了 41 个"),
        ({"contact_email": "不是邮箱"}, "这不是一个邮箱地址"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(client, change, sentence):
    response = sent(client, **change)
    assert response.status_code == 400
    assert sentence in faults(response)
    assert not Enquiry.objects.exists()
    for name, value in (WORDS | change).items():
        if name in ("contact_phone", "contact_name") and len(value) < 41:
            assert value in response.content.decode()


def test_what_nobody_can_see_is_taken_away_and_rare_characters_stay(client):
    enquiry, _word = received(client, text="开\x00裂\u202e了\u200b，𠮷屋顶\r\n\r\n\r\n\r\n第二段")
    assert enquiry.text == "开裂了，𠮷屋顶\n\n第二段"


def test_markup_is_text(client):
    enquiry, word = received(client, text="<script>alert(1)</script>", subject="<img src=x onerror=alert(1)>")
    page = client.post("/enquiries/follow/", {"number": enquiry.number, "word": word}).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# -- pictures --


def test_pictures_are_drawn_anew_and_kept_among_the_private_files(client):
    enquiry, _word = received(client, pictures=[upload(photo()), upload(photo(700, 500))])
    assert enquiry.photos.count() == 2
    assert not StoredFile.objects.exclude(root="private").exists()
    for size in enquiry.photos.first().shown.sizes:
        assert client.get(f"/files/{size.sha256}/{size.name}").status_code == 404


@pytest.mark.parametrize(
    ("uploads", "sentence"),
    [
        ([upload(b"<svg onload=alert(1)>", "x.jpg")], "第 1 张：打不开这张图片"),
        ([upload(photo()), upload(b"%PDF-1.4", "x.jpg")], "第 2 张：打不开这张图片"),
        ([upload(b"")], "空文件"),
        ([upload(photo(80, 80)) for _ in range(6)], "最多附 5 张照片，您选了 6 张"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_kept(client, uploads, sentence):
    response = sent(client, pictures=uploads)
    assert response.status_code == 400
    assert sentence in faults(response)
    assert not Enquiry.objects.exists()


def test_a_huge_picture_is_refused_before_it_is_opened(client, settings):
    settings.PICTURE_MAX_BYTES = 2 * 1024 * 1024
    response = sent(client, pictures=[upload(b"\xff\xd8" + b"0" * (2 * 1024 * 1024))])
    assert "超过 2 MB" in faults(response)
    settings.PICTURE_MAX_PIXELS = 1_000_000
    assert "百万像素" in faults(sent(client, pictures=[upload(photo(1400, 1000))]))


# -- who is a machine --


def test_without_a_script_an_enquiry_is_taken_and_waits_for_a_look(client):
    enquiry, _word = received(client, is_proven=False)
    assert enquiry.state == Enquiry.State.HELD
    assert [act.kind for act in enquiry.acts.all()] == [Act.Kind.RECEIVED]


def test_whoever_fills_the_hidden_field_waits_too(client):
    enquiry, _word = received(client, homepage="http://spam.example")
    assert (enquiry.state, enquiry.is_suspect, enquiry.is_proven) == (Enquiry.State.HELD, True, True)


def test_a_proof_belongs_to_its_form_and_is_no_good_for_another(client):
    first, second = opened(client), opened(client)
    stolen = proof_for(first["challenge"])
    enquiry, _word = received(client, form=second, is_proven=False, proof=stolen)
    assert enquiry.state == Enquiry.State.HELD


@pytest.mark.parametrize("garbage", ["x", "eyJ9", "e30=", "0" * 9999, "bnVsbA==", "W10="])
def test_a_proof_that_is_none_is_as_good_as_none(client, garbage):
    enquiry, _word = received(client, is_proven=False, proof=garbage)
    assert enquiry.state == Enquiry.State.HELD


def test_one_network_sends_so_many_an_hour_and_is_told_what_to_do(client, settings):
    settings.ENQUIRIES_AN_HOUR = 2
    sent(client)
    sent(client)
    third = sent(client)
    assert third.status_code == 429
    assert "您写的还在下面" in faults(third)
    assert WORDS["text"] in third.content.decode()
    assert sent(client, form=None).status_code == 429
    assert Enquiry.objects.count() == 2
    other = client.post("/enquiries/new/complaint/", {}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 400


def test_without_a_script_the_limits_are_narrower_for_one_and_for_all(client, settings):
    settings.UNPROVEN_ENQUIRIES_A_DAY = 1
    sent(client, is_proven=False)
    assert sent(client, is_proven=False).status_code == 429
    assert sent(client).status_code == 200
    cache.clear()
    settings.UNPROVEN_ENQUIRIES_OF_ALL_AN_HOUR = 0
    assert "现在收到的太多了" in faults(sent(client, is_proven=False))


@pytest.mark.parametrize("kind", ["question", "complaint", "correction", "objection"])
def test_a_form_is_never_stored_and_never_listed(client, kind):
    response = client.get(f"/enquiries/new/{kind}/")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"


def test_an_unknown_kind_or_parameter_is_told(client):
    assert client.get("/enquiries/new/praise/").status_code == 404
    assert client.get("/enquiries/new/question/?colour=red").status_code == 400
    assert client.get("/enquiries/new/question/?topic=fake").status_code == 400
    assert client.put("/enquiries/new/question/").status_code == 405


def test_what_a_page_says_need_not_be_typed_again(client):
    product = make_product()
    publish_products(product)
    address = f"/products/{product.lines.get().number}/"
    enquiry, _word = received(client, subject="", about=address)
    assert enquiry.about_title.startswith(product.name)
    assert sent(client, subject="").status_code == 400


@pytest.mark.parametrize(
    "address", ["/", "/products/", "/batches/", "/notices/", "/online/", "/enquiries/answers/", "/regions/"]
)
def test_the_way_from_every_public_page_to_a_correction_is_open(client, address):
    page = client.get(address).content.decode()
    for kind in ("correction", "complaint"):
        href = f"/enquiries/new/{kind}/?about={address}"
        if f'href="{href}"' in page:
            assert client.get(href).status_code == 200, href
    assert "/enquiries/new/correction/" in page


def test_a_region_page_leads_to_a_complaint_of_that_region(client):
    make_user("pilot_officer:330000")
    form = client.get("/enquiries/new/complaint/", {"about": "/regions/330000/"}).content.decode()
    assert '<option value="330000" selected>' in form
    enquiry, _word = received(client, "correction", about="/regions/330000/")
    assert office_of(enquiry) == ("pilot", "330000")
    assert enquiry.about_title == "浙江省（地区页面）"
    assert client.get("/enquiries/new/complaint/", {"about": "/regions/999999/"}).status_code == 400
