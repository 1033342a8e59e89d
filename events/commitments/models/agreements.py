"""Agreements with institutions: parties, day, what is promised."""

import datetime
from functools import cached_property

from django.db import models

from catalog.standing.spans import AGREEMENT
from portal.core.files.shown import Attachment
from portal.core.text.dates import PartialDate
from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .stated import Precision


class Agreement(Identity):
    KIND = "agreement"

    class Meta:
        verbose_name = "合作协议"
        verbose_name_plural = "合作协议"


class AgreementVersionQuerySet(VersionQuerySet):
    def newest_first(self) -> "AgreementVersionQuerySet":
        return self.order_by("-signed_on", "agreement_id")


class AgreementVersion(Version):
    """What is said of an agreement. `organisation` is the institution on whose page it stands."""

    IDENTITY = "agreement"
    NAMES_FILES = ("scans",)
    SEALED = (
        "agreement_id",
        "title",
        "parties",
        "organisation_id",
        "campaign_id",
        "activity_id",
        "signed_on",
        "signed_precision",
        "promises",
        "ended_on",
        "ended_reason",
        "scans",
        "source",
        "source_link",
        *Version.SAID,
    )

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions", verbose_name="合作协议")
    title = models.CharField("名称", max_length=100)
    parties = models.JSONField("签约各方", default=list)
    organisation = models.ForeignKey(
        "campaigns.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="签约机构",
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
    promises = models.JSONField("约定事项", default=list)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ended_reason = models.CharField("终止原因", max_length=300, blank=True)
    scans = models.JSONField("公开扫描件", default=list, blank=True, editable=False)
    source = models.CharField("来源", max_length=300)
    source_link = models.URLField("来源地址", max_length=300, blank=True)

    objects = AgreementVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "合作协议"
        verbose_name_plural = "合作协议"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("agreementversion", "agreement"),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, ended_reason="")
                | models.Q(~models.Q(ended_reason=""), ended_on__isnull=False),
                name="agreement_end_says_why",
                violation_error_message="终止日期和终止原因须一同填写。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def signed(self) -> PartialDate:
        return PartialDate.of(self.signed_on, self.signed_precision)

    @property
    def party_names(self) -> str:
        return "、".join(party["name"] for party in self.parties)

    @cached_property
    def shown_scans(self) -> list[Attachment]:
        return [Attachment.read(value) for value in self.scans]

    def is_over(self, day: datetime.date) -> bool:
        return not AGREEMENT.of(self, day).is_current
