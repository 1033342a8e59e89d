"""The product lines of an application: each is decided by itself."""

from django.db import models

from .applications import Application


class ItemState(models.TextChoices):
    PENDING = "pending", "待审核"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "待补正"
    REJECTED = "rejected", "不予通过"


class Item(models.Model):
    """One product that an application is about.

    Of a product case it is what was typed; `product` is the working row that came of it once it is approved. Of a
    renewal or a withdrawal `product` is the row that is meant, and the words are copied for reading.
    `reasons`: list of {"field", "code", "text"} of the newest return or rejection.
    """

    State = ItemState

    application = models.ForeignKey(Application, models.CASCADE, related_name="items", verbose_name="申报件")
    position = models.PositiveIntegerField("次序")
    name = models.CharField("产品名称", max_length=120)
    models_text = models.TextField("规格型号", blank=True)
    brand = models.CharField("品牌", max_length=60, blank=True)
    category = models.ForeignKey(
        "products.Category", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="品类"
    )
    product = models.ForeignKey(
        "products.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="application_items",
        verbose_name="产品",
    )
    state = models.CharField("状态", max_length=8, choices=ItemState, default=ItemState.PENDING)
    reasons = models.JSONField("退回原因", default=list)

    class Meta:
        verbose_name = "申报产品"
        verbose_name_plural = "申报产品"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="item_position_once"),
        ]

    def __str__(self):
        return self.name
