"""Lines: the public rows of the registers, frozen when their batch is submitted."""

import datetime

from django.db import models

from catalog.publication.models.bare import Bare
from catalog.standing.registers import CERTIFICATE
from portal.core.editions.models import Edition, PublicRow

from .acts import Action, ListingStatus, ReasonCode


class Line(PublicRow):
    """What every line carries: its batch and place in it, the act, and the reason where the act needs one."""

    batch: models.ForeignKey
    replaces_id: int | None

    ACT = (
        "batch_id",
        "position",
        "publisher",
        "action",
        "reason_code",
        "reason",
        "fact_on",
        "authority",
        "document",
    )

    # Most lines replace none and end nowhere: an index of all of them would say nothing of nearly each.
    until_edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name="结束版",
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        db_index=False,
    )
    position = models.PositiveIntegerField("行号", editable=False)
    publisher = models.CharField("发布方", max_length=8)
    action = models.CharField("动作", max_length=8, choices=Action)
    reason_code = models.CharField("原因", max_length=24, choices=ReasonCode, blank=True)
    reason = models.CharField("原因说明", max_length=300, blank=True)
    fact_on = models.DateField("事实日期", null=True, blank=True)
    authority = models.CharField("认定机关", max_length=100, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)

    class Meta(PublicRow.Meta):
        abstract = True
        # Rows are wide; a batch's page counts its lines by action without reading them.
        indexes = [
            models.Index(fields=["batch", "action"], name="%(class)s_acts"),
            models.Index(
                fields=["until_edition"],
                condition=models.Q(until_edition__isnull=False),
                name="%(class)s_ended",
            ),
            models.Index(
                fields=["replaces"], condition=models.Q(replaces__isnull=False), name="%(class)s_replaces"
            ),
        ]

    def __str__(self):
        return self.key


class EnterpriseLine(Line):
    """One enterprise in the directory of one publisher."""

    SEALED = (
        *Line.ACT,
        "enterprise_id",
        "listed_in",
        "listing_status",
        "uscc",
        "name",
        "former_names",
        "division_code",
        "division_name",
        "phone",
        "website",
        "sells_in",
    )

    batch = models.ForeignKey(
        "publication.Batch", models.PROTECT, related_name="enterprise_lines", db_index=False
    )
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="lines")
    listed_in = models.CharField("列入批次", max_length=20)
    listing_status = models.CharField(
        "列示状态", max_length=10, choices=ListingStatus, default=ListingStatus.LISTED
    )
    uscc = models.CharField("统一社会信用代码", max_length=18, db_index=True)
    name = models.CharField("企业名称", max_length=120)
    former_names = models.JSONField("曾用名", default=list)
    division_code = models.CharField("区划代码", max_length=6, blank=True)
    division_name = models.CharField("所在地", max_length=80, blank=True)
    phone = models.CharField("单位电话", max_length=40, blank=True)
    website = models.CharField("网址", max_length=200, blank=True)
    sells_in = models.CharField("销售范围", max_length=400, blank=True)

    class Meta(Line.Meta):
        verbose_name = "企业行"
        verbose_name_plural = "企业行"
        constraints = [
            *Line.Meta.constraints,
            models.UniqueConstraint(
                fields=["enterprise", "publisher"],
                condition=models.Q(from_edition__isnull=False, until_edition__isnull=True),
                name="enterpriseline_one_current",
            ),
            models.UniqueConstraint(
                fields=["batch", "enterprise", "publisher"], name="enterpriseline_once_a_batch"
            ),
        ]


