"""The desk of commitments."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events.commitments.models import (
    AdoptionVersion,
    AgreementVersion,
    ClaimVersion,
    LetterVersion,
    Signatory,
    TemplateVersion,
)
from portal.core.audit.models import AuditEvent, Change
from portal.core.editions.models import Edition
from tests.make import make_division, make_user
from tests.portal.core.files.uploads import pdf

from .make import (
    make_organisation,
    publish_adoption,
    publish_agreement,
    publish_claim,
    publish_letter,
    publish_template,
)

pytestmark = pytest.mark.django_db
ROOT = "/admin/commitments/"
NO_SCAN = {"scans-TOTAL_FORMS": "0", "scans-INITIAL_FORMS": "0", "_save": "1"}
LETTER = NO_SCAN | {
    "party_name": "示例甲建材有限公司",
    "signed": "2026-06-06",
    "promises": "保证质量\n配合活动",
    "standing": "in_force",
    "source": "示例来源",
}
TEMPLATE = {
    "title": "示例承诺书",
    "is_draft_text": "on",
    "clauses": "材料真实：提交的材料真实完整。\n质量合格：按标准组织生产。",
    "source": "示例来源",
    "_save": "1",
}
AGREEMENT = NO_SCAN | {
    "title": "示例合作协议",
    "parties": "甲方：支持机构\n乙方",
    "signed": "2026年6月",
    "promises": "提供咨询",
    "source": "示例来源",
}
ADOPTION = {
    "recognised_by": "示例市财政局",
    "recognised": "二星级及以上证书",
    "purpose": "政府采购评审加分",
    "document_title": "示例文件",
    "from_on": "2026-01-01",
    "source": "示例来源",
    "_save": "1",
}


def claim_values():
    return {
        "organisation": make_organisation().pk,
        "figure": "700余张",
        "statement": "颁发证书700余张。",
        "stated": "2022-06-06",
        "source": "示例来源",
        "_save": "1",
    }


def sign_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


def add(client, model, values):
    response = client.post(f"{ROOT}{model}/add/", values)
    return "" if response.status_code == 302 else response.content.decode()


def change(client, version, values):
    response = client.post(f"{ROOT}{version._meta.model_name}/{version.pk}/change/", values)
    version.refresh_from_db()
    return "" if response.status_code == 302 else response.content.decode()


def act(client, version, code, status=302, **values):
    response = client.post(f"{ROOT}{version._meta.model_name}/{version.pk}/{code}/", values)
    assert response.status_code == status, response.content.decode()
    version.refresh_from_db()
    return response.content.decode()


def through(client, version):
    """Submitted as who is signed in, published by another."""
    act(client, version, "submit")
    sign_in(client, "reviewer")
    assert client.get(f"{ROOT}{version._meta.model_name}/{version.pk}/change/").status_code == 200
    act(client, version, "publish")
    assert version.broken_fields() == []
    return version


@pytest.mark.parametrize(
    ("model", "values", "address"),
    [
        (LetterVersion, LETTER, "/commitments/{}/"),
        (TemplateVersion, TEMPLATE, "/commitments/templates/{}/"),
        (AgreementVersion, AGREEMENT, "/commitments/agreements/{}/"),
        (AdoptionVersion, ADOPTION, "/commitments/adoptions/{}/"),
        (ClaimVersion, None, "/organisations/claims/{}/"),
    ],
)
def test_every_record_goes_from_its_form_to_the_public(client, model, values, address):
    sign_in(client, "editor")
    assert add(client, model._meta.model_name, values or claim_values()) == ""
    version = through(client, model.objects.get())
    client.logout()
    assert client.get(address.format(version.identity.pk)).status_code == 200


@pytest.mark.parametrize(
    ("model", "values", "sentence"),
    [
        ("letterversion", LETTER | {"standing": "broken"}, "须写明日期和原因"),
        ("letterversion", LETTER | {"reply": "不服"}, "须一同填写"),
        ("letterversion", LETTER | {"uscc": "12345"}, "统一社会信用代码"),
        ("letterversion", LETTER | {"valid_until": "2025-01-01"}, "早于签署日期"),
        ("letterversion", LETTER | {"signed": "前年"}, "不是能识别的日期"),
        ("templateversion", TEMPLATE | {"clauses": "没有冒号的一条"}, "写成「标题：正文」"),
        ("templateversion", TEMPLATE | {"clauses": "同名：甲\n同名：乙"}, "条款标题重复"),
        ("agreementversion", AGREEMENT | {"ended_reason": "期满"}, "须一同填写"),
        ("adoptionversion", ADOPTION | {"until_on": "2025-01-01"}, "早于起始日期"),
        ("adoptionversion", ADOPTION | {"division": "火星"}, "没有这个行政区划"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client, model, values, sentence):
    sign_in(client, "editor")
    assert sentence in add(client, model, values)


def test_checks_before_review_are_sentences(client):
    sign_in(client, "editor")
    add(client, "letterversion", LETTER | {"promises": "", "signed": "2126-06-06"} | {"signed": "2099-06-06"})
    page = act(client, LetterVersion.objects.get(), "submit", 409)
    assert "没有说承诺了什么" in page
    assert "签署日期在今天之后" in page
    add(client, "agreementversion", AGREEMENT | {"parties": "只有一方"})
    assert "至少有两方" in act(client, AgreementVersion.objects.get(), "submit", 409)


def test_a_change_of_standing_is_a_new_version_and_a_break_without_reply_asks_why(client):
    first = publish_letter()
    sign_in(client, "editor")
    act(client, first, "correct")
    draft = LetterVersion.objects.latest("pk")
    broken = {
        "standing": "broken",
        "standing_on": "2026-07-01",
        "standing_reason": "以次充好",
        "change_note": "违约",
    }
    assert change(client, draft, LETTER | broken) == ""
    assert "没有企业的回应" in act(client, draft, "submit", 409)
    act(client, draft, "submit", reason="两次去函未复")
    sign_in(client, "reviewer")
    act(client, draft, "publish")
    assert LetterVersion.objects.filter(letter=first.letter).count() == 2
    assert LetterVersion.objects.public(1).get().standing == "in_force"
    assert LetterVersion.objects.current().get().standing == "broken"


def scan(**changes):
    return {
        "scans-TOTAL_FORMS": "1",
        "scans-0-file": SimpleUploadedFile("letter.pdf", pdf(scan=True)),
        "scans-0-title": "承诺书（已遮盖）",
        "scans-0-transcript": "我方承诺……［盖章］［签名已遮盖］",
        "is_redacted": "on",
    } | changes


def test_a_scan_stands_beside_its_words_and_is_public_with_the_letter_only(client):
    sign_in(client, "editor")
    assert "请先遮盖个人信息" in add(client, "letterversion", LETTER | scan(is_redacted=""))
    assert add(client, "letterversion", LETTER | scan()) == ""
    version = LetterVersion.objects.get()
    (shown,) = version.shown_scans
    assert client.get(shown.href).status_code == 404
    through(client, version)
    client.logout()
    page = client.get(f"/commitments/{version.letter_id}/").content.decode()
    assert "我方承诺……［盖章］" in page
    assert shown.href in page
    assert "扫描件未提供" not in page
    assert client.get(shown.href).status_code == 200


def test_a_scan_without_words_does_not_go_to_review(client):
    sign_in(client, "editor")
    add(client, "letterversion", LETTER | scan(**{"scans-0-transcript": ""}))
    assert "缺少文字稿" in act(client, LetterVersion.objects.get(), "submit", 409)


def test_a_new_wording_counts_up_and_letters_may_name_public_wordings_only(client):
    first = publish_template()
    sign_in(client, "editor")
    act(client, first, "correct")
    draft = TemplateVersion.objects.latest("pk")
    assert draft.ordinal == 2
    assert change(client, draft, TEMPLATE | {"change_note": "修订"}) == ""
    page = client.get(f"{ROOT}letterversion/add/").content.decode()
    assert "（第1稿）</option>" in page
    assert "（第2稿）</option>" not in page
    through(client, draft)
    assert [one.ordinal for one in TemplateVersion.objects.order_by("pk")] == [1, 2]


def test_the_signatory_is_kept_apart_and_seen_by_editors_alone(client):
    version = publish_letter()
    sign_in(client, "editor")
    page = client.get(f"{ROOT}letterversion/{version.pk}/change/").content.decode()
    assert f"/admin/commitments/signatory/add/?letter={version.letter_id}" in page
    values = {"letter": version.letter_id, "name": "张三丰", "title": "总经理", "_save": "1"}
    assert add(client, "signatory", values) == ""
    signatory = Signatory.objects.get()
    assert "张三丰" in client.get(f"{ROOT}signatory/{signatory.pk}/change/").content.decode()
    client.post(f"{ROOT}signatory/{signatory.pk}/change/", values | {"name": "李四"})
    assert Change.objects.filter(personal__name="张三丰").exists()
    assert not AuditEvent.objects.filter(target_name__contains="张三丰").exists()
    for role in ("reviewer", "auditor", "pilot_officer:350000", "administrator", "support"):
        sign_in(client, role)
        assert client.get(f"{ROOT}signatory/").status_code == 403, role
        assert client.get(f"{ROOT}signatory/{signatory.pk}/change/").status_code in (403, 404), role
        other = client.get(f"{ROOT}letterversion/{version.pk}/change/")
        assert 'class="btn quiet" href="/admin/commitments/signatory' not in other.content.decode()


def test_a_pilot_officer_writes_adoptions_of_the_own_region_and_no_letters(client):
    make_division()
    make_division("130000", "河北省")
    sign_in(client, "pilot_officer:350000")
    values = ADOPTION | {"scope": "350000", "division": "350000"}
    assert add(client, "adoptionversion", values) == ""
    assert "不在归口地区之内" in add(client, "adoptionversion", values | {"division": "130000"})
    for model in ("letterversion", "templateversion", "agreementversion", "claimversion"):
        assert client.get(f"{ROOT}{model}/").status_code == 403
        assert client.post(f"{ROOT}{model}/add/", LETTER).status_code == 403
    other = publish_adoption()
    assert client.get(f"{ROOT}adoptionversion/{other.pk}/change/").status_code == 404


def test_saving_drafts_changes_no_public_byte_and_no_edition(client):
    letter, template, agreement = publish_letter(), publish_template(), publish_agreement()
    adoption, claim = publish_adoption(), publish_claim()
    pages = [
        "/commitments/",
        f"/commitments/{letter.letter_id}/",
        "/commitments/templates/",
        f"/commitments/templates/{template.template_id}/",
        f"/commitments/templates/{template.template_id}/difference/",
        "/commitments/agreements/",
        f"/commitments/agreements/{agreement.agreement_id}/",
        "/commitments/adoptions/",
        f"/commitments/adoptions/{adoption.adoption_id}/",
        "/organisations/",
        f"/organisations/{claim.organisation_id}/",
        f"/organisations/claims/{claim.claim_id}/",
    ]
    before = [client.get(page).content for page in pages]
    editions = Edition.objects.count()
    sign_in(client, "editor")
    forms = {
        letter: LETTER | {"party_name": "改过的"},
        template: TEMPLATE | {"title": "改过的"},
        agreement: AGREEMENT | {"title": "改过的"},
        adoption: ADOPTION | {"recognised_by": "改过的"},
        claim: claim_values() | {"statement": "改过的"},
    }
    for public, values in forms.items():
        model = type(public)
        assert add(client, model._meta.model_name, values) == ""
        act(client, public, "correct")
        draft = model.objects.latest("pk")
        assert change(client, draft, values | {"change_note": "改"}) == ""
        act(client, draft, "submit")
    add(client, "signatory", {"letter": letter.letter_id, "name": "张三丰", "title": "", "_save": "1"})
    client.logout()
    assert [client.get(page).content for page in pages] == before
    assert Edition.objects.count() == editions
