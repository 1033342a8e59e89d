"""Activities: an identity row that carries the address, and the versions that the public reads."""

import datetime
from functools import cached_property
from typing import Self

from django.core.validators import URLValidator
from django.db import models

from catalog.standing.spans import ACTIVITY
from events.activities.photographs import Photograph
from portal.core.accounts.roles import prefix_of
from portal.core.text.dates import PartialDate
from portal.core.text.tokens import query_words
from portal.core.workflow.records import Identity, Version, VersionQuerySet

HTTPS_ONLY = URLValidator(schemes=["https"], message="请填写以 https:// 开头的网址。")


class When(models.TextChoices):
    """Where an activity lies seen from a day; computed for the day read, never stored."""

    UPCOMING = "upcoming", "尚未开始"
    ONGOING = "ongoing", "正在进行"
    PAST = "past", "已经结束"
    CANCELLED = "cancelled", "已取消"


def when_condition(when: str, day: datetime.date) -> models.Q:
    """Those that are upcoming, ongoing, past or cancelled, seen from `day`; each activity is one of these."""
    return ACTIVITY.condition([when], day)


class Activity(Identity):
    """What stays the same of an activity: its number, and the region whose officers may work on it."""

    KIND = "activity"
    SCOPE = "scope"

    scope = models.CharField("归口地区", max_length=6, blank=True, help_text="省级区划代码；全国性活动留空。")

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"


class ActivityVersionQuerySet(VersionQuerySet):
    def within(self, division: str) -> Self:
        """Held in a division or in one inside it."""
        return self.filter(division__code__startswith=prefix_of(division))

    def touching(self, first: datetime.date, last: datetime.date) -> Self:
        """Those whose span, as far as it is known, meets the days from `first` to `last`."""
        return self.filter(first_on__lte=last, last_on__gte=first)

    def at(self, when: str, day: datetime.date) -> Self:
        return self.filter(when_condition(when, day))

    def matching(self, words: str) -> Self:
        """Each word stands in the title, the place or the organiser, as they are printed."""
        rows = self
        columns = ("title", "place", "village", "organiser", "division__name")
        for word in query_words(words):
            found = models.Q()
            for column in columns:
                found |= models.Q(**{f"{column}__icontains": word})
            rows = rows.filter(found)
        return rows

    def newest_first(self) -> Self:
        return self.order_by("-first_on", "-activity_id")

    def soonest_first(self) -> Self:
        return self.order_by("first_on", "activity_id")

    def with_places(self) -> Self:
        return self.select_related("division__parent__parent")


