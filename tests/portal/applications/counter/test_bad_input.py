"""What nobody should type, typed into every form of the desk: a sentence or a sound page, never a fault, nothing lost."""

from dataclasses import dataclass, field

import pytest

from portal.applications.cases.models import Application
from portal.applications.cases.workflow import starting
from tests.make import make_campaign, make_certificate, make_product
from tests.portal.applications.making import (
    draft_change,
    draft_product,
    draft_register,
    draft_renewal,
    enterprise_of,
    make_owner,
)

from .world import World, form_data, upload_of

pytestmark = pytest.mark.django_db

NASTY = {
    "nul": "示例\x00建材",
    "four bytes": "示例𠮷𬭎建材",
    "ten thousand": "长" * 10_000,
    "homoglyph": "ЅL-СGР-0001",
    "bidi": "示例\u202e材建\u202c",
    "html": "<script>alert(1)</script>示例",
    "formula": '=HYPERLINK("http://x","示例")',
    "spaces": "   \u3000 ",
    "half a pair": "示例\ud800建材".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
}


@dataclass
class Form:
    """A form of the desk: where it is sent, and the names of its fields that hold text."""

    path: str
    fields: tuple[str, ...]
    fixed: dict = field(default_factory=dict)


def fill_form(application: Application, user, *fields: str) -> Form:
    return Form(f"/desk/cases/{application.number}/fill/", fields, form_data(application, user))


def forms(name: str, client) -> Form:
    world = World()
    owner = world.people["owner"]
    client.force_login(owner)
    number, uscc = world.application.number, world.enterprise.uscc
    revision = form_data(world.application, owner, revision=world.application.revision)
    if name == "register":
        return fill_form(
            draft_register(owner),
            owner,
            *(
                "name",
                "division",
                "address",
                "phone",
                "website",
                "sells_in",
                "contact_person",
                "contact_phone",
            ),
        )
    if name == "change":
        return fill_form(
            draft_change(owner), owner, "name", "renamed_on", "rename_evidence", "phone", "website"
        )
    if name == "product":
        return fill_form(
            draft_product(owner, number="SL-ANOTHER-1"),
            owner,
            *(
                "publisher",
                "body",
                "number",
                "star",
                "applicant_name",
                "standard",
                "issued_on",
                "valid_until",
            ),
        )
    if name == "renewal":
        old = make_certificate()
        make_product(enterprise=world.enterprise, certificate=old)
        return fill_form(draft_renewal(owner, old), owner, "body", "number", "factory_name", "valid_until")
    if name == "withdraw":
        application = starting.start("withdraw", by=owner, enterprise=world.enterprise)
        return fill_form(application, owner, "scope", "reason")
    if name == "commitment":
        campaign = make_campaign()
        application = starting.start(
            "commitment", by=owner, enterprise=world.enterprise, target=f"campaign:{campaign.slug}"
        )
        return fill_form(application, owner, "campaign", "signed_on", "valid_until", "signatory_name")
    return {
        "find": Form("/desk/register/", ("uscc",)),
        "line": Form(
            f"/desk/cases/{number}/products/", ("name", "category", "models_text", "brand"), revision
        ),
        "one line": Form(
            f"/desk/cases/{number}/products/{world.application.items.all()[0].pk}/",
            ("name", "category", "models_text", "brand"),
            revision,
        ),
        "message": Form(f"/desk/cases/{number}/message/", ("text",), revision),
        "take back": Form(f"/desk/cases/{number}/withdraw/", ("reason",)),
        "hand in": Form(f"/desk/cases/{number}/hand-in/", ("revision",)),
        "invite": Form(f"/desk/enterprises/{uscc}/people/", ("email", "role")),
        "begin": Form(f"/desk/enterprises/{uscc}/begin/renewal/", ("target",)),
        "ticks": Form(f"/desk/cases/{number}/products/", ("product",), revision),
        "paper": Form(f"/desk/cases/{number}/papers/", ("file",), {"purpose": "other"}),
        "workbook": Form(f"/desk/cases/{number}/workbook/", ("file",)),
    }[name]


