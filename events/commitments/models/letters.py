"""Commitment letters: who promised what, when, and whether the promise still stands."""

import datetime
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models.functions import Coalesce

from catalog.campaigns.models import CampaignVersion
from catalog.standing.spans import LETTER
from portal.core.audit.changes import WorkingRow
from portal.core.files.shown import Attachment
from portal.core.text.dates import PartialDate
from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .stated import Precision


class Standing(models.TextChoices):
    """What a letter is on a day. `EXPIRED` is computed from the last day and never stored."""

    IN_FORCE = "in_force", "有效"
    EXPIRED = "expired", "到期"
    WITHDRAWN = "withdrawn", "撤回"
    BROKEN = "broken", "违约撤销"


STORED = [(one.value, one.label) for one in Standing if one != Standing.EXPIRED]


def standing_condition(standing: str, day: datetime.date) -> models.Q:
    """Letters that are in force, expired, withdrawn or broken on `day`; each letter is one of these."""
    return LETTER.condition([standing], day)


class Letter(Identity):
    """One signed letter; its number is its address."""

    KIND = "letter"

    class Meta:
        verbose_name = "承诺书"
        verbose_name_plural = "承诺书"


class LetterVersionQuerySet(VersionQuerySet):
    """Whatever is read here in public knows its last day; what is gathered otherwise is told by `ending`."""

    def visible(self, edition: int, day: datetime.date) -> Self:
        return super().visible(edition, day).ending(CampaignVersion.objects.visible(edition, day))

    def ever_visible(self, day: datetime.date, edition: int | None = None) -> Self:
        campaigns = CampaignVersion.objects
        return (
            super()
            .ever_visible(day, edition)
            .ending(campaigns.current() if edition is None else campaigns.visible(edition, day))
        )

    def current(self) -> Self:
        return super().current().ending(CampaignVersion.objects.current())

    def ending(self, campaigns: VersionQuerySet) -> Self:
        """With `ends_on`: the last day of the letter, or of its campaign as `campaigns` say it; None where neither does."""
        own = campaigns.standing().filter(campaign=models.OuterRef("campaign"))
        return self.annotate(ends_on=Coalesce("valid_until", models.Subquery(own.values("until_on")[:1])))

    def newest_first(self) -> Self:
        return self.order_by("-signed_on", "letter_id")

    def of_enterprise(self, uscc: str) -> Self:
        return self.filter(uscc=uscc)


class LetterVersion(Version):
    """What is said of a letter from one edition to another; a change of its standing is a new version.

    `party_name` is the name as signed; `uscc` links it to an enterprise where somebody knows the code. The scan, where
    there is one, is a redacted copy with its transcript. The signatory is in `Signatory` and never public.
    """

    IDENTITY = "letter"
    NAMES_FILES = ("scans",)
    SEALED = (
        "letter_id",
        "party_name",
        "uscc",
        "organisation_id",
        "template_version_id",
        "campaign_id",
        "activity_id",
        "signed_on",
        "signed_precision",
        "valid_until",
        "promises",
        "standing",
        "standing_on",
        "standing_reason",
        "standing_document",
        "reply",
        "replied_on",
        "scans",
        "source",
        "source_link",
        *Version.SAID,
    )

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="versions", verbose_name="承诺书")
    party_name = models.CharField("承诺方（照签署名称）", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, db_index=True)
    organisation = models.ForeignKey(
        "campaigns.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="活动机构",
    )
    template_version = models.ForeignKey(
        "commitments.TemplateVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所签文本",
    )
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="活动年度",
    )
    activity = models.ForeignKey(
        "activities.Activity",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="在哪场活动签署",
    )
    signed_on = models.DateField("签署日期", db_index=True)
    signed_precision = models.CharField("签署日期的精度", max_length=5, choices=Precision)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    promises = models.JSONField("承诺要点", default=list, blank=True)
    standing = models.CharField("承诺状态", max_length=9, choices=STORED, default=Standing.IN_FORCE)
    standing_on = models.DateField("状态日期", null=True, blank=True)
    standing_reason = models.CharField("状态原因", max_length=300, blank=True)
    standing_document = models.CharField("依据文书", max_length=120, blank=True)
    reply = models.TextField("企业回应", max_length=1000, blank=True)
    replied_on = models.DateField("回应日期", null=True, blank=True)
    scans = models.JSONField("公开扫描件", default=list, blank=True, editable=False)
    source = models.CharField("来源", max_length=300)
    source_link = models.URLField("来源地址", max_length=300, blank=True)

    objects = LetterVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "承诺书"
        verbose_name_plural = "承诺书"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("letterversion", "letter"),
            models.CheckConstraint(
                condition=models.Q(standing="in_force", standing_on__isnull=True, standing_reason="")
                | models.Q(
                    ~models.Q(standing="in_force"), ~models.Q(standing_reason=""), standing_on__isnull=False
                ),
                name="letter_standing_says_why",
                violation_error_message="撤回或违约撤销须写明日期和原因；有效的不写。",
            ),
            models.CheckConstraint(
                condition=models.Q(reply="", replied_on__isnull=True)
                | models.Q(~models.Q(reply=""), replied_on__isnull=False),
                name="letter_reply_has_day",
                violation_error_message="企业回应和回应日期须一同填写。",
            ),
            models.CheckConstraint(
                condition=models.Q(standing_on__isnull=True)
                | models.Q(standing_on__gte=models.F("signed_on")),
                name="letter_ends_after_signing",
                violation_error_message="状态日期早于签署日期。",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("signed_on")),
                name="letter_valid_after_signing",
                violation_error_message="有效期至早于签署日期。",
            ),
        ]

    def __str__(self):
        return f"{self.party_name}承诺书"

    @property
    def signed(self) -> PartialDate:
        return PartialDate.of(self.signed_on, self.signed_precision)

    @cached_property
    def shown_scans(self) -> list[Attachment]:
        return [Attachment.read(value) for value in self.scans]

    def standing_at(self, day: datetime.date) -> Standing:
        """Of a row that was read with its last day."""
        return Standing(LETTER.of(self, day).code)


class Signatory(WorkingRow):
    """Who signed a letter: personal, internal, in no version and no seal."""

    PERSONAL = ("name", "title")

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="signatory", verbose_name="承诺书")
    name = models.CharField("签署人", max_length=40, blank=True)
    title = models.CharField("职务", max_length=60, blank=True)

    class Meta:
        verbose_name = "签署人（内部）"
        verbose_name_plural = "签署人（内部）"

    def __str__(self):
        return f"承诺书 {self.letter_id} 的签署人"
