"""Everything public outside the registers: an identity row that keeps the address, and versions that the public reads.

Editing makes a draft version; a second person publishes it; nothing that was public is edited. A version that withdraws
its identity stays readable with its reason. Steps are in `portal.core.workflow.versions`.
"""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import TruncDate

from portal.core.accounts.roles import prefix_of
from portal.core.editions import clock
from portal.core.editions.models import PublicQuerySet, PublicRow


class VersionQuerySet(PublicQuerySet):
    def visible(self, edition: int, day: datetime.date) -> Self:
        """Versions that a visitor reads: public at the edition, and due on that day where a day was set."""
        return self.public(edition).due(day)

    def due(self, day: datetime.date) -> Self:
        """Without those that wait for a later day."""
        return self.filter(models.Q(publish_on__isnull=True) | models.Q(publish_on__lte=day))

    def ever_visible(self, day: datetime.date, edition: int | None = None) -> Self:
        """Everything that some visitor could read by that day; as of an `edition`, what was replaced later counts as well.

        A version that was replaced before its day came was read by nobody.
        """
        read = models.Q(until_edition=None) | models.Q(publish_on=None)
        read |= models.Q(publish_on__lte=TruncDate("until_edition__at", tzinfo=clock.SHANGHAI))
        if edition is not None:
            read |= models.Q(until_edition__gt=edition)
        return self.filter(read, from_edition__isnull=False).due(day)

    def standing(self) -> Self:
        """Leaves out what was withdrawn; its own page still says so."""
        return self.filter(is_withdrawn=False)

    def open(self) -> Self:
        """Drafts, and what waits for the second person."""
        return self.filter(state__in=[Version.State.DRAFT, Version.State.IN_REVIEW])

    def in_scope(self, user) -> Self:
        """Versions that `user` works with: all, or those of records in the divisions of the grants."""
        scopes = user.scopes("content.read")
        if scopes is None:
            return self
        within = models.Q(pk__in=[])
        column = self.model.scope_column()  # type: ignore[attr-defined]
        for division in scopes if column else ():
            within |= models.Q(**{f"{column}__startswith": prefix_of(division)})
        return self.filter(within)


class Identity(models.Model):
    """What stays the same of a record whatever is changed in it. `KIND` is the front of its key, `versions` its versions.

    Records of a region name in `SCOPE` the column with its division code; the others are national.
    """

    KIND = ""
    SCOPE = ""

    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.key

    @property
    def key(self) -> str:
        return f"{self.KIND}/{self.pk}"

    @property
    def scope_division(self) -> str:
        """Division code within which a scoped role may work on it; empty for national matters."""
        return getattr(self, self.SCOPE) or "" if self.SCOPE else ""


class Version(PublicRow):
    """One wording of a record. A concrete version has a foreign key named in `IDENTITY` with related_name `versions`.

    Concrete classes put `Version.SAID` into their SEALED, and their own columns with it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        IN_REVIEW = "in_review", "待审核"
        PUBLISHED = "published", "已发布"

    IDENTITY = ""
    SAID = ("publish_on", "change_note", "is_withdrawn")
    ATTESTED = ("created_by", "created_at", "submitted_by", "submitted_at", "reviewed_by", "state")
    EDIT = "content.edit"
    REVIEW = "content.review"

    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT, editable=False)
    publish_on = models.DateField(
        "发布日期", null=True, blank=True, help_text="留空即发布后立刻可见；首次发布可以定在以后某天。"
    )
    change_note = models.CharField("更正说明", max_length=300, blank=True)
    is_withdrawn = models.BooleanField("已撤下", default=False, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="编写人",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="送审人",
    )
    submitted_at = models.DateTimeField("送审时间", null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="发布人",
    )

    objects = VersionQuerySet.as_manager()

    class Meta(PublicRow.Meta):
        abstract = True

    @property
    def identity(self) -> Identity:
        return getattr(self, self.IDENTITY)

    @property
    def scope_division(self) -> str:
        return self.identity.scope_division

    @property
    def read_from(self) -> datetime.date:
        """The first day on which a visitor reads this version, which is public."""
        published = self.from_edition.day  # type: ignore[union-attr]
        return max(published, self.publish_on) if self.publish_on else published

    @property
    def cited(self) -> dict[str, object]:
        """The parameters that give this version, which is public: on the day of its edition it may still have waited."""
        return {"edition": self.from_edition_id, "as_of": self.read_from.isoformat()}

    @classmethod
    def identity_model(cls) -> type[Identity]:
        return cls._meta.get_field(cls.IDENTITY).related_model  # type: ignore[return-value]

    @classmethod
    def scope_column(cls) -> str:
        """The lookup from a version to its division code; empty where records are national."""
        scope = cls.identity_model().SCOPE
        return f"{cls.IDENTITY}__{scope}" if scope else ""

    @classmethod
    def own_fields(cls) -> list[str]:
        """Sealed columns that an editor writes: all but the identity and what a step sets."""
        return [name for name in cls.SEALED if name not in (*Version.SAID, f"{cls.IDENTITY}_id")]

    @classmethod
    def version_constraints(cls, name: str, identity: str) -> list[models.BaseConstraint]:
        """One current and one open version an identity, and a withdrawal that says why."""
        return [
            models.UniqueConstraint(
                fields=[identity],
                condition=models.Q(from_edition__isnull=False, until_edition__isnull=True),
                name=f"{name}_one_current",
            ),
            models.UniqueConstraint(
                fields=[identity],
                condition=models.Q(state__in=["draft", "in_review"]),
                name=f"{name}_one_open",
                violation_error_message="这一内容已有一个草稿，请先处理它。",
            ),
            models.CheckConstraint(
                condition=models.Q(from_edition__isnull=True) | models.Q(state="published"),
                name=f"{name}_public_is_published",
            ),
            models.CheckConstraint(
                condition=models.Q(is_withdrawn=False) | ~models.Q(change_note=""),
                name=f"{name}_withdrawal_says_why",
                violation_error_message="撤下须写明原因。",
            ),
        ]
