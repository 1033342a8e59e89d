"""The sheet as a PDF: set by typst, with its proofs attached, sealed by the site."""

import datetime
import io
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.core.checkpoints.keys import CannotSign
from portal.core.checkpoints.signing import checkpoint
from portal.core.editions.digest import canonical
from portal.core.files.once import made_once
from portal.core.pages.memory import MEGABYTE, Memory
from portal.core.pages.reading import newest_edition
from portal.core.typesetting import qr_code, typeset
from portal.site.log.proofs import proof_of

from .showing import Shown

LAYOUT = Path(__file__).parent / "sheet.typ"
YEARS = 20
_set: Memory[bytes] = Memory(8 * MEGABYTE)


def sealed_pdf(shown: Shown) -> bytes:
    """Kept for whoever asks again, until anything is published: setting one takes a processor half a second, and what was
    redacted since stands on none."""
    key = shown.sheet.code, shown.sheet.at, shown.fingerprint, shown.is_demonstration, newest_edition()
    return _set.kept(key, lambda: seal(typeset(LAYOUT, paper_of(shown))))


def paper_of(shown: Shown) -> dict:
    drawn = shown.drawn
    return {
        "demonstration": shown.is_demonstration,
        "asked": drawn.asked,
        "moment": shown.moment,
        "edition": shown.edition_words,
        "word": drawn.word,
        "sentence": drawn.sentence,
        "facts": drawn.facts,
        "states": [[one.matter, one.word, one.who, one.since] for one in drawn.states],
        "check": drawn.check,
        "looked": drawn.looked,
        "groups": [[f"{one.word}（{len(one.numbers)} 个）", one.numbers] for one in drawn.groups],
        "crowd": shown.crowd,
        "number": shown.sheet.edition,
        "head": shown.grouped_head,
        "fingerprint": shown.grouped_fingerprint,
        "host": shown.host,
        "short": shown.sheet.shown_code,
        "qr": qr_code(shown.address),
        "files": attached(shown),
    }


def attached(shown: Shown) -> list[list[str]]:
    """Names and contents: a proof for each line that the sheet rests on, and the checkpoint of now."""
    files = [
        [f"proof-{place}.json", canonical(proof_of(line)).decode() + "\n"]
        for place, line in enumerate(shown.drawn.lines, start=1)
    ]
    try:
        return [*files, ["checkpoint.txt", checkpoint()]]
    except CannotSign:
        return files


def seal(document: bytes) -> bytes:
    """No person's: it says that the site made this document, and that it was not altered since. Raises CannotSign."""
    out = io.BytesIO()
    about = PdfSignatureMetadata(
        field_name="Seal", name=str(urlsplit(settings.SITE_URL).netloc), reason="查询核验单", certify=True
    )
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document)), about, _signer(), output=out)
    return out.getvalue()


def _signer() -> signers.SimpleSigner:
    try:
        return _signer_of(made_once(settings.SEAL_FILE, _new_seal))
    except (OSError, TypeError, ValueError) as error:
        raise CannotSign("SEAL_FILE 读不到，或者里面不是私钥和证书。") from error


@lru_cache(maxsize=2)
def _signer_of(content: bytes) -> signers.SimpleSigner:
    """Of a PEM file: the private key, its certificate, and those that lead from it to a root."""
    own, *others = [
        asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))
        for one in x509.load_pem_x509_certificates(content)
    ]
    secret = load_pem_private_key(content, None).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    store = SimpleCertificateStore.from_certs(others)
    return signers.SimpleSigner(own, asn1_keys.PrivateKeyInfo.load(secret), store)


def _new_seal() -> bytes:
    """Made by the site itself, where it was given none: readers of PDFs say so, and find alterations all the same."""
    secret, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, str(urlsplit(settings.SITE_URL).hostname)[:64])]
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * YEARS))
        .add_extension(usage, critical=True)
        .sign(secret, SHA256())
    )
    private = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
