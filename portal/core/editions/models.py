"""Editions: the numbered states of everything public, and the rows that carry an interval of them."""

import datetime
from itertools import islice
from typing import Any, NoReturn, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from portal.core.audit.models import AppendOnly, AppendOnlyError, AppendOnlyQuerySet

from . import clock, digest, opened
from .digest import Seal


class Installation(models.Model):
    """The one row that says what this database is and how its office is reached; locking it serialises every public change."""

    class Kind(models.TextChoices):
        UNDECIDED = "undecided", "未定"
        DEMONSTRATION = "demonstration", "演示"
        REAL = "real", "正式"

    kind = models.CharField(max_length=15, choices=Kind, default=Kind.UNDECIDED)
    office_contact = models.CharField("办公室联系方式", max_length=120, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "本站资料"
        verbose_name_plural = "本站资料"

    def __str__(self) -> str:
        return self.get_kind_display()

    @classmethod
    def current_kind(cls) -> str:
        return cls.objects.filter(pk=1).values_list("kind", flat=True).first() or cls.Kind.UNDECIDED

    @classmethod
    def told(cls) -> tuple[str, str]:
        """Kind and office contact, in one query: every page says both."""
        said = cls.objects.filter(pk=1).values_list("kind", "office_contact").first()
        return said or (cls.Kind.UNDECIDED, "")

    @classmethod
    def office(cls) -> str:
        """How the office is reached: as the settings say, else as an administrator wrote it at the desk."""
        return settings.OBJECTION_CONTACT or cls.told()[1]

    @classmethod
    def locked(cls) -> "Installation":
        """The row, locked until the transaction ends."""
        if not cls.objects.filter(pk=1).exists():
            Installation.objects.bulk_create([Installation(pk=1)], ignore_conflicts=True)
        return cls.objects.select_for_update().get(pk=1)

    @classmethod
    @transaction.atomic
    def decide(cls, kind: str) -> bool:
        """Fix the kind of an undecided database. False when it was decided differently before."""
        installation = cls.locked()
        if installation.kind == cls.Kind.UNDECIDED:
            installation.kind = kind
            installation.save(update_fields=["kind"])
        return installation.kind == kind


class EditionQuerySet(AppendOnlyQuerySet):
    def current_number(self) -> int:
        """Number of the newest edition; 0 while nothing was ever published."""
        return self.aggregate(newest=models.Max("number"))["newest"] or 0

    def on_day(self, day: datetime.date) -> "Edition | None":
        """The last edition of that day in Shanghai, or of the days before it."""
        return self.filter(at__lt=clock.end_of(day)).order_by("-number").first()


class Edition(AppendOnly):
    """One public change of any kind. Numbers have no gaps; `head` chains every edition to all before it."""

    class Cause(models.TextChoices):
        BATCH = "batch", "批次公布"
        NOTICE = "notice", "批次公示"
        RECORD = "record", "内容公布"
        REDACTION = "redaction", "依法隐去"

    number = models.PositiveIntegerField("版号", primary_key=True)
    token = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField("时间", db_index=True)
    cause = models.CharField("缘由", max_length=10, choices=Cause)
    subject = models.CharField("对象", max_length=200)
    root = models.CharField("根", max_length=64)
    header = models.JSONField("头", encoder=DjangoJSONEncoder)
    head = models.CharField("链头", max_length=64)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "版次"
        verbose_name_plural = "版次"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"第{self.number}版"

    @property
    def day(self) -> datetime.date:
        return clock.day_of(self.at)


class PublicQuerySet(models.QuerySet[Any]):
    """Rows that may be public. Only `portal.core.editions.release` gives them their editions."""

    def public(self, edition: int) -> Self:
        """Rows that are public in edition number `edition`."""
        still_public = models.Q(until_edition__isnull=True) | models.Q(until_edition__gt=edition)
        return self.filter(still_public, from_edition__lte=edition)

    def current(self) -> Self:
        return self.filter(from_edition__isnull=False, until_edition__isnull=True)

    def unpublished(self) -> Self:
        return self.filter(from_edition__isnull=True)

    def update(self, **kwargs: object) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are ended and replaced, never edited.")

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.filter(from_edition__isnull=False).exists():
            raise AppendOnlyError(f"{self.model.__name__} rows that were public are never deleted.")
        return super().delete()

    def stamp(self, **editions: object) -> int:
        """Set from_edition or until_edition; for `release` and for redaction alone."""
        return super().update(**editions)


class PublicRow(models.Model):
    """A row with a half-open interval of editions, sealed by a digest over the columns named in `SEALED`.

    A new column goes to the end of `SEALED`: a row knows the sealed columns by their order (ADR 0033).
    `ATTESTED` names those that the header of its edition says instead: who did what (`portal.core.editions.acts`).
    """

    SEALED: tuple[str, ...] = ()
    ATTESTED: tuple[str, ...] = ()

    key = models.CharField("键", max_length=200)
    from_edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="起始版",
    )
    until_edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="结束版",
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by"
    )
    salts = models.JSONField(default=dict, editable=False)
    hashes = models.JSONField(default=dict, editable=False)
    digest = models.CharField("摘要", max_length=64, editable=False)
    redacted = models.JSONField("已隐去的字段", default=list, editable=False)

    objects = PublicQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_edition__isnull=True)
                | models.Q(from_edition__isnull=False, until_edition__gt=models.F("from_edition")),
                name="%(class)s_interval",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=models.Q(from_edition__isnull=False),
                name="%(class)s_replaced_once",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.from_edition_id is not None:
            raise AppendOnlyError(f"{type(self).__name__} rows that are public are never edited.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.from_edition_id is not None:
            raise AppendOnlyError(f"{type(self).__name__} rows that were public are never deleted.")
        return super().delete(*args, **kwargs)

    def sealed_values(self) -> dict[str, object]:
        """The public columns as they are hashed: text, whole numbers, lists, ISO dates and times, null."""
        values: dict[str, object] = {"replaces": self.replaces.digest if self.replaces else ""}
        for field in self.SEALED:
            value = getattr(self, field)
            is_temporal = isinstance(value, datetime.date | datetime.time)
            values[field] = value.isoformat() if is_temporal else value
        return values

    def seal(self) -> None:
        """Compute secret, marks and digest from the present values. Call before saving; the row must be unpublished."""
        sealed = digest.seal(self.key, self.sealed_values())
        self.salts, self.hashes, self.digest = sealed.secret, sealed.marks, sealed.digest

    def proof(self) -> tuple[dict[str, str], dict[str, str]]:
        """Salts and hashes by field, as anybody recomputes them. A redaction keeps both without the salts that went."""
        if isinstance(self.salts, dict):
            return self.salts, self.hashes
        sealed, salts = self._sealed_again(self.sealed_values())
        return salts, sealed.hashes

    def give_up(self, names: list[str]) -> None:
        """Drop the salts of these columns, whose values are about to go, for good: the row's secret would give them back."""
        salts, hashes = self.proof()
        salts = {name: salt for name, salt in salts.items() if name not in names}
        self.redacted = [*self.redacted, *names]
        fields = list(self.sealed_values())[: len(hashes)]
        if set(fields) == set(hashes):
            ordered = {name: hashes[name] for name in fields}
            self.salts, self.hashes = opened.pack(salts, ordered, self.redacted)
        else:  # sealed before columns kept their order
            self.salts, self.hashes = salts, hashes

    def broken_fields(self) -> list[str]:
        """Names of the columns whose value no longer has the sealed hash; 'digest' when the hashes were altered.

        A column that came later than the seal has no hash: there the row must say nothing.
        """
        values = self.sealed_values()
        if isinstance(self.salts, str) and isinstance(self.hashes, str):
            return self._broken_packed(values)
        if not isinstance(self.salts, dict) or not isinstance(self.hashes, dict):
            return ["digest"]
        broken = [
            field
            for field, value in values.items()
            if (value if field not in self.hashes else not self._is_intact(field, value))
        ]
        if not set(self.hashes) <= set(values) or digest.row_digest(self.key, self.hashes) != self.digest:
            broken.append("digest")
        return broken

    def _sealed_again(self, values: dict[str, object]) -> tuple[Seal, dict[str, str]]:
        """From the row's secret, over as many columns as it has marks; or from what a redaction left. With the salts."""
        if opened.is_opened(self.salts):
            return opened.seal(self.key, values, self.salts, self.hashes, self.redacted)
        count = len(self.hashes) // digest.MARK_DIGITS
        sealed = digest.seal(self.key, dict(islice(values.items(), count)), self.salts)
        return sealed, sealed.salts

    def _broken_packed(self, values: dict[str, object]) -> list[str]:
        try:
            sealed, salts = self._sealed_again(values)
        except ValueError:
            return ["digest"]
        marks, stored = sealed.marks, self.hashes
        broken = [
            field
            for at, field in enumerate(sealed.hashes)
            if (field in self.redacted and (values[field] or field in salts))
            or digest.mark_at(marks, at) != digest.mark_at(stored, at)
        ]
        broken += [field for field in values if field not in sealed.hashes and values[field]]
        if opened.is_opened(self.salts):
            is_whole = opened.pack(salts, sealed.hashes, self.redacted) == (self.salts, stored)
        else:
            is_whole = marks == stored
        return broken or ["digest"] * (sealed.digest != self.digest or not is_whole)

    def _is_intact(self, field: str, value: object) -> bool:
        if field in self.redacted:
            return not value and field not in self.salts
        salt = self.salts.get(field)
        if not isinstance(salt, str):
            return False
        try:
            return bool(digest.field_hash(field, value, salt) == self.hashes.get(field))
        except ValueError:
            return False
