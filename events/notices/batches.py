"""Batches and their notices: which batch still waits for one, the draft that it finds, and the word that none is needed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join

from catalog.publication.models import LINE_MODELS, Batch
from catalog.publication.publishers import publisher_names
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.editions.models import Installation
from portal.core.pages.parameters import Query
from portal.core.text.normalise import clean
from portal.core.workflow import NoPermission, NotAllowed

from .models import BatchWithoutNotice, NoticeVersion

Phase = BatchWithoutNotice.Phase
Kind = NoticeVersion.Kind
KINDS = {Phase.IN_NOTICE: Kind.CONSULTATION, Phase.PUBLISHED: Kind.ANNOUNCEMENT}
PHASES = {Batch.State.IN_NOTICE: Phase.IN_NOTICE, Batch.State.PUBLISHED: Phase.PUBLISHED}


@dataclass(frozen=True)
class Unannounced:
    """A batch whose present phase has no notice; `draft` is one that is already being written."""

    batch: Batch
    phase: Phase
    draft: NoticeVersion | None = None

    @property
    def phase_word(self) -> str:
        return self.phase.label


@dataclass
class _Notices:
    public: set[tuple[str, str]] = field(default_factory=set)
    drafts: dict[tuple[str, str], NoticeVersion] = field(default_factory=dict)


def unannounced(user: User) -> list[Unannounced]:
    """Batches in scope that the public reads and that no notice announces, newest first; in a constant number of queries."""
    notices = _notices()
    dismissed = set(BatchWithoutNotice.objects.values_list("batch_id", "phase"))
    found = []
    for batch in Batch.objects.filter(state__in=PHASES).in_scope(user).order_by("-pk"):
        phase = PHASES[Batch.State(batch.state)]
        said = (batch.slug, KINDS[phase])
        if said not in notices.public and (batch.pk, phase) not in dismissed:
            found.append(Unannounced(batch, phase, notices.drafts.get(said)))
    return found


def is_announced(batch: Batch) -> bool:
    """Whether the present phase of a public batch has its notice, or was dismissed."""
    phase = PHASES[Batch.State(batch.state)]
    has_notice = (batch.slug, KINDS[phase]) in _notices().public
    return has_notice or BatchWithoutNotice.objects.filter(batch=batch, phase=phase).exists()


def _notices() -> _Notices:
    """By (batch slug, kind): what is public, also for a day to come, and what is being written."""
    found = _Notices()
    about = NoticeVersion.objects.filter(until_edition=None, kind__in=KINDS.values()).exclude(batches=[])
    for version in about.filter(is_withdrawn=False):
        for slug in version.batches:
            if version.from_edition_id is not None:
                found.public.add((slug, version.kind))
            else:
                found.drafts[slug, version.kind] = version
    return found


@transaction.atomic
def dismiss(batch: Batch, *, by: User, reason: str) -> BatchWithoutNotice:
    """Say why the present phase of a batch needs no notice. Kept for ever, like every act."""
    if not by.may("content.edit", batch.scope_division):
        raise NoPermission("step.permission", "您的账号没有处理公告的权限，请联系管理员授权。")
    phase = PHASES.get(Batch.State(batch.state))
    if phase is None:
        raise NotAllowed("step.state", "这一批还没有公示或公布。")
    reason = clean(reason)
    if not reason:
        raise NotAllowed("step.reason", "不发公告须写明理由。")
    row, is_new = BatchWithoutNotice.objects.get_or_create(
        batch=batch, phase=phase, defaults={"reason": reason[:300], "decided_by": by}
    )
    if not is_new:
        raise NotAllowed("step.state", "这一批早已写明不发公告，请刷新页面。")
    record("batch.notice_dismissed", batch, by=by, reason=reason, phase=phase)
    return row


def draft_for(batch: Batch) -> dict[str, Any]:
    """What a notice about the present phase of a batch starts from: title, basis, counts, files as links."""
    phase = PHASES[Batch.State(batch.state)]
    publisher = publisher_names().get(batch.publisher, batch.publisher)
    basis = batch.basis or batch.campaign.basis
    values: dict[str, Any] = {
        "kind": KINDS[phase],
        "title": f"关于{batch.title}的公示" if phase == Phase.IN_NOTICE else f"关于公布{batch.title}的公告",
        "dated_on": clock.today(),
        "source": "推进组" if batch.publisher == "national" else publisher,
        "batches": [batch.slug],
        "regions": [] if batch.publisher == "national" else [batch.publisher],
        "body": _body(batch, phase, basis),
    }
    if phase == Phase.IN_NOTICE:
        values |= {"open_until": batch.notice_until, "contact": Installation.office()}
    return values


def _body(batch: Batch, phase: Phase, basis: str) -> str:
    page = reverse("batches:detail", args=[batch.slug])
    counts = "、".join(f"{label} {count} 行" for label, count in counts_of(batch) if count)
    if phase == Phase.IN_NOTICE:
        first = format_html(
            '<p>依据{}，现将<a href="{}">{}</a>予以公示，公示期 {} 至 {}。</p><p>本批共有{}。公示期间如有异议，请写明批次编号 {}、第几行、理由和证据。</p>',
            basis,
            page,
            batch.title,
            _words(batch.notice_from),
            _words(batch.notice_until),
            counts,
            batch.slug,
        )
    else:
        first = format_html(
            '<p>依据{}，现公布<a href="{}">{}</a>，成为第{}版，自公布之日起可查。</p><p>本批共有{}。</p>',
            basis,
            page,
            batch.title,
            batch.edition_id,
            counts,
        )
    files = format_html_join("", '<li><a href="{}">{}</a></li>', files_of(batch))
    return first + (format_html("<h2>全文和数据</h2><ul>{}</ul>", files) if files else "")


def counts_of(batch: Batch) -> list[tuple[str, int]]:
    return [
        (str(model._meta.verbose_name).removesuffix("行"), model.objects.filter(batch=batch).count())
        for model in LINE_MODELS
    ]


def files_of(batch: Batch) -> Iterable[tuple[str, str]]:
    """(address, words) of the pages and exports of a batch; the exports name its edition and never change."""
    yield reverse("batches:detail", args=[batch.slug]), "批次页：逐行查看、核对链头"
    if batch.edition_id is None:
        return
    parameters = Query().put(batch=batch.slug, edition=batch.edition_id)
    for register, word in (("products", "产品清单"), ("enterprises", "企业名录")):
        for extension in ("xlsx", "csv"):
            try:
                yield (
                    parameters.link(reverse(f"{register}:export", args=[extension])),
                    f"{word}（{extension}）",
                )
            except NoReverseMatch:
                continue


def _words(day: datetime.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
