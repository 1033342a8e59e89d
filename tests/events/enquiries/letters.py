"""Letters as visitors send them: the form is opened first, as a browser does, and sent with what it carried."""

import html
import json
import re

import altcha
from django.core.files.uploadedfile import SimpleUploadedFile

from events.enquiries.models import Enquiry
from events.enquiries.receiving import receive
from portal.core.proof import keys, work

WORDS = {
    "topic": "product",
    "subject": "示例牌防水卷材，某某建材店",
    "place": "",
    "place_detail": "某县某镇",
    "text": "上月买的卷材一个月就开裂，店家不理。",
    "contact_name": "陈大明",
    "contact_phone": "13812345678",
    "contact_email": "chen@example.com",
}
QUESTION = {"topic": "certification", "text": "办认证需要多久？"}


def opened(client, kind: str = "complaint", about: str = "") -> dict:
    """The hidden values of a fresh form."""
    response = client.get(f"/enquiries/new/{kind}/", {"about": about} if about else {})
    assert response.status_code == 200, response.content.decode()
    page = response.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(form|about)" value="([^"]*)"', page))
    challenge = found(r'data-challenge="([^"]*)"', page)
    return {
        **{name: html.unescape(value) for name, value in hidden.items()},
        "challenge": html.unescape(challenge),
    }


def found(pattern: str, page: str) -> str:
    """The first group of what a page must have."""
    match = re.search(pattern, page)
    assert match is not None, page
    return match[1]


def proof_for(challenge: str) -> str:
    """What the script of the page computes."""
    given = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return altcha.Payload(given, solution).to_base64()


def sent(client, kind: str = "complaint", *, about: str = "", is_proven: bool = True, form=None, **changes):
    """The answer to a letter."""
    form = form or opened(client, kind, about)
    words = WORDS if kind == "complaint" else QUESTION if kind == "question" else {"text": "应当是三星级。"}
    hidden = {name: form[name] for name in ("form", "about") if name in form}
    vouched = {"proof": proof_for(form["challenge"])} if is_proven else {}
    return client.post(f"/enquiries/new/{kind}/", {**words, **hidden, **vouched, **changes})


def received(client, kind: str = "complaint", **changes) -> tuple[Enquiry, str]:
    """The enquiry of a letter and the word that its sender was shown."""
    response = sent(client, kind, **changes)
    assert response.status_code == 200, response.content.decode()
    page = response.content.decode()
    number = found(r"data-number>([^<]+)<", page)
    return Enquiry.objects.get(number=number), found(r"data-word>([^<]+)<", page)


def followed(client, number: str, word: str):
    return client.post("/enquiries/follow/", {"number": number, "word": word})


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def make_enquiry(kind: str = "complaint", **changes) -> Enquiry:
    """A received enquiry, without the pages."""
    subject, is_proven = changes.pop("subject_page", None), changes.pop("is_proven", True)
    words = {**(WORDS if kind == "complaint" else QUESTION), **changes}
    key = keys.form_key(keys.new_form("enquiries"), "enquiries")
    assert key is not None
    return receive(kind, words, key=key, subject=subject, is_proven=is_proven and work.spend(key))


def faults(response) -> str:
    page = response.content.decode()
    found = re.search(r'<div class="errors.*?</div>', page, re.DOTALL)
    assert found is not None, page
    return found[0]


def office_of(enquiry):
    return enquiry.office, enquiry.office_division
