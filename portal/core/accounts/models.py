"""Accounts of persons, and the roles granted to them."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from .roles import ROLE_CHOICES, ROLES, covers

NUMBERED = "账号 "


class User(AbstractUser):
    """An account. `person` says whose it is, so that two accounts of one person count as one pair of eyes."""

    person = models.CharField(
        "人员编号", max_length=64, blank=True, help_text="同一人有多个账号时填写同一编号；四眼原则按人比较。"
    )
    certification_body = models.CharField(
        "认证机构代码", max_length=20, blank=True, help_text="认证机构人员填写；不参与企业申请的审核决定。"
    )
    sign_out_round = models.PositiveIntegerField("全部退出次数", default=0, editable=False)
    public_number = models.CharField("公开代号", max_length=8, null=True, editable=False, db_index=True)

    class Meta(AbstractUser.Meta):
        verbose_name = "账号"
        verbose_name_plural = "账号"

    def __str__(self):
        return self.get_full_name() or self.username

    def save(self, *args, **kwargs):
        if not self._state.adding:
            # A copy read before the number was given must not wipe it out.
            names = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            kwargs.setdefault("update_fields", [name for name in names if name != "public_number"])
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """陈大明: the family name stands first, without a space."""
        return f"{self.last_name}{self.first_name}".strip()

    def get_session_auth_hash(self) -> str:
        """What every session of this account must carry: it changes with the password, and with each sign-out everywhere."""
        own = super().get_session_auth_hash()
        if not self.sign_out_round:
            return own
        return salted_hmac("accounts.sign_out_round", f"{self.sign_out_round}:{own}").hexdigest()

    def end_sessions(self) -> None:
        """Sign this account out everywhere: each of its sessions ends with its next request."""
        self.sign_out_round += 1
        self.save(update_fields=["sign_out_round"])

    @property
    def role_words(self) -> str:
        return "超级管理员" if self.is_superuser else "、".join(str(grant) for grant in self.granted)

    @property
    def audit_name(self) -> str:
        """What the audit trail keeps: the name of staff, the number of those who may ask to be forgotten."""
        return str(self) if self.is_staff else f"{NUMBERED}{self.pk}"

    @cached_property
    def granted(self) -> list["Grant"]:
        return list(self.grants.all())

    def may(self, capability: str, division: str = "") -> bool:
        """Whether this account holds `capability`; scoped roles count only where their division covers `division`."""
        if not self.is_active:
            return False
        return self.is_superuser or any(grant.allows(capability, division) for grant in self.granted)

    def may_somewhere(self, capability: str) -> bool:
        """Whether this account holds `capability` for any division at all: what menus ask."""
        if not self.is_active:
            return False
        return self.is_superuser or any(capability in grant.capabilities for grant in self.granted)

    def scopes(self, capability: str) -> list[str] | None:
        """Division codes in which the capability is held; None means everywhere, an empty list nowhere."""
        if self.is_active and self.is_superuser:
            return None
        grants = [grant for grant in self.granted if self.is_active and capability in grant.capabilities]
        if any(not grant.is_scoped for grant in grants):
            return None
        return [grant.division for grant in grants]

    def is_same_person_as(self, other: "User | None") -> bool:
        if other is None:
            return False
        return self.pk == other.pk or bool(self.person and self.person == other.person)


class KeptView(models.Model):
    """A person's name for what is chosen in a list of the desk; `page` is the label of its model."""

    LONGEST = 500

    user = models.ForeignKey(User, models.CASCADE, related_name="kept_views", verbose_name="账号")
    page = models.CharField("列表", max_length=80)
    label = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=LONGEST, blank=True)

    class Meta:
        verbose_name = "我的视图"
        verbose_name_plural = "我的视图"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "label"], name="kept_view_once")]

    def __str__(self):
        return self.label


class Grant(models.Model):
    """One role given to one account, for a scoped role inside one division (a text, not a key: see the layers)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=ROLE_CHOICES)
    division = models.CharField("区划代码", max_length=6, blank=True)

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "division"], name="grant_once"),
            models.CheckConstraint(
                condition=~models.Q(role="pilot_officer") | ~models.Q(division=""),
                name="grant_scoped_has_division",
                violation_error_message="试点地区工作人员须填写区划代码。",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.division}".strip()

    @property
    def is_scoped(self) -> bool:
        return ROLES[self.role].is_scoped

    @property
    def capabilities(self) -> frozenset[str]:
        return ROLES[self.role].capabilities if self.role in ROLES else frozenset()

    def allows(self, capability: str, division: str) -> bool:
        if capability not in self.capabilities:
            return False
        return not self.is_scoped or covers(self.division, division)
