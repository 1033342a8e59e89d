"""What certificates and products refer to: the catalogue of kinds, certification bodies, local requirements."""

import datetime

from django.db import models

from catalog.standing.spans import SPAN
from portal.core.audit.changes import Tracked


class Catalogue(Tracked, models.Model):
    """A version of the catalogue of certifiable kinds; codes of categories stay the same across versions."""

    version = models.CharField("版本", max_length=20, unique=True)
    title = models.CharField("文件", max_length=200)
    from_on = models.DateField("起用日期", null=True, blank=True)

    class Meta:
        verbose_name = "品类目录版本"
        verbose_name_plural = "品类目录版本"

    def __str__(self):
        return self.title


class Category(Tracked, models.Model):
    """A kind of product in the catalogue (51 kinds in six groups), or of a green-product standard (GB/T 356xx)."""

    class HousePart(models.TextChoices):
        ROOF = "roof", "屋顶"
        WALL = "wall", "墙体"
        FLOOR = "floor", "地面"
        WINDOW_DOOR = "window_door", "门窗"
        WATER = "water", "用水"
        PAINT = "paint", "涂料"
        ENERGY = "energy", "能源"
        OTHER = "other", "其他"

    class Scheme(models.TextChoices):
        GREEN_MATERIAL = "green_material", "绿色建材产品认证"
        GREEN_PRODUCT = "green_product", "绿色产品认证"

    code = models.CharField("代码", max_length=12, primary_key=True)
    catalogue = models.ForeignKey(
        Catalogue, models.PROTECT, related_name="categories", verbose_name="目录版本"
    )
    scheme = models.CharField("认证类别", max_length=15, choices=Scheme)
    name = models.CharField("名称", max_length=60)
    name_en = models.CharField("英文名", max_length=100, blank=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    group_code = models.CharField("大类代码", max_length=4)
    group_name = models.CharField("大类", max_length=40)
    position = models.PositiveSmallIntegerField("次序")
    house_part = models.CharField("房屋部位", max_length=12, choices=HousePart, default=HousePart.OTHER)
    standard_number = models.CharField("标准号", max_length=60, blank=True)
    standard_title = models.CharField("标准名称", max_length=100, blank=True)
    is_standard_confirmed = models.BooleanField("标准号已核对", default=False)

    class Meta:
        verbose_name = "品类"
        verbose_name_plural = "品类"
        ordering = ["group_code", "position"]

    def __str__(self):
        return self.name


def categories() -> list[tuple[str, str]]:
    """Code and name, as filters offer them."""
    return list(Category.objects.order_by("position", "code").values_list("code", "name"))


class CertificationBody(Tracked, models.Model):
    """A body that issues certificates. `short_names` are the other names under which lists name it."""

    code = models.SlugField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=100, unique=True)
    short_names = models.JSONField("简称", default=list, blank=True)
    source = models.CharField("出处", max_length=300, blank=True)

    class Meta:
        verbose_name = "认证机构"
        verbose_name_plural = "认证机构"
        ordering = ["code"]

    def __str__(self):
        return self.name


class RequirementQuerySet(models.QuerySet):
    def in_scope(self, user) -> "RequirementQuerySet":
        scopes = user.scopes("registers.read")
        return self if scopes is None else self.filter(publisher__in=[f"{code[:2]}0000" for code in scopes])


class LocalRequirement(Tracked, models.Model):
    """A version of the technical requirement under which one pilot lists uncertified products."""

    publisher = models.CharField("发布方代码", max_length=8)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="品类")
    title = models.CharField("名称", max_length=120)
    version = models.CharField("版本", max_length=20)
    text = models.TextField("内容")
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    from_on = models.DateField("起用")
    until_on = models.DateField("停用", null=True, blank=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = "地方技术要求"
        verbose_name_plural = "地方技术要求"
        constraints = [
            models.UniqueConstraint(fields=["publisher", "title", "version"], name="requirement_once"),
            models.CheckConstraint(
                condition=~models.Q(publisher="national"),
                name="requirement_is_local",
                violation_error_message="地方技术要求只能由试点地区发布。",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on")),
                name="requirement_dates_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.title}（{self.version}）"

    @property
    def scope_division(self) -> str:
        return self.publisher

    def is_in_force(self, on: datetime.date) -> bool:
        return SPAN.of(self, on).is_current
