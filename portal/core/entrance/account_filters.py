"""The filters of the list of accounts at the desk."""

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import ChoiceFilter

from portal.core.accounts.models import Grant, User
from portal.core.accounts.roles import ROLE_CHOICES
from portal.core.accounts.sign_ups import waiting_for_activation
from portal.core.desk.filters import DeskFilters

NEVER = "never"
SEEN = [(NEVER, "从未登录"), ("90", "90 天没有登录"), ("180", "半年没有登录")]


class AccountFilters(DeskFilters):
    # As Django names its own filter of the column: this address stands in bookmarks.
    is_active__exact = ChoiceFilter(
        label="启用", choices=[("1", "启用"), ("0", "停用")], field_name="is_active"
    )
    whose = ChoiceFilter(
        label="谁的", choices=[("staff", "工作人员"), ("enterprise", "企业")], method="of_whom"
    )
    role = ChoiceFilter(label="角色", choices=ROLE_CHOICES, method="with_role")
    activation = ChoiceFilter(label="激活", choices=[("waiting", "注册或改邮箱，还没激活")], method="waiting")
    seen = ChoiceFilter(label="登录", choices=SEEN, method="not_seen")

    def of_whom(self, accounts: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return accounts.filter(is_staff=value == "staff")

    def with_role(self, accounts: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return accounts.filter(pk__in=Grant.objects.filter(role=value).values("user"))

    def waiting(self, accounts: QuerySet[User], _name: str, _value: str) -> QuerySet[User]:
        return accounts.filter(pk__in=waiting_for_activation().values("pk"))

    def not_seen(self, accounts: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """An account that never signed in counts from the day on which it was made."""
        if value == NEVER:
            return accounts.filter(last_login__isnull=True)
        since = timezone.now() - datetime.timedelta(days=int(value))
        return accounts.filter(Q(last_login__lt=since) | Q(last_login__isnull=True, date_joined__lt=since))
