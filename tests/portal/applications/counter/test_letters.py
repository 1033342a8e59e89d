"""A commitment letter: the clauses read, the PDF set, the sealed scan handed in, and ten minutes to take it back."""

import io

import pypdf
import pytest

from events.commitments.models import ClauseTemplate, TemplateVersion
from portal.applications.cases.models import Application
from portal.applications.cases.workflow import starting
from portal.applications.counter.making import letters
from portal.core.typesetting import TypesettingError
from tests.make import make_campaign, publish_version
from tests.portal.applications.making import enterprise_of, make_owner, picture

from .world import form_data, upload_of

pytestmark = pytest.mark.django_db


def make_wording(**changes) -> TemplateVersion:
    template = ClauseTemplate.objects.create()
    values = {
        "title": "绿色建材下乡承诺书",
        "preamble": "我单位郑重承诺：",
        "clauses": [
            {"title": "材料真实", "text": "提供的材料真实。"},
            {"title": "质量", "text": "保证质量。"},
        ],
        "closing": "以上承诺接受监督。",
        "source": "测试",
    }
    return publish_version(TemplateVersion(template=template, key=template.key, **(values | changes)))


@pytest.fixture
def owner(client):
    owner = make_owner()
    client.force_login(owner)
    return owner


def begin(client, owner) -> Application:
    campaign = make_campaign()
    path = f"/desk/enterprises/{enterprise_of(owner).uscc}/begin/commitment/"
    assert client.post(path, {"target": f"campaign:{campaign.slug}"}).status_code == 302
    return Application.objects.get()


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_from_the_clauses_to_the_sealed_scan_and_back_within_ten_minutes(client, owner):
    make_wording()
    application = begin(client, owner)
    fill = f"/desk/cases/{application.number}/fill/"
    assert "提供的材料真实" in client.get(fill).content.decode()
    typed = {
        "signed_on": application.created_at.date().isoformat(),
        "signatory_name": "张𠮷",
        "signatory_title": "经理",
    }
    assert client.post(fill, form_data(application, owner, **typed)).status_code == 302

    letter = client.get(f"/desk/cases/{application.number}/letter.pdf")
    assert letter["Content-Type"] == "application/pdf"
    words = text_of(letter.content).replace(" ", "").replace("\n", "")
    assert enterprise_of(owner).name in words
    assert "材料真实" in words
    assert "commitments/templates/" in words

    client.post(
        f"/desk/cases/{application.number}/papers/", {"purpose": "letter", "file": upload_of(picture())}
    )
    application.refresh_from_db()
    page = client.post(
        f"/desk/cases/{application.number}/hand-in/", {"revision": application.revision}, follow=True
    ).content.decode()
    assert "可撤回至" in page
    client.post(f"/desk/cases/{application.number}/withdraw/")
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_the_pdf_keeps_rare_characters_and_reads_nothing_as_markup(client, owner):
    make_wording(
        preamble="#eval(1) $x$ *粗* 𬭎𠮷 <b>",
        clauses=[{"title": "@标题", "text": "`代码` \\ 𫚭"}],
    )
    application = begin(client, owner)
    enterprise = enterprise_of(owner)
    enterprise.name = "示例𬭎𠮷建材#1公司"
    enterprise.save()
    application.refresh_from_db()
    content = client.get(f"/desk/cases/{application.number}/letter.pdf").content
    words = text_of(content)
    assert "#eval(1)" in words
    assert "𬭎" in words


@pytest.mark.parametrize("count", range(8, 20))
def test_signature_and_seal_stand_under_the_last_clause(client, owner, count):
    """However long the wording is: a sheet that is signed and sealed says something of what is promised."""
    clauses = [{"title": f"条款{place}", "text": "保证质量，" * 24} for place in range(count)]
    make_wording(clauses=clauses)
    application = begin(client, owner)
    pages = pypdf.PdfReader(io.BytesIO(letters.letter_pdf(application, TemplateVersion.objects.get()))).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    signed = next(text for text in texts if "盖在这里" in text)
    assert f"条款{count - 1}" in signed
    assert "以上承诺接受监督" in signed


def test_a_letter_that_would_look_wrong_is_not_printed(client, owner, monkeypatch, tmp_path):
    make_wording()
    application = begin(client, owner)
    broken = tmp_path / "broken.typ"
    broken.write_bytes(letters.LAYOUT.read_bytes().replace(b"Noto Serif CJK SC", b"No Such Font"))
    monkeypatch.setattr(letters, "LAYOUT", broken)
    with pytest.raises(TypesettingError, match="font"):
        letters.letter_pdf(application, TemplateVersion.objects.get())
    page = client.get(f"/desk/cases/{application.number}/letter.pdf", follow=True)
    assert "排不出来" in page.content.decode()


def test_the_code_leads_to_the_public_text(client, owner):
    wording = make_wording()
    application = begin(client, owner)
    assert application.values["template_version"] == wording.pk
    assert client.get(f"/commitments/templates/{wording.template_id}/").status_code == 200
    assert "<svg" in letters.qr_code("https://portal.example.cn/")


def test_a_draft_begun_under_an_older_wording_is_signed_under_the_present_one(client, owner):
    old = make_wording()
    application = begin(client, owner)
    new = publish_version(
        TemplateVersion(
            template=old.template,
            key=old.key,
            ordinal=2,
            title=old.title,
            clauses=[{"title": "新条款", "text": "新的承诺。"}],
            source="测试",
        )
    )
    fill = f"/desk/cases/{application.number}/fill/"
    page = client.get(fill)
    assert "新的承诺" in page.content.decode()
    assert f'name="template_version" value="{new.pk}"' in page.content.decode()
    outdated = form_data(application, owner, signed_on="2026-01-05", template_version=old.pk)
    again = client.post(fill, outdated)
    assert "请阅读现行的条款" in again.content.decode()
    assert f'name="template_version" value="{new.pk}"' in again.content.decode()
    application.refresh_from_db()
    typed = form_data(application, owner, signed_on="2026-01-05", template_version=new.pk)
    assert client.post(fill, typed).status_code == 302
    application.refresh_from_db()
    assert application.values["template_version"] == new.pk
    assert "新条款" in text_of(client.get(f"/desk/cases/{application.number}/letter.pdf").content)


def test_no_other_case_has_a_letter(client, owner):
    application = starting.start("change", by=owner, enterprise=enterprise_of(owner))
    assert client.get(f"/desk/cases/{application.number}/letter.pdf").status_code == 404
