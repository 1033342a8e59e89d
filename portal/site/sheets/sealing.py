"""The seal of the site on a PDF. The library that sets it is large: it is read when the first sheet is sealed."""

import datetime
import io
from functools import lru_cache
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
from portal.core.files.once import made_once

YEARS = 20


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