class CertificateLine(Line):
    """What is publicly said of one certificate; the product lines of all publishers show it by its key."""

    SEALED = (
        *Line.ACT,
        "certificate_id",
        "body_code",
        "body_name",
        "number",
        "number_key",
        "star",
        "applicant_name",
        "maker_name",
        "factory_name",
        "standard",
        "issued_on",
        "valid_until",
        "status",
        "status_reason",
        "status_on",
        "renews_number",
    )

    batch = models.ForeignKey(
        "publication.Batch", models.PROTECT, related_name="certificate_lines", db_index=False
    )
    certificate = models.ForeignKey("products.Certificate", models.PROTECT, related_name="lines")
    body_code = models.CharField("认证机构代码", max_length=20)
    body_name = models.CharField("认证机构", max_length=100)
    number = models.CharField("证书编号", max_length=64)
    number_key = models.CharField(max_length=80, editable=False, db_index=True)
    star = models.CharField("认证等级", max_length=5)
    applicant_name = models.CharField("认证委托人", max_length=120, blank=True)
    maker_name = models.CharField("制造商", max_length=120, blank=True)
    factory_name = models.CharField("生产厂", max_length=120, blank=True)
    standard = models.CharField("认证依据标准", max_length=200, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", db_index=True)
    status = models.CharField("状态", max_length=10)
    status_reason = models.CharField("状态原因", max_length=200, blank=True)
    status_on = models.DateField("状态日期", null=True, blank=True)
    renews_number = models.CharField("换自证书", max_length=64, blank=True, db_index=True)

    class Meta(Line.Meta):
        verbose_name = "证书行"
        verbose_name_plural = "证书行"
        indexes = [*Line.Meta.indexes, models.Index(Bare("number_key"), name="certificateline_bare")]
        constraints = [
            *Line.Meta.constraints,
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(from_edition__isnull=False, until_edition__isnull=True),
                name="certificateline_one_current",
            ),
            models.UniqueConstraint(fields=["batch", "certificate"], name="certificateline_once_a_batch"),
        ]

    def is_in_force(self, on: datetime.date) -> bool:
        return CERTIFICATE.of(self, on).is_current


class ProductLine(Line):
    """One product on the list of one publisher."""

    SEALED = (
        *Line.ACT,
        "product_id",
        "enterprise_id",
        "certificate_id",
        "listed_in",
        "listing_status",
        "number",
        "name",
        "models_text",
        "brand",
        "category_code",
        "category_name",
        "enterprise_uscc",
        "enterprise_name",
        "division_code",
        "division_name",
        "basis",
        "body_code",
        "certificate_number",
        "requirement_title",
        "requirement_version",
    )

    class Basis(models.TextChoices):
        CERTIFICATE = "certificate", "认证证书"
        LOCAL = "local", "地方技术要求（未经认证）"

    batch = models.ForeignKey(
        "publication.Batch", models.PROTECT, related_name="product_lines", db_index=False
    )
    product = models.ForeignKey("products.Product", models.PROTECT, related_name="lines")
    enterprise = models.ForeignKey("enterprises.Enterprise", models.PROTECT, related_name="product_lines")
    certificate = models.ForeignKey(
        "products.Certificate", models.PROTECT, null=True, blank=True, related_name="product_lines"
    )
    listed_in = models.CharField("列入批次", max_length=20)
    listing_status = models.CharField(
        "列示状态", max_length=10, choices=ListingStatus, default=ListingStatus.LISTED
    )
    number = models.CharField("清单编号", max_length=9, db_index=True)
    name = models.CharField("产品名称", max_length=120)
    models_text = models.TextField("规格型号", blank=True)
    brand = models.CharField("品牌", max_length=60, blank=True)
    category_code = models.CharField("品类代码", max_length=12)
    category_name = models.CharField("品类", max_length=60)
    enterprise_uscc = models.CharField("企业信用代码", max_length=18)
    enterprise_name = models.CharField("企业名称", max_length=120)
    division_code = models.CharField("区划代码", max_length=6, blank=True)
    division_name = models.CharField("企业所在地", max_length=80, blank=True)
    basis = models.CharField("列入依据", max_length=11, choices=Basis)
    body_code = models.CharField("认证机构代码", max_length=20, blank=True)
    certificate_number = models.CharField("证书编号", max_length=64, blank=True)
    requirement_title = models.CharField("地方技术要求", max_length=120, blank=True)
    requirement_version = models.CharField("技术要求版本", max_length=20, blank=True)

    class Meta(Line.Meta):
        verbose_name = "产品行"
        verbose_name_plural = "产品行"
        constraints = [
            *Line.Meta.constraints,
            models.UniqueConstraint(
                fields=["product", "publisher"],
                condition=models.Q(from_edition__isnull=False, until_edition__isnull=True),
                name="productline_one_current",
            ),
            models.UniqueConstraint(
                fields=["batch", "product", "publisher"], name="productline_once_a_batch"
            ),
            models.CheckConstraint(
                condition=models.Q(basis="certificate", certificate__isnull=False)
                | models.Q(basis="local", certificate__isnull=True),
                name="productline_basis_fits",
            ),
        ]


LINE_MODELS: tuple[type[Line], ...] = (EnterpriseLine, CertificateLine, ProductLine)
