"""Taking in what witnesses signed: only of those that the operator named, and only of what is ours."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from . import keys
from .models import Cosignature, KeptCheckpoint
from .notes import BadNote, Checkpoint, Note, VerifierKey
from .signing import tree_of_now
from .succession import known_keys

TOLERANCE = datetime.timedelta(minutes=5)  # by which a witness's clock may be ahead


class NotTaken(Exception):
    """Why a cosignature is refused, in a sentence, and with which status."""

    def __init__(self, sentence: str, status: int):
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


@dataclass(frozen=True)
class Seen:
    """The newest cosignature of one witness."""

    witness: VerifierKey
    size: int
    at: datetime.datetime


def witnesses() -> list[VerifierKey]:
    return list(settings.LOG_WITNESSES)


def take(content: bytes) -> list[Seen]:
    """The cosignatures under a checkpoint of ours, verified and kept. Raises NotTaken."""
    try:
        note = Note.read(content)
        said = Checkpoint.read(note.text)
    except BadNote as error:
        raise NotTaken("不是检查点。请把 /log/checkpoint 的全文连同见证签名一起送来。", 400) from error
    own = _signed_by_us(note)
    seen = _seen(note, said.size)
    _refuse_what_is_not_ours(said)
    with transaction.atomic():
        kept, _made = KeptCheckpoint.objects.get_or_create(size=said.size, defaults={"note": own.written()})
        if Note.read(kept.note.encode()).text != note.text:
            raise NotTaken("同样版数的检查点已有一份，内容不同。", 409)
        for one in seen:
            _keep(kept, one, note)
    return seen


def _signed_by_us(note: Note) -> Note:
    known = [row.verifier for row in known_keys()]
    try:
        signing = [
            key for key in known if note.signed_by(key)
        ]  # all are looked at: one false signature is enough
    except BadNote as error:
        raise NotTaken("检查点上本站的签名是假的。", 403) from error
    if not signing:
        raise NotTaken("检查点上没有本站的签名。", 403)
    return note.only(known)


def _seen(note: Note, size: int) -> list[Seen]:
    try:
        found = [(one, note.seen_at(one)) for one in witnesses()]
    except BadNote as error:
        raise NotTaken("见证签名与检查点不符。", 403) from error
    seen = [Seen(one, size, at) for one, at in found if at]
    if not seen:
        raise NotTaken("没有本站登记的见证方的签名。请先把公钥告诉本站。", 403)
    if any(one.at > timezone.now() + TOLERANCE for one in seen):
        raise NotTaken("见证时间在将来。请校准时钟。", 400)
    return seen


def _refuse_what_is_not_ours(said: Checkpoint) -> None:
    tree, size = tree_of_now()
    if said.origin != settings.LOG_ORIGIN:
        raise NotTaken(f"这不是本站的日志。本站的日志叫 {settings.LOG_ORIGIN}。", 404)
    if said.size > size or tree.root(said.size) != said.root:
        raise NotTaken("这个检查点与本站现在的日志不符。请保留它，并向主管部门反映。", 409)


def _keep(kept: KeptCheckpoint, seen: Seen, note: Note) -> None:
    newest = max(note.only([seen.witness]).signatures, key=lambda one: one[1][4:12])
    line = Note("", (newest,)).written().lstrip("\n")
    row, is_new = Cosignature.objects.select_for_update().get_or_create(
        checkpoint=kept, witness=str(seen.witness), defaults={"at": seen.at, "line": line}
    )
    if not is_new and row.at < seen.at:
        row.at, row.line = seen.at, line
        row.save(update_fields=["at", "line"])


def newest_seen() -> list[Seen]:
    """Of each witness that ever cosigned, the longest log it saw, and when last."""
    longest = dict(Cosignature.objects.values_list("witness").annotate(Max("checkpoint")))
    rows = Cosignature.objects.filter(witness__in=longest, checkpoint__in=longest.values())
    found = [
        Seen(VerifierKey.read(row.witness), row.checkpoint_id, row.at)
        for row in rows
        if row.checkpoint_id == longest[row.witness]
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def cosigned(note: str) -> str:
    """The checkpoint with every cosignature that is kept of its size; they are over its text, whichever key signed it."""
    size = Checkpoint.read(Note.read(note.encode()).text).size
    rows = Cosignature.objects.filter(checkpoint=size).order_by("-at")
    return note + "".join(rows.values_list("line", flat=True))


def best_note(edition: int, newest: str) -> str:
    """What a proof of this edition carries: the newest checkpoint that somebody cosigned, or else the newest at all. One that
    a former key signed says nothing to whoever knows the key of now."""
    seen = (
        Cosignature.objects.filter(checkpoint__gte=edition)
        .order_by("-checkpoint")
        .select_related("checkpoint")
    )
    best = seen.first()
    is_ours = best and Note.read(best.checkpoint.note.encode()).signed_by(keys.current())
    return cosigned(best.checkpoint.note) if best and is_ours else newest
