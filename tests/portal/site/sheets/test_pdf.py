"""A sheet as a PDF: one page, sealed, with its proofs."""

import io
import json

import pytest
from pypdf import PdfReader

from catalog.publication.models import EnterpriseLine
from catalog.publication.publishing.redaction import redact
from portal.site.log.checker.files import read
from portal.site.sheets.models import Sheet
from tests.catalog.publication.stories import text_of

from .asking import made, number_of

pytestmark = pytest.mark.django_db


def pdf(client, sheet: Sheet) -> bytes:
    response = client.get(f"/v/{sheet.shown_code}.pdf")
    assert response["Content-Type"] == "application/pdf"
    return response.content


def seal_of(content: bytes):
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    found = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    trust = ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False)
    return validate_pdf_signature(found, signer_validation_context=trust)


def test_the_pdf_is_one_page_sealed_with_its_proofs(client, product, tmp_path):
    sheet = made(client, product.certificate.number)
    content = pdf(client, sheet)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    assert sheet.shown_code in text
    assert product.certificate.number in text
    status = seal_of(content)
    assert (status.intact, status.valid) == (True, True)
    proof = json.loads(reader.attachments["proof-1.json"][0])
    assert proof["key"].startswith("certificate/")
    (tmp_path / "proof.json").write_bytes(reader.attachments["proof-1.json"][0])
    assert read(str(tmp_path / "proof.json"))[0] == "proof"
    assert (
        reader.attachments["checkpoint.txt"][0]
        .decode()
        .startswith(proof["log"].split("\n\n")[1].split("\n")[0])
    )
    assert pdf(client, sheet) == content, "kept for whoever asks again"


def test_what_was_redacted_stands_in_no_pdf_any_more(client, product):
    sheet = made(client, EnterpriseLine.objects.get().uscc)
    assert "张叁" in PdfReader(io.BytesIO(pdf(client, sheet))).pages[0].extract_text()
    redact(EnterpriseLine.objects.get().key, "name", basis="当事人申请")
    reader = PdfReader(io.BytesIO(pdf(client, sheet)))
    assert "张叁" not in reader.pages[0].extract_text()
    assert "张叁" not in reader.attachments["proof-1.json"][0].decode()


def test_a_seal_that_cannot_be_read_or_made_is_a_sentence(client, product, settings, tmp_path):
    (tmp_path / "file").touch()
    for place in ("file/seal.pem", "file"):
        settings.SEAL_FILE = tmp_path / place
        response = client.get(f"/v/{made(client, number_of(product)).shown_code}.pdf")
        assert (response.status_code, "PDF 现在排不出来" in text_of(response)) == (503, True)


def test_an_altered_pdf_is_not_intact(client, product):
    content = pdf(client, made(client, number_of(product)))
    at = content.index(b"/MediaBox")
    assert not seal_of(content[:at] + b"/mediaBox" + content[at + 9 :]).intact


@pytest.mark.parametrize("count", [1, 61, 201, 500])
def test_any_number_of_numbers_is_one_page_of_pdf(client, product, count):
    numbers = [f"SL-CGP-2022-{n:06}" for n in range(count)]
    reader = PdfReader(io.BytesIO(pdf(client, made(client, "\n".join(numbers)))))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text().replace("\n", "")
    assert numbers[0] in text
    assert numbers[-1] in text
