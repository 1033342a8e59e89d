"""The tree over the editions as C2SP tlog-tiles has it, its signed checkpoint, and the door for witnesses."""

import re
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.addresses import client_address
from portal.core.checkpoints.cosigning import NotTaken, cosigned, take
from portal.core.checkpoints.keys import CannotSign
from portal.core.checkpoints.models import KeptCheckpoint, Timestamp
from portal.core.checkpoints.notes import LONGEST
from portal.core.checkpoints.signing import checkpoint, tree_of_now
from portal.core.checkpoints.succession import known_keys
from portal.core.checkpoints.tree import NODE, TILE_WIDTH
from portal.core.editions.digest import canonical
from portal.core.editions.models import Edition
from portal.core.proof.limits import HOUR, Limit, network
from portal.core.replicas import public_reading

INDEX = r"(?P<index>(?!x000)(?:x[0-9]{3}/){0,2}[0-9]{3})"
WIDTH = r"(?:\.p/(?P<width>[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
TILE = re.compile(rf"(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/{INDEX}{WIDTH}")
NOTE = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
HANDED_IN = Limit("log-cosign", 120, HOUR)


@require_safe
@public_reading
def newest(request: HttpRequest) -> HttpResponse:
    try:
        response = _plain(cosigned(checkpoint()))
    except CannotSign as refusal:
        return _plain(f"日志现在没有签名：{refusal}\n", HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@public_reading
def kept(request: HttpRequest, size: int) -> HttpResponse:
    """One that others witnessed, with what they signed; to be checked against its timestamp, byte by byte, without that."""
    row = get_object_or_404(KeptCheckpoint, size=size)
    return _plain(row.note)


@require_safe
@public_reading
def timestamp(request: HttpRequest, number: int) -> HttpResponse:
    row = get_object_or_404(Timestamp, pk=number)
    return HttpResponse(bytes(row.answer), content_type="application/timestamp-reply")


@require_safe
@public_reading
def keys(request: HttpRequest) -> HttpResponse:
    """One line a key, the oldest first; each is good up to the next one's first edition."""
    return HttpResponse(keys_file(), content_type="application/x-ndjson; charset=utf-8")


def keys_file() -> bytes:
    lines = [
        canonical(
            {
                "key": row.key,
                "fingerprint": row.verifier.fingerprint,
                "size": row.size,
                "at": row.at.isoformat() if row.at else "",
                "reason": row.reason,
                "endorsement": row.endorsement,
            }
        )
        for row in known_keys()
    ]
    return b"".join(line + b"\n" for line in lines)


@require_safe
@public_reading
def tile(request: HttpRequest, where: str) -> HttpResponse:
    """Hashes of the tree, or the leaves themselves. Each tile has one address alone."""
    found = TILE.fullmatch(where)
    if not found:
        raise Http404
    index, width = int(re.sub("[x/]", "", found["index"])), int(found["width"] or TILE_WIDTH)
    if found["level"] == "entries":
        return _for_ever(_leaves(index, width), width * (2 + NODE))
    try:
        content = tree_of_now()[0].tile(int(found["level"]), index, width)
    except CannotSign as refusal:
        return _plain(f"{refusal}\n", HTTPStatus.SERVICE_UNAVAILABLE)
    return _for_ever(content, width * NODE)


def _leaves(index: int, width: int) -> bytes:
    """The leaf of an edition is its head; what the head says stands in editions.jsonl."""
    first = index * TILE_WIDTH
    found = Edition.objects.filter(number__gt=first, number__lte=first + width).order_by("number")
    heads = [bytes.fromhex(head) for head in found.values_list("head", flat=True)]
    return b"".join(len(head).to_bytes(2, "big") + head for head in heads)


def _for_ever(content: bytes, length: int) -> HttpResponse:
    """A part of a tree that only grows; what is not there yet is not there."""
    if len(content) != length:
        raise Http404
    response = HttpResponse(content, content_type=BYTES)
    response.headers["Cache-Control"] = FOR_EVER
    return response


@csrf_exempt
@require_POST
def cosign(request: HttpRequest) -> HttpResponse:
    """The checkpoint with a witness's signature under it, as `manage.py witness` sends it."""
    who = network(client_address(request))
    if not HANDED_IN.take(who):
        return _plain(f"您这里送来得太频繁，请 {HANDED_IN.wait()}后再试。\n", HTTPStatus.TOO_MANY_REQUESTS)
    content = request.read(LONGEST + 1)
    try:
        seen = take(content)
    except NotTaken as refusal:
        return _plain(refusal.sentence + "\n", refusal.status)
    except CannotSign as refusal:
        return _plain(f"{refusal}\n", HTTPStatus.SERVICE_UNAVAILABLE)
    return _plain("".join(f"{one.witness.name} {one.size} {one.at.isoformat()}\n" for one in seen))


def _plain(text: str, status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(text, content_type=NOTE, status=status)
