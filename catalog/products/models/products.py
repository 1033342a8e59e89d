"""Certificates, what a check of them found, and products: working rows, never public but for the checks."""

import hashlib

from django.conf import settings
from django.db import models

from catalog.enterprises.models import Enterprise
from catalog.fields.catalogue import CERTIFICATE, PRODUCT
from portal.core.audit.changes import WorkingRow
from portal.core.editions.models import PublicRow
from portal.core.editions.protection_rule import Protection
from portal.core.text.normalise import fold, fold_number

from .references import Category, CertificationBody, LocalRequirement


class CertificateQuerySet(models.QuerySet):
    def in_scope(self, user) -> "CertificateQuerySet":
        """Certificates of products in scope, and those that no product rests on yet."""
        if user.scopes("registers.read") is None:
            return self
        enterprises = Enterprise.objects.in_scope(user).values("pk")
        within = models.Q(pk__in=Product.objects.filter(enterprise__in=enterprises).values("certificate"))
        rests_on_it = Product.objects.filter(certificate=models.OuterRef("pk"))
        return self.filter(within | ~models.Exists(rests_on_it))


class Certificate(WorkingRow):
    """A certificate as printed. There is no national number format, so numbers are unique within their body.

    Expiry is computed for the day asked and never stored as a status.
    """

    class Status(models.TextChoices):
        VALID = "valid", "有效"
        SUSPENDED = "suspended", "暂停"
        REVOKED = "revoked", "撤销"
        CANCELLED = "cancelled", "注销"

    class Star(models.TextChoices):
        ONE = "1", "一星级"
        TWO = "2", "二星级"
        THREE = "3", "三星级"
        GREEN = "green", "绿色产品"

    body = models.ForeignKey(
        CertificationBody, models.PROTECT, related_name="certificates", verbose_name="认证机构"
    )
    number = models.CharField(CERTIFICATE["number"].label, max_length=CERTIFICATE["number"].limit)
    number_key = models.CharField(max_length=80, editable=False, db_index=True)
    star = models.CharField(CERTIFICATE["star"].label, max_length=5, choices=Star)
    applicant_name = models.CharField(
        CERTIFICATE["applicant_name"].label, max_length=CERTIFICATE["applicant_name"].limit, blank=True
    )
    maker_name = models.CharField(
        CERTIFICATE["maker_name"].label, max_length=CERTIFICATE["maker_name"].limit, blank=True
    )
    factory_name = models.CharField(
        CERTIFICATE["factory_name"].label, max_length=CERTIFICATE["factory_name"].limit, blank=True
    )
    standard = models.CharField(
        CERTIFICATE["standard"].label, max_length=CERTIFICATE["standard"].limit, blank=True
    )
    issued_on = models.DateField(CERTIFICATE["issued_on"].label, null=True, blank=True)
    valid_until = models.DateField(CERTIFICATE["valid_until"].label)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.VALID)
    status_reason = models.CharField(
        CERTIFICATE["status_reason"].label, max_length=CERTIFICATE["status_reason"].limit, blank=True
    )
    status_on = models.DateField(CERTIFICATE["status_on"].label, null=True, blank=True)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name="换自证书"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "证书"
        verbose_name_plural = "证书"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "number_key"],
                name="certificate_once",
                violation_error_message="该认证机构已有这一证书编号。",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_on__isnull=True) | models.Q(valid_until__gte=models.F("issued_on")),
                name="certificate_dates_in_order",
                violation_error_message="有效期至不能早于发证日期。",
            ),
            models.CheckConstraint(
                condition=models.Q(status="valid") | models.Q(status_on__isnull=False),
                name="certificate_status_is_dated",
                violation_error_message="暂停、撤销、注销须填写状态日期。",
            ),
        ]

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        self.derive_keys()
        super().save(*args, **kwargs)

    def derive_keys(self) -> None:
        self.number_key = fold_number(self.number)[:80]


