"""What somebody asks, complains about, corrects or objects to, and every act on it. Internal, with personal data."""

import datetime

from django.conf import settings
from django.db import models

from portal.core.accounts.roles import prefix_of
from portal.core.files.shown import Picture


class Kind(models.TextChoices):
    QUESTION = "question", "咨询"
    COMPLAINT = "complaint", "投诉举报"
    CORRECTION = "correction", "纠错"
    OBJECTION = "objection", "公示异议"


class Topic(models.TextChoices):
    TECHNOLOGY = "technology", "产品技术"
    CERTIFICATION = "certification", "认证"
    TESTING = "testing", "检测"
    PRODUCT = "product", "产品质量"
    SHOP = "shop", "线上或线下店铺"
    ENTERPRISE = "enterprise", "企业行为"
    FAKE = "fake", "疑似假冒"


TOPICS: dict[str, tuple[Topic, ...]] = {
    Kind.QUESTION: (Topic.TECHNOLOGY, Topic.CERTIFICATION, Topic.TESTING),
    Kind.COMPLAINT: (Topic.PRODUCT, Topic.SHOP, Topic.ENTERPRISE, Topic.FAKE),
}


class Office(models.TextChoices):
    """Who works on an enquiry."""

    WORKING_GROUP = "working_group", "推进组"
    PILOT = "pilot", "试点地区"
    SUPPORT = "support", "技术支持机构"


OFFICE_WORDS = dict(Office.choices)


class EnquiryQuerySet(models.QuerySet):
    def in_scope(self, user) -> "EnquiryQuerySet":
        """What `user` may see: all, or those of the divisions of the grants, or those of the support institution."""
        scopes = user.scopes("enquiries.read")
        if scopes is None:
            return self
        within = models.Q(pk__in=[])
        for division in scopes:
            within |= models.Q(office=Office.PILOT, office_division__startswith=prefix_of(division))
        if user.may("enquiries.support"):
            within |= models.Q(office=Office.SUPPORT)
        return self.filter(within)

    def waiting(self) -> "EnquiryQuerySet":
        return self.filter(state__in=(Enquiry.State.HELD, Enquiry.State.OPEN))

    def received_by(self, day: datetime.date) -> "EnquiryQuerySet":
        return self.filter(received_on__lte=day)


class Enquiry(models.Model):
    """One enquiry, opened by its sender with `number` and a word of which only the hash is kept.

    `form_key` is the key of the form it was sent with: the same form sent again is the same enquiry. Deadlines are
    counted from `received_on` when they are read, whoever has the enquiry now.
    """

    class State(models.TextChoices):
        HELD = "held", "待核对"
        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        REFUSED = "refused", "不予受理"

    PERSONAL = ("contact_name", "contact_phone", "contact_email")

    number = models.CharField("编号", max_length=9, unique=True)
    form_key = models.CharField(max_length=43, unique=True, editable=False)
    content_digest = models.CharField(max_length=64, editable=False)
    secret_hash = models.CharField(max_length=128, editable=False)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    topic = models.CharField("事项", max_length=13, choices=Topic, blank=True)
    about = models.CharField("所指页面", max_length=200, blank=True)
    about_title = models.CharField("所指内容", max_length=200, blank=True)
    subject = models.CharField("涉及", max_length=200, blank=True)
    place = models.CharField("地区", max_length=6, blank=True)
    place_detail = models.CharField("地点", max_length=100, blank=True)
    text = models.TextField("内容")
    contact_name = models.CharField("称呼", max_length=40, blank=True)
    contact_phone = models.CharField("电话", max_length=40, blank=True)
    contact_email = models.EmailField("邮箱", max_length=100, blank=True)
    is_proven = models.BooleanField("浏览器已核对", default=False)
    is_suspect = models.BooleanField("疑似自动填写", default=False)
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN, editable=False)
    office = models.CharField("办理单位", max_length=13, choices=Office)
    office_division = models.CharField("办理地区", max_length=6, blank=True)
    received_at = models.DateTimeField("收到时间", auto_now_add=True)
    received_on = models.DateField("收到日期", db_index=True)
    ended_on = models.DateField("办结日期", null=True)
    erased_at = models.DateTimeField("个人信息清除时间", null=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "咨询投诉"
        verbose_name_plural = "咨询投诉"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office="pilot") ^ models.Q(office_division=""),
                name="enquiry_pilot_has_division",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["held", "open"], ended_on__isnull=True)
                | models.Q(state__in=["answered", "refused"], ended_on__isnull=False),
                name="enquiry_end_is_dated",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    @property
    def scope_division(self) -> str:
        return self.office_division

    @property
    def audit_name(self) -> str:
        return self.number

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.ANSWERED, self.State.REFUSED)


class Photo(models.Model):
    """A picture that came with an enquiry, drawn anew and kept among the private files."""

    NAMES_FILES = ("picture",)

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="photos", verbose_name="咨询投诉")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    picture = models.JSONField("图片")

    class Meta:
        verbose_name = "照片"
        verbose_name_plural = "照片"
        ordering = ["id"]

    def __str__(self):
        return f"{self.enquiry_id} {self.sha256[:8]}"

    @property
    def shown(self) -> Picture:
        return Picture.read(self.picture)


class Act(models.Model):
    """Something that happened to an enquiry; its sender reads them too, with the office and without the person."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "收到"
        ACCEPTED = "accepted", "受理"
        PASSED = "passed", "转办"
        ANSWERED = "answered", "答复"
        REFUSED = "refused", "不予受理"
        REOPENED = "reopened", "重新办理"

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="acts", verbose_name="咨询投诉")
    kind = models.CharField("事项", max_length=9, choices=Kind)
    text = models.TextField("内容", blank=True)
    office = models.CharField("办理单位", max_length=13, choices=Office)
    office_division = models.CharField("办理地区", max_length=6, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "办理经过"
        verbose_name_plural = "办理经过"
        ordering = ["id"]

    def __str__(self):
        return f"{self.enquiry_id} {self.get_kind_display()}"