class ActivityVersion(Version):
    """What is said of an activity from one edition to another.

    `first_on` and `last_on` are the first and the last day that the stated dates can mean; the precisions say how
    exact they were stated, and nothing finer is ever shown. `enterprises` is a list of {name, uscc}, uscc may be empty.
    """

    IDENTITY = "activity"
    NAMES_FILES = ("photographs",)
    SEALED = (
        "activity_id",
        "kind",
        "title",
        "campaign_id",
        "division_id",
        "village",
        "place",
        "first_on",
        "first_precision",
        "last_on",
        "last_precision",
        "from_time",
        "until_time",
        "date_note",
        "organiser",
        "phone",
        "enterprises",
        "online_link",
        "capacity",
        "joining",
        "programme",
        "body",
        "photographs",
        "is_cancelled",
        "cancelled_reason",
        "source",
        "source_link",
        *Version.SAID,
    )

    class Kind(models.TextChoices):
        LAUNCH = "launch", "启动活动"
        TALK = "talk", "公益宣讲"
        SPECIAL = "special", "专场活动"
        TOUR = "tour", "巡展"
        TRAINING = "training", "培训"
        SURVEY = "survey", "企业调研"
        RECOMMENDATION = "recommendation", "产品推荐"
        EXHIBITION = "exhibition", "展览展会"

    class Precision(models.TextChoices):
        YEAR = "year", "年"
        MONTH = "month", "月"
        DAY = "day", "日"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="versions", verbose_name="活动")
    kind = models.CharField("类别", max_length=14, choices=Kind)
    title = models.CharField("名称", max_length=120)
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="活动年度",
    )
    division = models.ForeignKey(
        "regions.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="举办地",
    )
    village = models.CharField("乡镇、村", max_length=60, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    first_on = models.DateField("开始", db_index=True)
    first_precision = models.CharField("开始的精度", max_length=5, choices=Precision)
    last_on = models.DateField("结束", db_index=True)
    last_precision = models.CharField("结束的精度", max_length=5, choices=Precision)
    from_time = models.TimeField("几时开始", null=True, blank=True)
    until_time = models.TimeField("几时结束", null=True, blank=True)
    date_note = models.CharField("日期说明", max_length=100, blank=True)
    organiser = models.CharField("主办", max_length=300, blank=True)
    phone = models.CharField("咨询电话", max_length=40, blank=True, help_text="单位电话，不写个人手机。")
    enterprises = models.JSONField("参加企业", default=list, blank=True)
    online_link = models.URLField("线上地址", max_length=300, blank=True, validators=[HTTPS_ONLY])
    capacity = models.PositiveIntegerField("名额", null=True, blank=True)
    joining = models.CharField("参加办法", max_length=200, blank=True)
    programme = models.JSONField("日程", default=list, blank=True)
    body = models.TextField("介绍", blank=True)
    photographs = models.JSONField("照片", default=list, blank=True, editable=False)
    is_cancelled = models.BooleanField("已取消", default=False)
    cancelled_reason = models.CharField("取消原因", max_length=200, blank=True)
    source = models.CharField("来源", max_length=300)
    source_link = models.URLField("来源地址", max_length=300, blank=True)

    objects = ActivityVersionQuerySet.as_manager()

    class Meta(Version.Meta):
        verbose_name = "活动"
        verbose_name_plural = "活动"
        constraints = [
            *Version.Meta.constraints,
            *Version.version_constraints("activityversion", "activity"),
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="activity_dates_in_order",
                violation_error_message="结束日期早于开始日期。",
            ),
            models.CheckConstraint(
                condition=models.Q(is_cancelled=False) ^ ~models.Q(cancelled_reason=""),
                name="activity_cancelled_says_why",
                violation_error_message="取消须写明原因；没有取消的不写取消原因。",
            ),
            models.CheckConstraint(
                condition=models.Q(from_time__isnull=True) | models.Q(first_precision="day"),
                name="activity_time_has_day",
                violation_error_message="日期未到日的，不能写几时开始。",
            ),
            models.CheckConstraint(
                condition=models.Q(until_time__isnull=True) | models.Q(from_time__isnull=False),
                name="activity_end_has_start",
                violation_error_message="写了几时结束，也请写几时开始。",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def starts(self) -> PartialDate:
        return PartialDate.of(self.first_on, self.first_precision)

    @property
    def ends(self) -> PartialDate:
        return PartialDate.of(self.last_on, self.last_precision)

    @property
    def is_one_date(self) -> bool:
        """One day, one month or one year; not from one to another."""
        return self.starts == self.ends

    @property
    def is_exact(self) -> bool:
        return self.first_precision == self.last_precision == self.Precision.DAY

    def when(self, day: datetime.date) -> When:
        return When(ACTIVITY.of(self, day).code)

    @cached_property
    def shown_photographs(self) -> list[Photograph]:
        return [Photograph.read(value) for value in self.photographs]

    @property
    def date_words(self) -> str:
        """「2022年6月6日 9:00 至 11:30」, exactly as far as it is known."""
        start, end = time_words(self.from_time), time_words(self.until_time)
        if self.is_one_date:
            times = f"{start} 至 {end}" if end else start
            return f"{self.starts} {times}".strip()
        return f"{f'{self.starts} {start}'.strip()}至{f'{self.ends} {end}'.strip()}"

    @property
    def place_words(self) -> str:
        """From the province down to the room; the division is to be selected along."""
        division = self.division.full_name.replace(" ", "") if self.division else ""
        return " ".join(part for part in (division + self.village, self.place) if part)


def time_words(time: datetime.time | None) -> str:
    return f"{time.hour}:{time.minute:02}" if time else ""
