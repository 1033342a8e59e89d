"""Contact persons of enterprises, and who acts for which enterprise."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.audit.models import Change
from portal.core.audit.personal import forget_values, names_of
from portal.core.processing import CONTRACT, Outcome, ProcessingRecord

from .models import Enterprise, Membership


def contact_words(user: User) -> list[str]:
    """Name and telephones under which this person stands as a contact; ask before they are erased."""
    found = names_of(user)
    for enterprise in ContactPersons().rows_of(user):
        found += [enterprise.contact_person, enterprise.contact_phone]
    return [word for word in dict.fromkeys(found) if len(word) > 1]


class ContactPersons(ProcessingRecord):
    code = "enterprises.contacts"
    label = "企业联系人"
    of_whom = "企业指定的联系人"
    what = "姓名、电话"
    purpose = "核实申报、通知证书到期"
    basis = CONTRACT
    seen_by = "办理的工作人员（遮盖，查看留痕）；从不公开，除非另行同意"
    keep = "企业在名录期间；更换或注销时清除"
    model, columns = Enterprise, "contact_person contact_phone"
    stays = "已公布的企业名称、代码、单位电话和产品不是个人信息，照常公开。"

    def rows_of(self, user: User) -> QuerySet[Any]:
        """Enterprises whose contact bears this person's name, or for which nobody else acts."""
        mine = Membership.objects.filter(user=user).values("enterprise")
        shared = Membership.objects.active().exclude(user=user).values("enterprise")
        rows = Enterprise.objects.filter(pk__in=mine).exclude(contact_person="", contact_phone="")
        by_name = rows.filter(contact_person=user.get_full_name()) if user.get_full_name() else rows.none()
        return (by_name | rows.exclude(pk__in=shared)).order_by("pk")

    def export(self, user: User) -> list[dict[str, Any]]:
        """Only of enterprises that the account still acts for: whoever left could take the name of a contact."""
        acting = set(Membership.objects.of(user).values_list("enterprise", flat=True))
        return [self.described(row) for row in self.rows_of(user) if row.pk in acting]

    def described(self, row: Enterprise) -> dict[str, Any]:
        return {"企业": row.name, "统一社会信用代码": row.uscc} | super().described(row)

    def erase(self, user: User, pseudonym: str) -> int:
        """Without before-images: these would keep what is erased."""
        words = contact_words(user)
        mine = Membership.objects.filter(user=user).values_list("enterprise_id", flat=True)
        targets = [str(pk) for pk in mine]
        images = Change.objects.filter(target=Enterprise._meta.label_lower, target_id__in=targets)
        pks = list(self.rows_of(user).select_for_update().values_list("pk", flat=True))  # by number
        erased = Enterprise.objects.filter(pk__in=pks).update(contact_person="", contact_phone="")
        return erased + forget_values(images, words)


class Members(ProcessingRecord):
    code = "enterprises.members"
    label = "企业成员"
    of_whom = "企业经办人"
    what = "哪个账号自何时起为哪家企业办事"
    purpose = "只让企业自己的人办企业的事"
    basis = CONTRACT
    seen_by = "本企业成员；办理的工作人员"
    keep = "账号存续期间；注销后只剩编号"
    model, columns, owner = Membership, "user given_by", "user"
    shown = {"企业": "enterprise.name", "身份": "get_role_display", "自": "since", "至": "ended_at"}
    outcome = Outcome.PSEUDONYMISED
    stays = "哪个编号曾代表企业提交，决定的效力靠它说明。"

    def erase(self, user: User, pseudonym: str) -> int:
        return Membership.objects.of(user).update(ended_at=timezone.now())


PROCESSING_RECORDS = (Members(), ContactPersons())