class CertificateCheck(PublicRow):
    """That somebody looked a certificate up at its source on a day, and what was found. Public and append-only."""

    SEALED = ("certificate_id", "body_code", "certificate_number", "checked_on", "source", "result", "note")
    ATTESTED = ("checked_by", "evidence")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="checks", verbose_name="证书")
    body_code = models.CharField(max_length=20, editable=False)
    certificate_number = models.CharField(max_length=64, editable=False)
    checked_on = models.DateField("核验日期")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核验人"
    )
    source = models.CharField("核验来源", max_length=60, default="认e云（cx.cnca.cn）")
    result = models.CharField("结果", max_length=10, choices=Certificate.Status)
    note = models.CharField("说明", max_length=200, blank=True)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="截图（内部）",
    )

    class Meta(PublicRow.Meta):
        verbose_name = "证书核验"
        verbose_name_plural = "证书核验"
        ordering = ["-checked_on", "-id"]

    def __str__(self):
        return f"{self.certificate_number} {self.checked_on}"


class ProductQuerySet(models.QuerySet):
    def in_scope(self, user) -> "ProductQuerySet":
        if user.scopes("registers.read") is None:
            return self
        return self.filter(enterprise__in=Enterprise.objects.in_scope(user).values("pk"))


class Product(WorkingRow):
    """A product that rests on a certificate, or on a local requirement and nothing else.

    `serial` is its number for ever, given when a batch that lists it is first frozen; the printed form has a
    check digit (`portal.core.text.numbers`).
    """

    PROTECTION = Protection("products_product", kept=("serial",), public_column="serial")

    serial = models.PositiveIntegerField("清单编号", null=True, blank=True, unique=True, editable=False)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="products", verbose_name="企业"
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="products", verbose_name="品类")
    certificate = models.ForeignKey(
        Certificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        db_index=False,
        verbose_name="证书",
    )
    requirement = models.ForeignKey(
        LocalRequirement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        db_index=False,
        verbose_name="地方技术要求",
    )
    name = models.CharField(PRODUCT["name"].label, max_length=PRODUCT["name"].limit)
    name_key = models.CharField(max_length=120, editable=False)
    models_text = models.TextField(PRODUCT["models_text"].label, blank=True)
    models_key = models.CharField(max_length=64, editable=False)
    brand = models.CharField(PRODUCT["brand"].label, max_length=PRODUCT["brand"].limit, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = "产品"
        verbose_name_plural = "产品"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(certificate__isnull=False) ^ models.Q(requirement__isnull=False),
                name="product_has_one_basis",
                violation_error_message="产品须有且只有一项依据：认证证书，或地方技术要求。",
            ),
            # What is looked for stands first: these are the indexes of the columns as well.
            models.UniqueConstraint(
                fields=["certificate", "enterprise", "name_key", "models_key"],
                condition=models.Q(certificate__isnull=False),
                name="product_once_by_certificate",
                violation_error_message="同一证书下已有同名同型号的产品。",
            ),
            models.UniqueConstraint(
                fields=["requirement", "enterprise", "name_key", "models_key"],
                condition=models.Q(requirement__isnull=False),
                name="product_once_by_requirement",
                violation_error_message="同一技术要求下已有同名同型号的产品。",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.derive_keys()
        if not self._state.adding:
            # A copy read before the number was given must not wipe it out.
            names = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            kwargs.setdefault("update_fields", [name for name in names if name != "serial"])
        super().save(*args, **kwargs)

    @property
    def audit_name(self) -> str:
        return f"产品 {self.pk}"

    @property
    def scope_division(self) -> str:
        return self.enterprise.scope_division

    @classmethod
    def tracked_fields(cls) -> list[str]:
        return [name for name in super().tracked_fields() if name != "serial"]

    def derive_keys(self) -> None:
        self.name_key = fold(self.name)[:120]
        self.models_key = models_key(self.models_text)


def models_key(text: str) -> str:
    """Comparison key of a list of models, of fixed length however long the list is."""
    folded = fold(text)
    return folded if len(folded) < 64 else hashlib.sha256(folded.encode()).hexdigest()
