"""What a line does to the list, where its row stands afterwards, and why."""

from django.db import models


class Action(models.TextChoices):
    """What a line does to the list."""

    LIST = "list", "列入"
    RELIST = "relist", "重新列入"
    CHANGE = "change", "变更"
    FOLLOW = "follow", "随企业更新"
    SUSPEND = "suspend", "暂停"
    RESUME = "resume", "恢复"
    REMOVE = "remove", "移出"
    CORRECT = "correct", "勘误"


class ListingStatus(models.TextChoices):
    LISTED = "listed", "在列"
    SUSPENDED = "suspended", "暂停"
    REMOVED = "removed", "已移出"


class ReasonCode(models.TextChoices):
    """Why something was suspended, removed or corrected."""

    ILLEGAL_CERTIFICATION = "illegal_certification", "违规认证"
    FRAUD = "fraud", "弄虚作假"
    QUALITY = "quality", "质量问题"
    MISMATCH = "mismatch", "与获证产品不符"
    CERTIFICATE_LOST = "certificate_lost", "证书失效"
    WITHDRAWN = "withdrawn", "企业申请退出"
    CLERICAL = "clerical", "文字差错"
    OTHER = "other", "其他"
