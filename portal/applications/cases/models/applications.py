"""What an enterprise asks for, from its first draft to the decision. Internal: the public reads none of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from portal.core.accounts.roles import prefix_of


class ApplicationKind(models.TextChoices):
    REGISTER = "register", "企业登记"
    CHANGE = "change", "资料变更"
    PRODUCT = "product", "产品申报"
    RENEWAL = "renewal", "证书换证"
    WITHDRAW = "withdraw", "退出清单"
    COMMITMENT = "commitment", "承诺书"


class ApplicationState(models.TextChoices):
    """Drafts and returned ones wait for the enterprise, submitted ones for an office; the others are over."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "审核中"
    RETURNED = "returned", "待补正"
    APPROVED = "approved", "已通过"
    REJECTED = "rejected", "不予通过"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN_STATES = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.RETURNED)


class ApplicationQuerySet(models.QuerySet):
    def of_account(self, user) -> "ApplicationQuerySet":
        """What an account may open at the counter: what it began itself, and what belongs to its enterprises.

        A registration or a claim belongs to who began it until it is decided: a stranger who claims an enterprise and
        the owner of that enterprise must not read each other's papers.
        """
        mine = Membership.objects.of(user).values("enterprise")
        claims = models.Q(kind=ApplicationKind.REGISTER)
        began = models.Q(created_by=user) & (claims | models.Q(enterprise__in=mine))
        return self.filter(began | (models.Q(enterprise__in=mine) & ~claims))

    def in_scope(self, user) -> "ApplicationQuerySet":
        """Submitted cases that `user` may read at the review desk.

        A pilot officer reads what its office decides or is asked for an opinion on; the support institution reads
        where the enterprise asked for its help. Drafts are nobody's but the enterprise's.
        """
        handed_in = self.exclude(submitted_at__isnull=True)
        scopes = user.scopes("cases.read")
        if scopes is None:
            return handed_in
        within = models.Q(pk__in=[])
        for division in scopes:
            front = prefix_of(division)
            within |= models.Q(office__startswith=front) | models.Q(opinion_division__startswith=front)
        if user.may("cases.support"):
            within |= models.Q(wants_support=True)
        return handed_in.filter(within)

    def waiting_for_office(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.SUBMITTED)

    def waiting_for_enterprise(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.RETURNED)


class Application(models.Model):
    """One case. `values` is the form as it stands now, `personal` the part of it that names persons.

    `revision` rises with every save, so that a second tab notices the first. `office` is the division of the region
    that decides, empty for the working group; `opinion_division` the region that is asked for an opinion. `clock_on`
    is the day of the newest submission: limits are counted from it when they are read. `findings` is what a machine found
    before the newest decision: afterwards it would find what the decision did.
    """

    Kind = ApplicationKind
    State = ApplicationState

    PERSONAL = ("personal",)

    number = models.CharField("受理编号", max_length=12, unique=True)
    kind = models.CharField("种类", max_length=10, choices=ApplicationKind)
    enterprise = models.ForeignKey(
        Enterprise,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name="企业",
    )
    uscc = models.CharField("统一社会信用代码", max_length=18, db_index=True)
    target = models.CharField("所办对象", max_length=100, blank=True)
    publisher = models.CharField("申报的清单", max_length=8, default="national")
    values = models.JSONField("填写内容", default=dict)
    personal = models.JSONField("个人信息", default=dict)
    revision = models.PositiveIntegerField("修订", default=0)
    state = models.CharField(
        "状态", max_length=9, choices=ApplicationState, default=ApplicationState.DRAFT, editable=False
    )
    office = models.CharField("办理地区", max_length=6, blank=True)
    opinion_division = models.CharField("征求意见的地区", max_length=6, blank=True)
    is_disputed = models.BooleanField("争议", default=False)
    wants_support = models.BooleanField("请支持机构协助", default=False)
    is_recheck = models.BooleanField("抽中复核", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("企业保存时间", default=timezone.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True, db_index=True)
    clock_on = models.DateField("计时起日", null=True)
    withdrawable_until = models.DateTimeField("可撤回至", null=True)
    returned_at = models.DateTimeField("退回时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    decided_at = models.DateTimeField("办结时间", null=True)
    findings = models.JSONField("办理前的机器核对", null=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承办人",
    )
    viewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="正在查看的人",
    )
    viewed_at = models.DateTimeField("查看时间", null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "申报件"
        verbose_name_plural = "申报件"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "kind", "target"],
                condition=models.Q(state="submitted"),
                name="application_one_submitted",
                violation_error_message="同一企业的同一事项已有一件正在审核，请等它办结，或先撤回那一件。",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    submitted_at__isnull=True, submitted_by__isnull=True, clock_on__isnull=True
                )
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False, clock_on__isnull=False),
                name="application_submission_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "withdrawn"]) | models.Q(submitted_at__isnull=False),
                name="application_handed_in",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["approved", "rejected"], decided_at__isnull=False, decided_by__isnull=False
                )
                | models.Q(
                    ~models.Q(state__in=["approved", "rejected"]),
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                ),
                name="application_decision_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="register") | models.Q(enterprise__isnull=False),
                name="application_has_enterprise",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    @property
    def scope_division(self) -> str:
        return self.office

    @property
    def audit_name(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_editable(self) -> bool:
        return self.state in (ApplicationState.DRAFT, ApplicationState.RETURNED)
