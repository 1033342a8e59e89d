"""What people say for a kind of product: a record with versions, public only through a second person."""

from django.db import models

from portal.core.workflow.records import Identity, Version


class KindWords(Identity):
    """The words for one kind; its category names it for ever."""

    KIND = "words"

    category = models.OneToOneField(
        "products.Category", models.PROTECT, related_name="said", verbose_name="品类"
    )

    class Meta:
        verbose_name = "品类用语"
        verbose_name_plural = "品类用语"

    def __str__(self):
        return self.category_id


class KindWordsVersion(Version):
    """Words that are not in the catalogue (`Category.aliases`), among them those of a dialect. One may stand for several kinds."""

    IDENTITY = "kind"
    SEALED = ("kind_id", "category_code", "words", "source", *Version.SAID)

    kind = models.ForeignKey(KindWords, models.PROTECT, related_name="versions", verbose_name="品类用语")
    category_code = models.CharField("品类代码", max_length=12, editable=False)
    words = models.JSONField("用语", default=list)
    source = models.CharField("来源", max_length=300, blank=True)

    class Meta(Version.Meta):
        verbose_name = "品类用语"
        verbose_name_plural = "品类用语"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("kindwordsversion", "kind"),
        ]

    def __str__(self):
        return self.kind.category.name

    @classmethod
    def own_fields(cls) -> list[str]:
        return [name for name in super().own_fields() if name != "category_code"]
