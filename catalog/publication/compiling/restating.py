"""What was lawfully redacted is not said again of the same enterprise or certificate: not by a form that was open meanwhile,
not by a workbook of before, not by lines that were frozen before. Another value in its place is nobody's concern.

Remembered is an HMAC of the folded value with its owner, under a key derived from SECRET_KEY: who has the database alone
cannot try out names. A former key in SECRET_KEY_FALLBACKS still compares; with a lost one nothing of that owner can be
compared, and its lines are refused until somebody permits them by a written basis.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models, transaction

from portal.core import bulk
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.editions.models import Edition
from portal.core.editions.release import lock_editions
from portal.core.text.normalise import clean, fold
from portal.core.workflow import NotAllowed

from ..models import LINE_MODELS, Batch, CertificateLine, Line, RedactedValue
from .problems import Problem
from .redactable import REDACTABLE, texts_in
from .under_way import under_way

Owner = tuple[str, int]  # "enterprise" or "certificate", and its primary key
SAID_AGAIN = (
    "的「{label}」与依法隐去的内容相同，不能再公开。还在编制的，请把登记内容改为别的写法或留空后再提交；"
    "已经提交的，请退回编制、改好后重新提交。"
)
NOT_COMPARABLE = (
    "的企业或证书曾依法隐去内容，而站点密钥（SECRET_KEY）已更换，无法核对是否又写了同一内容。"
    "请管理员把旧密钥写入 SECRET_KEY_FALLBACKS 后再办；旧密钥已丢失的，核对后用 redact_line --permit-again 写明依据。"
)
ORDER_NOT_COMPARABLE = (
    "「{order}」的隐去没有做完，而站点密钥（SECRET_KEY）已更换或隐去的标记已不在，无法核对还有哪些内容要隐去，所以没有继续办。"
    "请管理员把旧密钥写入 SECRET_KEY_FALLBACKS，再运行同一条命令；旧密钥已丢失的，"
    "请用仍写着该内容的另一行的键另办隐去。"
)


def remember(values: Iterable[str], owners: Iterable[Owner], *, redacted_as: str, edition: Edition) -> None:
    key, folded = _keys()[0], list(dict.fromkeys(map(fold, values)))
    said = (_name_of(key), redacted_as[:240], edition.pk)
    bulk.insert(
        RedactedValue,
        ("enterprise_id", "certificate_id", "mark", "key_mark", "redacted_as", "edition_id"),
        (
            (*(pk if kind == named else None for named in ("enterprise", "certificate")), mark, *said)
            for kind, pk in owners
            for mark in (_mark(key, (kind, pk), value) for value in folded)
        ),
    )


def was_redacted(redacted_as: str) -> bool:
    return RedactedValue.objects.filter(redacted_as=redacted_as[:240]).exists()


def told_before(redacted_as: str, since: int = 0) -> Callable[[str], bool]:
    """Whether a text is one of those that went by this redaction. Each was remembered for all of its owners: one is asked."""
    kept = _kept(redacted_as, since).order_by("pk")
    first = kept.first()
    if first is None:
        return lambda _text: False
    of_one = kept.filter(enterprise=first.enterprise_id, certificate=first.certificate_id)
    marks, keys = set(of_one.values_list("mark", flat=True)), _keys()
    owner = _owner(first.enterprise_id, first.certificate_id)
    return lambda text: any(_mark(key, owner, fold(text)) in marks for key in keys)


def owners_told(redacted_as: str, since: int) -> set[Owner]:
    """Of whom the values of this redaction are remembered."""
    owners = _kept(redacted_as, since).values_list("enterprise_id", "certificate_id").distinct()
    return {_owner(*pks) for pks in owners}


def refuse_incomparable(redacted_as: str, since: int) -> None:
    """Without its marks nobody can tell what this redaction meant, so nobody can say that it is through."""
    found = set(_kept(redacted_as, since).values_list("key_mark", flat=True))
    if not found or found.difference(map(_name_of, _keys())):
        raise NotAllowed("redaction.incomparable", ORDER_NOT_COMPARABLE.format(order=redacted_as))


def _kept(redacted_as: str, since: int) -> models.QuerySet[RedactedValue]:
    return RedactedValue.objects.filter(redacted_as=redacted_as[:240], edition__number__gte=since)


def _owner(enterprise: Any, certificate: Any) -> Owner:
    return ("enterprise", enterprise) if enterprise else ("certificate", certificate)


def permit_again(key: str, field_name: str, *, basis: str, by: User | None = None) -> int:
    """Let what was redacted as this field of this line be said again: the person wishes it, or it was the wrong field.

    Nothing comes back by this. Raises NotAllowed without a basis, where nothing was redacted so, and while that redaction
    is under way: it needs its marks to be ended.
    """
    if not clean(basis):
        raise NotAllowed("redaction.basis", "请写明依据：法律条文、当事人申请或文书编号。")
    with transaction.atomic():
        lock_editions()
        if (key, field_name) in under_way():
            raise NotAllowed(
                "redaction.under_way",
                f"「{key}」的 {field_name} 正在隐去，还没有做完，不能放行。请先把隐去的那条命令再运行一遍，做完后再放行。",
            )
        count, _ = RedactedValue.objects.filter(redacted_as=f"{key} {field_name}").delete()
        if not count:
            raise NotAllowed("redaction.none", f"没有因「{key}」的 {field_name} 而隐去的内容，不需要放行。")
        record("line.permitted_again", by=by, reason=basis, key=key, field=field_name)
    return count


def problems_of_batch(batch: Batch) -> list[Problem]:
    """Frozen lines that say what was redacted. Those of owners without a redaction are not even read."""
    lines: list[Any] = []
    for model in LINE_MODELS:
        of_owner = models.Q(pk__in=[])
        for kind in _kinds_of(model):
            owners = RedactedValue.objects.filter(**{f"{kind}__isnull": False}).values(kind)
            of_owner |= models.Q(**{f"{kind}__in": owners})
        lines += model.objects.filter(of_owner, batch=batch)
    return problems_of_lines(lines)


def problems_of_lines(lines: Iterable[Line]) -> list[Problem]:
    """The same of lines that are not saved yet; one query."""
    known = _Known.read()
    return [problem for line in lines for problem in known.problems_of(line)]


@dataclass
class _Known:
    marks: dict[Owner, set[str]] = field(default_factory=lambda: defaultdict(set))
    strange: set[Owner] = field(default_factory=set)  # marked under a key that is not at hand

    @classmethod
    def read(cls) -> "_Known":
        known, names = cls(), {_name_of(key) for key in _keys()}
        rows = RedactedValue.objects.values_list("enterprise_id", "certificate_id", "mark", "key_mark")
        for enterprise, certificate, mark, key_mark in rows:
            owner = _owner(enterprise, certificate)
            known.marks[owner].add(mark)
            if key_mark not in names:
                known.strange.add(owner)
        return known

    def problems_of(self, line: Any) -> Iterator[Problem]:
        owners = [owner for owner in owners_of(line) if owner in self.marks]
        if self.strange.intersection(owners):
            yield Problem("line.redaction_unknown", line.key, NOT_COMPARABLE)
        for name in REDACTABLE[type(line)] if owners else ():
            if any(self._says(owner, text) for owner in owners for text in texts_in(line, name)):
                label = type(line)._meta.get_field(name).verbose_name
                # By its key: the name may be the very words that nobody is to read.
                yield Problem("line.redacted", line.key, SAID_AGAIN.format(label=label))

    def _says(self, owner: Owner, text: str) -> bool:
        return any(_mark(key, owner, fold(text)) in self.marks[owner] for key in _keys())


def owners_of(line: Any) -> list[Owner]:
    named = ((kind, getattr(line, f"{kind}_id")) for kind in _kinds_of(type(line)))
    return [(kind, pk) for kind, pk in named if pk]


def _kinds_of(model: type[Line]) -> tuple[str, ...]:
    if issubclass(model, CertificateLine):
        return ("certificate",)
    columns = {column.name for column in model._meta.concrete_fields}
    return ("enterprise", "certificate") if "certificate" in columns else ("enterprise",)


def _keys() -> list[bytes]:
    """The present key first, then those of before."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(f"catalog.publication.restating:{secret}".encode()).digest() for secret in secrets]


def _name_of(key: bytes) -> str:
    return hmac.new(key, b"which key", hashlib.sha256).hexdigest()[:16]


def _mark(key: bytes, owner: Owner, folded: str) -> str:
    return hmac.new(key, f"{owner[0]}:{owner[1]}:{folded}".encode(), hashlib.sha256).hexdigest()
