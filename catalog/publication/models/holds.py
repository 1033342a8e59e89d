"""「核查中」: what one publisher alone may say at once, for a few days."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models

from catalog.standing.registers import HOLD
from portal.core.editions import clock
from portal.core.editions.models import PublicQuerySet, PublicRow


class HoldQuerySet(PublicQuerySet):
    def in_effect(self, day: datetime.date) -> Self:
        return self.filter(HOLD.condition(["checking"], day))


class Hold(PublicRow):
    """An enterprise, certificate or product is being looked into until the end of a day, or a hold was lifted early."""

    SEALED = (
        "enterprise_id",
        "certificate_id",
        "product_id",
        "target_key",
        "is_lifted",
        "reason",
        "until_on",
    )
    ATTESTED = ("set_by",)

    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, null=True, related_name="holds")
    certificate = models.ForeignKey("products.Certificate", models.PROTECT, null=True, related_name="holds")
    product = models.ForeignKey("products.Product", models.PROTECT, null=True, related_name="holds")
    target_key = models.CharField("对象", max_length=160)
    is_lifted = models.BooleanField("已解除", default=False)
    reason = models.CharField("说明", max_length=200)
    until_on = models.DateField("截止")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,  # older ones do not say it
        related_name="+",
        editable=False,
        verbose_name="办理人",
    )

    objects = HoldQuerySet.as_manager()  # type: ignore[misc]

    class Meta(PublicRow.Meta):
        verbose_name = "核查中"
        verbose_name_plural = "核查中"
        constraints = [
            *PublicRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False, certificate__isnull=True, product__isnull=True)
                | models.Q(enterprise__isnull=True, certificate__isnull=False, product__isnull=True)
                | models.Q(enterprise__isnull=True, certificate__isnull=True, product__isnull=False),
                name="hold_has_one_target",
            ),
        ]

    def __str__(self):
        return self.key

    def is_in_effect(self, on: datetime.date | None = None) -> bool:
        return HOLD.of(self, on or clock.today()).is_current