EVERY = (
    *(
        "register",
        "change",
        "product",
        "renewal",
        "withdraw",
        "commitment",
        "find",
        "line",
        "one line",
        "message",
    ),
    *("take back", "hand in", "invite", "begin", "ticks", "paper", "workbook"),
)


@pytest.mark.parametrize("name", EVERY)
def test_no_form_breaks_by_what_is_typed_into_it(client, name):
    form = forms(name, client)
    for what, text in NASTY.items():
        for one in form.fields:
            response = client.post(form.path, {**form.fixed, one: text})
            assert response.status_code in (200, 302, 400, 404, 409), (what, one, response.status_code)
            if response.status_code in (200, 400, 409):
                page = response.content.decode()
                assert "<script>alert" not in page, (what, one)


@pytest.mark.parametrize("name", ["register", "change", "product", "renewal", "withdraw", "commitment"])
@pytest.mark.parametrize("what", ["nul", "bidi", "ten thousand"])
def test_what_cannot_be_kept_stands_in_the_form_again_with_a_sentence(client, name, what):
    form = forms(name, client)
    one = {"withdraw": "reason", "commitment": "signatory_name"}.get(name, "name")
    one = {"product": "number", "renewal": "number"}.get(name, one)
    response = client.post(form.path, {**form.fixed, one: NASTY[what]})
    page = response.content.decode()
    assert response.status_code == 400
    assert 'class="err"' in page
    assert NASTY[what].replace("\x00", "\x00") in page
    again = client.get(form.path).content.decode()
    assert NASTY[what].replace("\x00", "") in again


def test_four_byte_characters_are_kept(client):
    owner = make_owner()
    client.force_login(owner)
    application = draft_change(owner)
    client.post(
        f"/desk/cases/{application.number}/fill/",
        form_data(application, owner, name="示例𠮷𬭎建材有限公司", phone="0592-1234567"),
    )
    application.refresh_from_db()
    assert application.values["name"] == "示例𠮷𬭎建材有限公司"
    assert enterprise_of(owner).name != "示例𠮷𬭎建材有限公司"


def test_a_half_filled_form_is_saved_without_complaint(client):
    owner = make_owner()
    client.force_login(owner)
    application = starting.start("product", by=owner, enterprise=enterprise_of(owner))
    sent = client.post(
        f"/desk/cases/{application.number}/fill/",
        form_data(application, owner, publisher="national", number="SL-1"),
    )
    assert sent.status_code == 302
    application.refresh_from_db()
    assert application.values["number"] == "SL-1"


CUT_OFF = (
    b'--edge\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nlicence\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\nhalf of it"
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空"),
        (b"%PDF-1.7\nnot a PDF", "PDF"),
        (b"MZ\x90\x00program", "只收"),
        (b"\x89PNG\r\n\x1a\ncut off", ""),
        (b"x" * (10 * 1024 * 1024 + 1), "超过"),
    ],
)
def test_an_upload_that_is_no_paper_is_told_so_and_nothing_else_is_lost(client, content, told):
    user = make_owner()
    client.force_login(user)
    application = draft_register(user, name="示例甲建材有限公司")
    response = client.post(
        f"/desk/cases/{application.number}/papers/", {"purpose": "licence", "file": upload_of(content)}
    )
    assert response.status_code == 400
    assert told in response.content.decode()
    application.refresh_from_db()
    assert application.values["name"] == "示例甲建材有限公司"


def test_an_upload_that_was_cut_off_is_told_so(client):
    user = make_owner()
    client.force_login(user)
    application = draft_register(user)
    response = client.post(
        f"/desk/cases/{application.number}/papers/",
        CUT_OFF,
        content_type="multipart/form-data; boundary=edge",
    )
    assert response.status_code == 400
    assert 'class="err"' in response.content.decode()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04half", b"%PDF-1.7", b"a,b\n1,2\n", b"\x00" * 100])
def test_a_workbook_that_is_none_is_told_so(client, content):
    user = make_owner()
    client.force_login(user)
    application = draft_product(user)
    response = client.post(
        f"/desk/cases/{application.number}/workbook/", {"file": upload_of(content, "产品.xlsx")}
    )
    assert response.status_code == 400
    assert 'class="err"' in response.content.decode()
