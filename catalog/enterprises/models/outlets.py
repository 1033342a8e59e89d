"""Where the products of an enterprise can be bought: outlets, which become public only as versions."""

from django.db import models

from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .enterprises import Enterprise


class Outlet(Identity):
    """A shop or depot that sells what one enterprise makes."""

    KIND = "outlet"
    SCOPE = "enterprise__division__code"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="outlets", verbose_name="企业")

    class Meta:
        verbose_name = "销售网点"
        verbose_name_plural = "销售网点"

    @property
    def scope_division(self) -> str:
        return self.enterprise.scope_division


class OutletQuerySet(VersionQuerySet):
    def by_place(self) -> "OutletQuerySet":
        return self.order_by("division_id", "outlet_id")


class OutletVersion(Version):
    """What is said of an outlet from one edition to another; the telephone is that of the shop, never a person's."""

    IDENTITY = "outlet"
    SEALED = (
        "outlet_id",
        "enterprise_id",
        "name",
        "division_id",
        "division_name",
        "address",
        "phone",
        "checked_on",
        *Version.SAID,
    )

    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="versions", verbose_name="销售网点")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", verbose_name="企业")
    name = models.CharField("网点名称", max_length=100)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="所在地")
    division_name = models.CharField("所在地名称", max_length=80, editable=False)
    address = models.CharField("地址", max_length=200)
    phone = models.CharField("网点电话", max_length=40, blank=True)
    checked_on = models.DateField("核对日期", help_text="这些内容是哪一天核对的。")

    objects = OutletQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "销售网点"
        verbose_name_plural = "销售网点"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("outletversion", "outlet"),
        ]

    def __str__(self):
        return f"{self.name}（{self.division_name}）"
