"""The organisations that guide, host, support and take part in campaigns; they and their roles are records."""

from django.db import models
from django.db.models.functions import Coalesce

from portal.core.workflow.records import Identity, Version, VersionQuerySet

from .campaigns import Campaign


class OrganisationQuerySet(models.QuerySet):
    def named(self) -> "OrganisationQuerySet":
        """With `called`, the present public name of each, or the one it was entered under."""
        present = OrganisationVersion.objects.current().filter(organisation=models.OuterRef("pk"))
        return self.annotate(called=Coalesce(models.Subquery(present.values("name")[:1]), "name"))


class Organisation(Identity):
    """A department, association or institution that has to do with campaigns; its versions say what it is called.

    `name` is the one it was entered under: facts and lists recognise it by that, and it stays when the name changes.
    """

    KIND = "organisation"

    name = models.CharField("登记时的名称", max_length=100, unique=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"

    def __str__(self):
        return self.name

    @property
    def known_as(self) -> str:
        """Its present public name, or the one it was entered under; one query."""
        current = OrganisationVersion.objects.current().filter(organisation=self).first()
        return current.name if current else self.name


class OrganisationVersion(Version):
    """What an organisation is called and is, from one edition to another. Roles and claims are records of their own."""

    IDENTITY = "organisation"
    SEALED = (
        "organisation_id",
        "name",
        "short_name",
        "about",
        "website",
        "source",
        *Version.SAID,
    )

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="versions", verbose_name="机构"
    )
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    about = models.TextField("简介", max_length=1000, blank=True, help_text="只写来源里有的，不写评价。")
    website = models.URLField("官方网站", max_length=300, blank=True)
    source = models.CharField("出处", max_length=300)

    class Meta(Version.Meta):
        verbose_name = "活动机构"
        verbose_name_plural = "活动机构"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("organisationversion", "organisation"),
        ]

    def __str__(self):
        return self.name


class CampaignRole(Identity):
    """That an organisation is something in a campaign; its versions say from when this is public, and on what ground."""

    KIND = "role"

    class Role(models.TextChoices):
        DEPARTMENT = "department", "指导部门"
        HOST = "host", "主办单位"
        SUPPORT = "support", "技术支持机构"
        PARTNER = "partner", "重点合作伙伴"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="roles", verbose_name="活动年度")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles", verbose_name="机构")
    role = models.CharField("角色", max_length=12, choices=Role)

    class Meta:
        verbose_name = "机构角色"
        verbose_name_plural = "机构角色"
        constraints = [models.UniqueConstraint(fields=["campaign", "organisation", "role"], name="role_once")]

    def __str__(self):
        return f"{self.organisation} {self.get_role_display()}"


class RoleQuerySet(VersionQuerySet):
    def in_order(self) -> "RoleQuerySet":
        """As the notices name them: departments first, each in its place."""
        return self.order_by("role_code", "position", "role_id")


class RoleVersion(Version):
    """The names are written down as they were; withdrawing a version says that the role ended or was a mistake."""

    IDENTITY = "role"
    SEALED = (
        "role_id",
        "campaign_slug",
        "organisation_name",
        "role_code",
        "position",
        "source",
        *Version.SAID,
    )

    role = models.ForeignKey(CampaignRole, models.PROTECT, related_name="versions", verbose_name="机构角色")
    campaign_slug = models.CharField("活动年度", max_length=20, editable=False, db_index=True)
    organisation_name = models.CharField("机构", max_length=100, editable=False)
    role_code = models.CharField("角色", max_length=12, choices=CampaignRole.Role, editable=False)
    position = models.PositiveSmallIntegerField("次序", default=0)
    source = models.CharField("出处", max_length=300)

    objects = RoleQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "机构角色"
        verbose_name_plural = "机构角色"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("roleversion", "role"),
        ]

    def __str__(self):
        return f"{self.organisation_name} {self.get_role_code_display()}（{self.campaign_slug}）"

    @classmethod
    def of(cls, role: CampaignRole, **values: object) -> "RoleVersion":
        """An unsaved version with the names as they are now."""
        return cls(
            role=role,
            key=role.key,
            campaign_slug=role.campaign.slug,
            organisation_name=role.organisation.known_as,
            role_code=role.role,
            **values,
        )
