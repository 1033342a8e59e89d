"""Once a day a timestamping authority says that the checkpoint existed (RFC 3161). Nobody can ask for yesterday's later."""

import datetime
import urllib.request
from functools import cache
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings
from django.utils import timezone
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from portal.core.schedule.acts import Report

from .keys import CannotSign
from .models import KeptCheckpoint, Timestamp
from .notes import Checkpoint, Note
from .signing import checkpoint

LONGEST = 100_000
SECONDS = 30


class NoTimestamp(Exception):
    """Why there is none, in a sentence for the administrator."""


def stamp() -> Report:
    try:
        row = stamped(checkpoint())
    except (CannotSign, NoTimestamp) as error:
        return Report(f"没有取到时间戳：{error}", is_good=False)
    return Report(
        f"第{row.checkpoint_id}版的检查点已盖时间戳，{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}。"
    )


def stamped(note: str) -> Timestamp:
    """Over the bytes of the signed checkpoint, verified before it is kept."""
    answer = asked(note.encode())
    size = Checkpoint.read(Note.read(note.encode()).text).size
    kept, _made = KeptCheckpoint.objects.get_or_create(size=size, defaults={"note": note})
    if kept.note != note:
        raise NoTimestamp(f"第{size}版的检查点留存过另一份，请核对签名的钥匙。")
    at = answer.tst_info.gen_time.replace(tzinfo=datetime.UTC)
    return Timestamp.objects.create(
        checkpoint=kept, at=at, authority=settings.LOG_TSA_URL[:200], answer=answer.as_bytes()
    )


def asked(content: bytes) -> TimeStampResponse:
    request = TimestampRequestBuilder(data=content, hash_algorithm=HashAlgorithm.SHA256).build()
    try:
        answer = decode_timestamp_response(_sent(request.as_bytes()))
        verifier = VerifierBuilder.from_request(request)
        for root in roots(settings.LOG_TSA_CERTIFICATES):
            verifier = verifier.add_root_certificate(root)
        verifier.build().verify_message(answer, content)
    except (OSError, ValueError, VerificationError) as error:
        raise NoTimestamp(f"{settings.LOG_TSA_URL}：{error}") from error
    return answer


def _sent(request: bytes) -> bytes:
    sent = urllib.request.Request(  # noqa: S310 - the setting takes http and https alone
        settings.LOG_TSA_URL, request, {"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(sent, timeout=SECONDS) as answer:  # noqa: S310
        return bytes(answer.read(LONGEST))


@cache
def roots(file: Path) -> list[Certificate]:
    return load_pem_x509_certificates(file.read_bytes())
