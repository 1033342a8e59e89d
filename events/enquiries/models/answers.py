"""Answers that may help others: published without the person, as versions."""

from django.db import models

from portal.core.workflow.records import Identity, Version

from .enquiries import Kind, Office, Topic


class Answer(Identity):
    """What stays the same of a published answer. The enquiry that it came from is internal."""

    KIND = "answer"

    enquiry = models.OneToOneField(
        "enquiries.Enquiry",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="published_answer",
        verbose_name="咨询投诉",
    )

    class Meta:
        verbose_name = "公开答复"
        verbose_name_plural = "公开答复"


class AnswerVersion(Version):
    """Question and answer as the public reads them: whoever asked is not in it."""

    IDENTITY = "answer"
    SEALED = (
        "answer_id",
        "kind",
        "topic",
        "place",
        "about",
        "question",
        "reply",
        "office",
        "office_division",
        "answered_on",
        *Version.SAID,
    )

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="versions", verbose_name="公开答复")
    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.QUESTION)
    topic = models.CharField("事项", max_length=13, choices=Topic, blank=True)
    place = models.CharField("地区代码", max_length=6, blank=True)
    about = models.CharField("所指页面", max_length=200, blank=True)
    question = models.TextField("问", max_length=1000, help_text="改写成不含姓名、电话、地址的一般问题。")
    reply = models.TextField("答", max_length=5000)
    office = models.CharField("答复单位", max_length=13, choices=Office, default=Office.WORKING_GROUP)
    office_division = models.CharField("答复地区代码", max_length=6, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)

    class Meta(Version.Meta):
        verbose_name = "公开答复"
        verbose_name_plural = "公开答复"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("answerversion", "answer"),
            models.CheckConstraint(
                condition=models.Q(from_edition__isnull=True)
                | (~models.Q(question="") & ~models.Q(reply="") & models.Q(answered_on__isnull=False)),
                name="answerversion_public_is_whole",
            ),
        ]

    def __str__(self):
        return self.question[:40]
