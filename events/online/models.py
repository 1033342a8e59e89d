"""Online platforms and the shops on them: identities with versions, public only through publication."""

from django.db import models

from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .addresses import LONGEST, host_of, is_allowed


class Platform(Identity):
    """A platform that sells. `slug` is its name in addresses: /online/jd.json."""

    KIND = "platform"

    slug = models.SlugField("地址名", max_length=20, unique=True)

    class Meta:
        verbose_name = "线上平台"
        verbose_name_plural = "线上平台"

    def __str__(self):
        return self.slug


class PlatformVersion(Version):
    """What a platform is called, and the only hosts to which this site sends anybody on its behalf."""

    IDENTITY = "platform"
    SEALED = (
        "platform_id",
        "slug",
        "name",
        "operator",
        "hosts",
        "about",
        "source",
        *Version.SAID,
        "entrance",
    )

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="versions", verbose_name="线上平台")
    slug = models.SlugField("地址名", max_length=20, editable=False)
    name = models.CharField("名称", max_length=40)
    operator = models.CharField("经营者", max_length=100, blank=True)
    hosts = models.JSONField("允许的主机", default=list)
    about = models.CharField("说明", max_length=300, blank=True)
    entrance = models.CharField(
        "活动专区网址",
        max_length=LONGEST,
        blank=True,
        default="",
        db_default="",
        help_text="平台为本活动开设的专区；主机须在允许的主机之内。还没有的留空，公众看到「尚未提供地址」。",
    )
    source = models.CharField("来源", max_length=300)

    class Meta(Version.Meta):
        verbose_name = "线上平台"
        verbose_name_plural = "线上平台"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("platformversion", "platform"),
        ]

    def __str__(self):
        return self.name

    @property
    def open_entrance(self) -> str:
        """Where the campaign's own part of the platform is; empty while no address, or none that is allowed, was given."""
        return self.entrance if is_allowed(self.entrance, self.hosts) else ""

    @property
    def entrance_host(self) -> str:
        return host_of(self.open_entrance)

    @classmethod
    def own_fields(cls) -> list[str]:
        return [name for name in super().own_fields() if name != "slug"]


class Shop(Identity):
    """A place on a platform where an enterprise sells: all its things, or one product."""

    KIND = "shop"

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="shops", verbose_name="平台")
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="shops", verbose_name="企业"
    )
    product = models.ForeignKey(
        "products.Product", models.PROTECT, null=True, blank=True, related_name="shops", verbose_name="产品"
    )

    class Meta:
        verbose_name = "店铺链接"
        verbose_name_plural = "店铺链接"
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "product"],
                condition=models.Q(product__isnull=False),
                name="shop_one_of_a_product",
            ),
            models.UniqueConstraint(
                fields=["platform", "enterprise"],
                condition=models.Q(product__isnull=True),
                name="shop_one_of_an_enterprise",
            ),
        ]


class ShopVersionQuerySet(VersionQuerySet):
    def shown(self, edition: int, day) -> "ShopVersionQuerySet":
        """Links that a visitor may follow, as far as they alone decide it."""
        return self.visible(edition, day).standing()  # type: ignore[return-value]


class ShopVersion(Version):
    """The address of a shop. It is shown only while its platform allows the host and its product is current."""

    IDENTITY = "shop"
    SEALED = ("shop_id", "platform_slug", "target", "title", "url", *Version.SAID)

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="versions", verbose_name="店铺链接")
    platform_slug = models.SlugField("平台", max_length=20, editable=False)
    target = models.CharField("清单编号或信用代码", max_length=18, editable=False)
    title = models.CharField("店铺或商品名称", max_length=100)
    url = models.CharField("网址", max_length=400)

    objects = ShopVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "店铺链接"
        verbose_name_plural = "店铺链接"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("shopversion", "shop"),
        ]

    def __str__(self):
        return f"{self.title}（{self.target}）"

    @property
    def host(self) -> str:
        return host_of(self.url)
