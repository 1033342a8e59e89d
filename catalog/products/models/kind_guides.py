"""What a kind of product is, in plain lines: a record with versions, public only through a second person."""

from django.db import models

from portal.core.workflow.records import Identity, Version

from .references import Category


class KindGuide(Identity):
    """The lines about one kind; its code is the address of its page for ever."""

    KIND = "kind"

    category = models.OneToOneField(
        Category, models.PROTECT, primary_key=True, related_name="guide", verbose_name="品类"
    )

    class Meta:
        verbose_name = "品类说明"
        verbose_name_plural = "品类说明"

    def __str__(self):
        return self.category_id


class KindGuideVersion(Version):
    """Four of the five lines, and the first in plainer words; the fifth, what the stars say, follows from the scheme of the kind."""

    IDENTITY = "kind"
    SEALED = (
        "kind_id",
        "what",
        "plain",
        "used_in",
        "to_ask",
        "not_promised",
        "source",
        *Version.SAID,
    )

    kind = models.ForeignKey(KindGuide, models.PROTECT, related_name="versions", verbose_name="品类说明")
    what = models.CharField("是什么", max_length=80)
    plain = models.CharField("更白的话", max_length=40, help_text="长辈版里代替「是什么」。")
    used_in = models.CharField("用在哪里", max_length=40)
    to_ask = models.CharField("买时问卖家", max_length=80)
    not_promised = models.CharField("证书管不到的", max_length=80)
    source = models.CharField("来源", max_length=300, blank=True)

    class Meta(Version.Meta):
        verbose_name = "品类说明"
        verbose_name_plural = "品类说明"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("kindguideversion", "kind"),
        ]

    def __str__(self):
        return self.kind.category.name
