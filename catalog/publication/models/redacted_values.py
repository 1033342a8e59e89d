"""What a redaction took away, remembered so that it is known when it is said again, and cannot be read or guessed."""

from django.db import models


class RedactedValue(models.Model):
    """One value of one enterprise or one certificate. `mark` is an HMAC with a key that is not in the database,
    `key_mark` tells which key that was. `redacted_as` is the line and field that the redaction was asked for.
    """

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, related_name="+", verbose_name="企业"
    )
    certificate = models.ForeignKey(
        "products.Certificate", models.PROTECT, null=True, related_name="+", verbose_name="证书"
    )
    mark = models.CharField("标记", max_length=64, db_index=True)
    key_mark = models.CharField("密钥标记", max_length=16)
    redacted_as = models.CharField("隐去的键和字段", max_length=240)
    edition = models.ForeignKey(
        "editions.Edition", models.PROTECT, related_name="+", verbose_name="隐去的版次"
    )

    class Meta:
        verbose_name = "已隐去的内容"
        verbose_name_plural = "已隐去的内容"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False, certificate__isnull=True)
                | models.Q(enterprise__isnull=True, certificate__isnull=False),
                name="redacted_value_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.redacted_as
