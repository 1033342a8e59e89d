"""What readers may subscribe to: the newest lines of a list and the states of batches as feeds, last days and notice periods
as calendars.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Event

from catalog.publication.compiling.redactable import PLACEHOLDER
from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from catalog.publication.showing.tables import EnterpriseRow, ProductRow, enterprise_rows, product_rows
from portal.core.editions.models import Edition
from portal.core.pages.calendar_files import ONE_DAY, calendar_file, event_of
from portal.core.pages.feeds import Told, absolute, namespace
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt

MOST_ENDS = 2_000


def product_entries(ids: Sequence[int], reading: ReadAt, publishers: dict[str, str]) -> list[Told]:
    rows = product_rows(ids, reading, publishers)
    return _entries([(row, row.line.number, _of_product(row)) for row in rows], "products:detail")


def enterprise_entries(ids: Sequence[int], reading: ReadAt, publishers: dict[str, str]) -> list[Told]:
    rows = enterprise_rows(ids, reading, publishers)
    return _entries([(row, row.line.uscc, _of_enterprise(row)) for row in rows], "enterprises:detail")


def _of_product(row: ProductRow) -> str:
    until = f"，证书有效期至 {row.certificate.valid_until}" if row.certificate else ""
    return f"{row.line.enterprise_name or PLACEHOLDER}，{row.line.category_name}，{row.publisher}：{row.standing.word}{until}"


def _of_enterprise(row: EnterpriseRow) -> str:
    return f"{row.line.division_name}，{row.publisher}：{row.standing.word}，在列产品 {row.product_count} 项"


Row = ProductRow | EnterpriseRow


def _entries(rows: list[tuple[Row, str, str]], page: str) -> list[Told]:
    """Of lines; when each came is asked once for all of them."""
    space = namespace()
    editions = _editions_of([row.line for row, _number, _words in rows])
    return [
        Told.of(
            space,
            row.line.key,
            row.line.name or PLACEHOLDER,
            words,
            editions[row.line.pk],
            reverse(page, args=[number]),
        )
        for row, number, words in rows
    ]


def _editions_of(lines: Sequence[ProductLine | EnterpriseLine]) -> dict[int, Edition]:
    if not lines:
        return {}
    known = type(lines[0]).objects.filter(pk__in=[line.pk for line in lines]).select_related("from_edition")
    return {line.pk: edition for line in known.only("from_edition") if (edition := line.from_edition)}


def batch_entries(batches: Iterable[Batch], reading: ReadAt) -> list[Told]:
    """One a state that a batch has reached, newest first. Batches come with their editions."""
    space = namespace()
    found = [
        Told.of(
            space,
            f"batch/{batch.slug}/{word}",
            f"{batch.title}：{word}",
            words,
            edition,
            reverse("batches:detail", args=[batch.slug]),
        )
        for batch in batches
        for word, words, edition in _states(batch)
        if edition and edition.number <= reading.edition
    ]
    return sorted(found, key=lambda one: one.updated, reverse=True)


def _states(batch: Batch) -> Iterable[tuple[str, str, Edition | None]]:
    yield "公示", f"公示至 {batch.notice_until}，可以提出异议。", batch.notice_edition
    yield "已公布", f"批次编号 {batch.slug}。", batch.edition
    yield "已取消", batch.cancelled_reason, batch.cancelled_edition if batch.notice_edition_id else None


# -- calendars -------------------------------------------------------------------------------------------------------


def calendar_of_ends(ids: Sequence[int], total: int, reading: ReadAt, publishers: dict[str, str]) -> bytes:
    """Last days of the certificates that the products of a list rest on: one a certificate."""
    rows = product_rows(ids, reading, publishers)
    by_certificate: dict[
        int | None, list[ProductRow]
    ] = {}  # a number is one certificate within its body alone
    for row in rows:
        if row.certificate:
            by_certificate.setdefault(row.line.certificate_id, []).append(row)
    note = f"只放进了前 {len(ids)} 项产品的证书，清单共 {total} 项，请先筛选。" if total > len(ids) else ""
    events = [_end(own, reading) for own in by_certificate.values()]
    return calendar_file("Certificates", "证书到期日·绿色建材下乡", events, note)


def _end(rows: list[ProductRow], reading: ReadAt) -> Event:
    row = rows[0]
    certificate = row.certificate
    assert certificate is not None  # noqa: S101 - grouped by it
    current = next((one for one in rows if one.standing.is_current), None)
    said = "当天仍有效，次日起过期" if current else f"现在的状态：{row.standing.word}"
    names = "、".join(one.line.name or PLACEHOLDER for one in rows[:5]) + ("等" if len(rows) > 5 else "")
    return event_of(
        UID=f"end-{row.line.certificate_id}@{urlsplit(settings.SITE_URL).hostname}",
        DTSTAMP=reading.moment,
        DTSTART=certificate.valid_until,
        DTEND=certificate.valid_until + ONE_DAY,
        SUMMARY=f"证书到期：{certificate.number}",
        DESCRIPTION=f"{row.line.enterprise_name or PLACEHOLDER}：{names}。{said}。",
        URL=absolute(Query().put(number=certificate.number).link(reverse("check"))),
        TRANSP="TRANSPARENT",
    )


def calendar_of_notices(batches: Iterable[Batch], reading: ReadAt) -> bytes:
    """Notice periods, the last day included; a batch that was cancelled says so."""
    events = [_period(batch, reading) for batch in batches if batch.notice_from and batch.notice_until]
    return calendar_file("Notices", "批次公示期·绿色建材下乡", events)


def _period(batch: Batch, reading: ReadAt) -> Event:
    assert batch.notice_from  # noqa: S101 - looked at before
    assert batch.notice_until  # noqa: S101
    is_cancelled = batch.cancelled_edition_id is not None and batch.cancelled_edition_id <= reading.edition
    return event_of(
        UID=f"notice-{batch.slug}@{urlsplit(settings.SITE_URL).hostname}",
        DTSTAMP=reading.moment,
        DTSTART=batch.notice_from,
        DTEND=batch.notice_until + ONE_DAY,
        SUMMARY=f"{'（已取消）' if is_cancelled else ''}公示：{batch.title}",
        DESCRIPTION=f"批次编号 {batch.slug}。公示期内可以提出异议。",
        URL=absolute(reverse("batches:detail", args=[batch.slug])),
        STATUS="CANCELLED" if is_cancelled else "CONFIRMED",
        TRANSP="TRANSPARENT",
    )
