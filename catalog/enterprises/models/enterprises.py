"""Enterprises as the working group keeps them: working rows, never public."""

from django.conf import settings
from django.db import models

from catalog.fields.catalogue import ENTERPRISE
from portal.core.accounts.roles import prefix_of
from portal.core.audit.changes import Tracked, WorkingRow
from portal.core.text.normalise import fold


class EnterpriseQuerySet(models.QuerySet):
    def in_scope(self, user) -> "EnterpriseQuerySet":
        """Enterprises that `user` may see at the desk: all, or those of the divisions of the grants."""
        scopes = user.scopes("registers.read")
        if scopes is None:
            return self
        within = models.Q(pk__in=[])
        for division in scopes:
            within |= models.Q(division__code__startswith=prefix_of(division))
        return self.filter(within)


class Enterprise(WorkingRow):
    """A maker, by its unified social credit code. Only `name`, `division`, `phone` and `website` can become public."""

    PERSONAL = ("contact_person", "contact_phone")

    uscc = models.CharField(ENTERPRISE["uscc"].label, max_length=ENTERPRISE["uscc"].limit, unique=True)
    uscc_override_reason = models.CharField(
        "校验位例外说明",
        max_length=200,
        blank=True,
        help_text="校验位不符而证照核对一致时填写，例如「证照核对一致」。",
    )
    uscc_override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    name = models.CharField(ENTERPRISE["name"].label, max_length=ENTERPRISE["name"].limit)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    division = models.ForeignKey(
        "regions.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在地"
    )
    address = models.CharField("地址（内部）", max_length=ENTERPRISE["address"].limit, blank=True)
    phone = models.CharField(ENTERPRISE["phone"].label, max_length=ENTERPRISE["phone"].limit, blank=True)
    website = models.CharField(
        ENTERPRISE["website"].label, max_length=ENTERPRISE["website"].limit, blank=True
    )
    sells_in = models.CharField(
        ENTERPRISE["sells_in"].label,
        max_length=ENTERPRISE["sells_in"].limit,
        blank=True,
        help_text="「全国」，或以顿号分开的区划代码；不详留空。",
    )
    contact_person = models.CharField(
        "联系人（内部）", max_length=ENTERPRISE["contact_person"].limit, blank=True
    )
    contact_phone = models.CharField(
        "联系人电话（内部）", max_length=ENTERPRISE["contact_phone"].limit, blank=True
    )

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = "企业"
        ordering = ["-id"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.derive_keys()
        super().save(*args, **kwargs)

    def derive_keys(self) -> None:
        """Refresh the stored comparison key; bulk writers call it themselves."""
        self.name_key = fold(self.name)[:120]

    @property
    def scope_division(self) -> str:
        return self.division_id or ""

    @property
    def audit_name(self) -> str:
        return self.uscc


class FormerName(Tracked, models.Model):
    """A name that an enterprise bore until a date, with the evidence for it."""

    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="former_names", verbose_name="企业"
    )
    name = models.CharField(ENTERPRISE["former_name"].label, max_length=ENTERPRISE["former_name"].limit)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    until_on = models.DateField("使用至", null=True, blank=True)
    evidence = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "曾用名"
        verbose_name_plural = "曾用名"
        ordering = ["-until_on", "id"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "name_key"], name="former_name_once")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.derive_keys()
        super().save(*args, **kwargs)

    def derive_keys(self) -> None:
        self.name_key = fold(self.name)[:120]

    @property
    def audit_name(self) -> str:
        return f"曾用名 {self.pk}"
