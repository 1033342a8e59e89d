"""What the counter keeps of persons: contacts, signatories and papers of cases, invitations, unsaved forms."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.enterprises.models import Membership
from portal.core.accounts.models import User
from portal.core.accounts.personal import proven_addresses
from portal.core.files.intake.attachments import EXTENSIONS
from portal.core.files.models import StoredFile
from portal.core.files.store import erase
from portal.core.processing import CONTRACT, DELETE, DUTY, ProcessingRecord, days_ago

from .models import (
    Act,
    Application,
    ApplicationState,
    CalendarLink,
    Document,
    Invitation,
    Purpose,
    SentReminder,
    Submission,
    UnsavedForm,
)

ERASED = "（已按本人要求清除）"
NAMING = (Purpose.LICENCE, Purpose.AUTHORISATION, Purpose.OTHER)  # papers that name persons
OPEN = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)


def cases_of(user: User) -> QuerySet[Application]:
    """What this account filled in or handed in."""
    return Application.objects.filter(Q(created_by=user) | Q(submitted_by=user)).order_by("pk")


def papers_of(user: User) -> QuerySet[Document]:
    """What this account handed in and is still there."""
    own = Document.objects.filter(uploaded_by=user, file__erased_at__isnull=True)
    return own.select_related("file", "application")


def erase_papers(documents: Iterable[Document]) -> int:
    """Destroy contents, unless another case that stays shows the same file; the rows stay."""
    papers = list(documents)
    ours = [paper.pk for paper in papers]
    for paper in papers:
        same = Document.objects.filter(file__sha256=paper.file.sha256).exclude(pk__in=ours)
        if paper.file.erased_at is None and not same.exists():
            erase(paper.file)
    return len(papers)


def forget_file_names(submissions: QuerySet[Submission]) -> None:
    """People name files after themselves. The digest that a decision was taken on does not rest on them."""
    for submission in submissions:
        named = [{**paper, "name": "文件"} for paper in submission.documents]
        Submission.objects.filter(pk=submission.pk).update(documents=named)


class Cases(ProcessingRecord):
    code = "desk.cases"
    label = "申报件里的联系人和签署人"
    of_whom = "企业联系人、承诺书签署人"
    what = "姓名、电话、职务；本人写的留言"
    purpose = "核实申报、通知补正"
    basis = CONTRACT
    seen_by = "本企业成员；办理的工作人员（遮盖，查看留痕）"
    keep = f"办结后 {settings.CASE_KEEP_DAYS} 天；从未提交的草稿 {settings.CASE_DRAFT_KEEP_DAYS} 天"
    model, columns = Application, "personal values"
    elsewhere = ("desk.Submission.personal", "desk.Submission.documents", "desk.Act.text")
    stays = "申报的产品、证书、办理经过和决定留下，它们不指向个人。"

    def rows_of(self, user: User) -> QuerySet[Any]:
        return cases_of(user)

    def described(self, row: Application) -> dict[str, Any]:
        said = row.acts.filter(by__in=[row.created_by_id, row.submitted_by_id])
        return {
            "编号": row.number,
            "种类": row.get_kind_display(),
            "填写内容": row.values,
            "个人信息": row.personal,
            "留言": [{"时间": act.at, "内容": act.text} for act in said if act.text],
        }

    def obstacles(self, user: User) -> list[str]:
        return [
            f"申报件 {case.number} 还在办理，请先撤回或等它办结。"
            for case in cases_of(user).filter(state__in=OPEN)
        ]

    def erase(self, user: User, pseudonym: str) -> int:
        cases = list(cases_of(user).values_list("pk", flat=True))
        submissions = Submission.objects.filter(application__in=cases)
        submissions.update(personal=None)
        forget_file_names(submissions)
        Act.objects.filter(by=user, side="enterprise").exclude(text="").update(text=ERASED)
        return Application.objects.filter(pk__in=cases).update(personal={})

    def due(self, today: datetime.date) -> QuerySet[Any]:
        """Over since long ago with persons still in them, and drafts that nobody handed in or that were given up."""
        past = days_ago("CASE_KEEP_DAYS")
        taken_back = Q(state=ApplicationState.WITHDRAWN, submitted_at__isnull=False, saved_at__lt=past)
        over = (Q(decided_at__lt=past) | taken_back) & ~Q(personal={})
        abandoned = Q(
            state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN],
            submitted_at__isnull=True,
            saved_at__lt=days_ago("CASE_DRAFT_KEEP_DAYS"),
        )
        return Application.objects.filter(over | abandoned).order_by("saved_at")

    def expire(self, row: Application) -> None:
        Application.objects.filter(pk=row.pk).update(personal={})
        submissions = Submission.objects.filter(application=row)
        submissions.update(personal=None)
        forget_file_names(submissions)
        if row.submitted_at is None:
            erase_papers(row.documents.select_related("file"))
            row.documents.all().delete()
            row.acts.all().delete()
            row.delete()

    def since(self, row: Application) -> datetime.date:
        return timezone.localtime(row.decided_at or row.saved_at).date()


class Papers(ProcessingRecord):
    code = "desk.papers"
    label = "申报材料"
    of_whom = "法定代表人、被授权人、签署人"
    what = "营业执照、授权书、证书和承诺书的扫描件"
    purpose = "核实企业身份和证书"
    basis = CONTRACT
    seen_by = "本企业成员；办理的工作人员（每次查看留痕）；从不公开原件"
    keep = "企业在名录期间"
    model, columns, owner = Document, "file", "uploaded_by"
    shown = {
        "申报件": "application.number",
        "用途": "get_purpose_display",
        "文件名": "file.name",
        "上传": "uploaded_at",
    }
    stays = (
        "证书扫描件、更名证明和盖章的承诺书留下：清单里的产品靠它们证明；企业还有别的成员时，营业执照也留下。"
    )

    def documents(self, user: User) -> Iterable[tuple[str, StoredFile]]:
        for paper in papers_of(user):
            ending = EXTENSIONS.get(paper.file.media_type, "bin")
            yield f"{paper.application.number}-{paper.get_purpose_display()}-{paper.pk}.{ending}", paper.file

    def erase(self, user: User, pseudonym: str) -> int:
        shared = Membership.objects.active().exclude(user=user).values("enterprise")
        naming = papers_of(user).filter(purpose__in=NAMING)
        kept = Q(purpose=Purpose.LICENCE, application__enterprise__in=shared)
        return erase_papers(naming.exclude(kept))


class Invitations(ProcessingRecord):
    code = "desk.invitations"
    label = "邀请"
    of_whom = "被邀请加入企业的人"
    what = "邮箱"
    purpose = "让企业的同事加入"
    basis = CONTRACT
    seen_by = "发出邀请的企业成员"
    keep = "接受、取消或失效后 30 天"
    model, columns = Invitation, "email"
    counted_from = "expires_at"
    expires = {"email": ""}
    stays = "何时以什么身份受邀留下，不再写着邮箱。"

    def rows_of(self, user: User) -> QuerySet[Any]:
        return Invitation.objects.filter(email__in=proven_addresses(user))

    def erase(self, user: User, pseudonym: str) -> int:
        return self.rows_of(user).update(email="", cancelled_at=timezone.now())

    def due(self, today: datetime.date) -> QuerySet[Any]:
        past = days_ago(30)
        over = Q(accepted_at__lt=past) | Q(cancelled_at__lt=past) | Q(expires_at__lt=past)
        return Invitation.objects.filter(over).exclude(email="").order_by("expires_at")


class UnsavedForms(ProcessingRecord):
    code = "desk.unsaved_forms"
    label = "未保存的填写"
    of_whom = "填写申报的人"
    what = "登录中断时表单里已填的内容"
    purpose = "重新登录后接着填"
    basis = CONTRACT
    seen_by = "本人"
    keep = "保存后即删；否则 30 天"
    model, columns, owner = UnsavedForm, "fields", "user"
    erases = DELETE
    counted_from, days = "at", 30


class Reminders(ProcessingRecord):
    code = "desk.reminders"
    label = "日历地址和已发提醒"
    of_whom = "企业经办人"
    what = "谁在日历里订阅了企业的日期、提醒过什么"
    purpose = "每件事只提醒一次"
    basis = DUTY
    seen_by = "本人"
    keep = "账号存续期间"
    model, columns, owner = CalendarLink, "user", "user"
    elsewhere = ("desk.SentReminder.user",)
    shown = {"日历": "enterprise.name", "建立": "made_at", "停用": "revoked_at"}

    def erase(self, user: User, pseudonym: str) -> int:
        reminded = SentReminder.objects.filter(user=user).delete()[0]
        return CalendarLink.objects.filter(user=user).delete()[0] + reminded


PROCESSING_RECORDS = (Cases(), Papers(), Invitations(), UnsavedForms(), Reminders())
