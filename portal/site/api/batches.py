"""Batches: what was announced, published or cancelled. A batch is no row of the tree: its states are three editions."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from catalog.publication.models import Action, Batch
from catalog.publication.showing.batch_page import REGISTERS, BatchPage, BatchRow, batch_rows, state_of
from catalog.publication.showing.batches import BatchFilters, public_batches
from catalog.publication.showing.choices import Known
from catalog.publication.views.batches import public_batch
from portal.core.editions.models import Edition
from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

from .cursors import OWN, Found
from .kinds import DAY_OR_NOT, NUMBER, NUMBER_OR_NOT, TEXT, TEXT_OR_NOT, Kind, Schema, listed, thing, titled
from .problems import not_yet

ACTS = thing({"register": TEXT, "action": TEXT, "action_word": TEXT, "count": NUMBER})
ROW: dict[str, Schema] = {
    "number": titled(TEXT, "批次编号"),
    "title": titled(TEXT, "标题"),
    "kind": titled(TEXT, "种类"),
    "kind_word": TEXT,
    "publisher": titled(TEXT, "发布方"),
    "publisher_word": TEXT,
    "campaign": titled(TEXT, "活动年度"),
    "year": titled(NUMBER, "年度"),
    "ordinal": titled(NUMBER, "序号"),
    "basis": titled(TEXT, "依据"),
    "notice_from": titled(DAY_OR_NOT, "公示开始"),
    "notice_until": titled(DAY_OR_NOT, "公示截止"),
    "notice_waiver": titled(TEXT, "不公示的书面依据"),
    "digest": titled(TEXT, "批次摘要"),
    "notice_edition": titled(NUMBER_OR_NOT, "公示版"),
    "published_edition": titled(NUMBER_OR_NOT, "公布版"),
    "cancelled_edition": titled(NUMBER_OR_NOT, "取消版"),
    "cancelled_reason": titled(TEXT_OR_NOT, "取消理由"),
    "products": titled(NUMBER, "产品行"),
    "enterprises": titled(NUMBER, "企业行"),
    "page": TEXT,
    "lines": titled(TEXT, "全部行、盐和散列"),
    "files": titled(TEXT, "文件清单"),
}
STATE = {"state": titled(TEXT, "状态"), "state_word": TEXT}


class Batches(Kind):
    name, label, page, front = "batches", "批次", "/batches/", "batch"
    more = {"actions": titled(listed(ACTS), "各名册、各动作的行数")}

    def find(self, request: HttpRequest, query: Query, reading: ReadAt) -> Found:
        filters = BatchFilters.of(query, reading, more=OWN)
        return Found(
            filters.total,
            lambda span: list(filters.on(span).select_related(*WITH)),
            lambda batch: batch.pk,
            lambda batches: [json.dumps(said, ensure_ascii=False) for said in rows_said(batches, reading)],
        )

    def filters(self, reading: ReadAt) -> DeclaredFilters:
        return BatchFilters(Query(), public_batches(reading), reading)

    def row(self, reading: ReadAt) -> dict[str, Schema]:
        return {**ROW, **STATE}

    def sealed(self) -> dict[str, Schema]:
        return {**ROW, **STATE}

    def record(self, request: HttpRequest, reading: ReadAt, **named: str) -> tuple[str, dict[str, Any]]:
        slug = named["number"]
        batch = public_batch(slug, reading)
        if batch is None:
            raise not_yet(f"批次 {slug}", _first_edition_of(slug))
        (own,) = rows_said([batch], reading)
        return json.dumps(own, ensure_ascii=False), {"actions": list(_acts(BatchPage(batch, reading)))}

    def said_at(self, stood: Sequence[tuple[int, Edition]], reading: ReadAt) -> list[str]:
        """Batches as they stood at an edition each; three questions for all of them."""
        batches = Batch.objects.select_related(*WITH).in_bulk({pk for pk, _edition in stood})
        names = Known.at(reading).publishers
        rows = {row.batch.pk: row for row in batch_rows(list(batches.values()), reading, names)}
        return [_stood(rows[pk], edition) for pk, edition in stood]


def _stood(row: BatchRow, edition: Edition) -> str:
    at = ReadAt(edition.number, edition.day, edition.number, edition.day)
    said = row_said(replace(row, state=state_of(row.batch, at)), edition.number)
    return json.dumps(said, ensure_ascii=False)


WITH = ("campaign", "edition", "notice_edition", "cancelled_edition")


def _first_edition_of(slug: str) -> Edition:
    batch = Batch.objects.ever_public().select_related("edition", "notice_edition").filter(slug=slug).first()
    first = batch and (batch.notice_edition or batch.edition)
    if not first:
        raise NeverPublic(f"没有公布过编号为 {slug} 的批次。")
    return first


def _acts(page: BatchPage) -> Iterable[dict[str, Any]]:
    for register in REGISTERS:
        for action, count in sorted(page.action_counts[register].items()):
            word = str(Action(action).label)
            yield {"register": register, "action": action, "action_word": word, "count": count}


def rows_said(batches: Sequence[Batch], reading: ReadAt) -> list[dict[str, Any]]:
    rows = batch_rows(list(batches), reading, Known.at(reading).publishers)
    return [row_said(row, reading.edition) for row in rows]


def row_said(row: BatchRow, edition: int) -> dict[str, Any]:
    """What came after the edition that is read is not said."""
    batch = row.batch
    reached = {
        name: number if number is not None and number <= edition else None
        for name, number in (
            ("notice_edition", batch.notice_edition_id),
            ("published_edition", batch.edition_id),
            ("cancelled_edition", batch.cancelled_edition_id),
        )
    }
    address = settings.SITE_URL + reverse("batches:detail", args=[batch.slug])
    return {
        "number": batch.slug,
        "title": batch.title,
        "kind": batch.kind,
        "kind_word": str(batch.get_kind_display()),
        "publisher": batch.publisher,
        "publisher_word": row.publisher,
        "campaign": batch.campaign.slug,
        "year": batch.year,
        "ordinal": batch.ordinal,
        "basis": batch.basis,
        "notice_from": batch.notice_from and batch.notice_from.isoformat(),
        "notice_until": batch.notice_until and batch.notice_until.isoformat(),
        "notice_waiver": batch.notice_waiver,
        "digest": batch.digest,
        **reached,
        "cancelled_reason": batch.cancelled_reason if reached["cancelled_edition"] else None,
        "products": row.product_count,
        "enterprises": row.enterprise_count,
        "page": address,
        "lines": f"{address}lines.jsonl",
        "files": f"{address}files/manifest.json",
        "state": row.state.code,
        "state_word": row.state.word,
    }
