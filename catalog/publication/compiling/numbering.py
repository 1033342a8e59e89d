"""Which number a batch has, and the draft that belongs to it."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, models, transaction

from catalog.campaigns.models import Campaign
from catalog.regions.models import Division
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.workflow import NoPermission, NotAllowed

from ..models import NATIONAL, Batch
from .mandates import COMPILER, Mandate

_LETTERS = {Batch.Kind.BATCH: "", Batch.Kind.ADJUSTMENT: "t", Batch.Kind.ERRATUM: "k"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_SLUG = re.compile(r"(?:(?P<publisher>\d{6})-)?(?P<year>20\d\d)-(?P<letter>[tk]?)(?P<ordinal>[1-9]\d{0,2})")


@dataclass(frozen=True)
class BatchNumber:
    """2022-1, 2022-t1 (动态调整), 2022-k1 (勘误); a local publisher's code stands in front."""

    publisher: str
    kind: str
    year: int
    ordinal: int

    @property
    def slug(self) -> str:
        front = "" if self.publisher == NATIONAL else f"{self.publisher}-"
        return f"{front}{self.year}-{_LETTERS[Batch.Kind(self.kind)]}{self.ordinal}"

    @classmethod
    def parse(cls, slug: str) -> "BatchNumber":
        """Raises NotAllowed for anything that is not a batch number."""
        match = _SLUG.fullmatch(slug)
        if match is None:
            raise NotAllowed(
                "batch.slug",
                f"「{slug}」不是批次编号。批次写作 2022-1，动态调整 2022-t1，勘误 2022-k1，地方批次在前面加省级代码，如 350000-2023-1。",
            )
        kind = _KINDS[match["letter"]]
        return cls(match["publisher"] or NATIONAL, kind, int(match["year"]), int(match["ordinal"]))


def publisher_name(publisher: str) -> str:
    """「国家」 or the name of the province."""
    if publisher == NATIONAL:
        return "国家"
    return Division.objects.filter(pk=publisher).values_list("name", flat=True).first() or publisher


def check_publisher(publisher: str) -> None:
    """Raises NotAllowed unless `publisher` is national or the code of a province."""
    if (
        publisher != NATIONAL
        and not Division.objects.filter(pk=publisher, level=Division.Level.PROVINCE).exists()
    ):
        raise NotAllowed(
            "batch.publisher", f"没有「{publisher}」这个发布方。请写 national，或省级区划代码，如 350000。"
        )


def draft_named(slug: str, *, by) -> Batch:
    """The draft batch of that number, opened when it does not exist. Raises NotAllowed when it is no draft any more."""
    batch = Batch.objects.filter(slug=slug).first()
    if batch is None:
        return open_draft(BatchNumber.parse(slug), by=by)
    if batch.state != Batch.State.DRAFT:
        raise NotAllowed(
            "batch.state",
            f"批次 {slug} 的状态是「{batch.get_state_display()}」，不能再放入内容。请换一个编制中的批次。",
        )
    if not by.may("batches.compile", batch.scope_division):
        raise NoPermission("step.permission", "您的账号没有编制这个发布方批次的权限，请联系管理员授权。")
    return batch


def current_draft(publisher: str, kind: str, *, by, under: Mandate = COMPILER) -> Batch:
    """The publisher's one draft of that kind, or a new one with the next number of this year."""
    check_publisher(publisher)
    drafts = Batch.objects.filter(publisher=publisher, kind=kind, state=Batch.State.DRAFT)
    batch = drafts.first()
    if batch is not None:
        return batch
    try:
        return open_draft(next_number(publisher, kind), by=by, under=under)
    except NotAllowed as refusal:
        # Somebody opened it since we looked: theirs is the one draft.
        opened = drafts.first() if refusal.rule in ("batch.draft_exists", "batch.taken") else None
        if opened is None:
            raise
        return opened


def next_number(publisher: str, kind: str, year: int | None = None) -> BatchNumber:
    year = year or clock.today().year
    taken = Batch.objects.filter(publisher=publisher, kind=kind, year=year).aggregate(
        last=models.Max("ordinal")
    )
    return BatchNumber(publisher, kind, year, (taken["last"] or 0) + 1)


def open_draft(number: BatchNumber, *, by, under: Mandate = COMPILER, **fields) -> Batch:
    """A new empty draft. Two that open the same number at once are kept apart by the unique constraints."""
    check_publisher(number.publisher)
    campaign = fields.pop("campaign", None) or Campaign.of_year(number.year)
    if campaign is None:
        raise NotAllowed(
            "batch.campaign", f"{number.year} 年没有登记的活动年度，请先登记活动，或改用其他年度的编号。"
        )
    batch = Batch(
        campaign=campaign,
        publisher=number.publisher,
        kind=number.kind,
        year=number.year,
        ordinal=number.ordinal,
        slug=number.slug,
        title=fields.pop("title", "") or default_title(number),
        notice_days=fields.pop("notice_days", default_notice_days(number.kind)),
        created_by=by,
        **fields,
    )
    under.check(batch, by)
    try:
        with transaction.atomic():
            _refuse_second_draft(batch)
            batch.save(force_insert=True)
            record("batch.opened", batch, by=by)
    except IntegrityError as error:  # somebody opened it between the look and the save
        _refuse_second_draft(batch)
        raise NotAllowed("batch.taken", "别人刚好在同时开批次，请再试一次。") from error
    return batch


def default_notice_days(kind: str) -> int:
    return settings.NOTICE_DAYS if kind == Batch.Kind.BATCH else 0


def default_title(number: BatchNumber) -> str:
    front = "" if number.publisher == NATIONAL else publisher_name(number.publisher)
    ordinal = chinese_numeral(number.ordinal)
    names = {
        Batch.Kind.BATCH: f"{front}{number.year}年第{ordinal}批产品清单和企业名录",
        Batch.Kind.ADJUSTMENT: f"{front}{number.year}年第{ordinal}次动态调整",
        Batch.Kind.ERRATUM: f"{front}{number.year}年第{ordinal}次勘误",
    }
    return names[Batch.Kind(number.kind)]


def chinese_numeral(number: int) -> str:
    """1 to 99 in Chinese numerals, larger ones in digits."""
    digits = "零一二三四五六七八九"
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return front + (digits[ones] if ones else "")


def _refuse_second_draft(batch: Batch) -> None:
    other = Batch.objects.filter(publisher=batch.publisher, kind=batch.kind, state=Batch.State.DRAFT).first()
    if other is not None:
        raise NotAllowed(
            "batch.draft_exists",
            f"该发布方已有一个{batch.get_kind_display()}在编制中：{other.slug}。请放入那一批，或先提交、取消它。",
        )
    if Batch.objects.filter(slug=batch.slug).exists():
        raise NotAllowed("batch.taken", f"批次编号 {batch.slug} 已经用过，请用下一个序号。")
