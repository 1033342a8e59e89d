"""From an answered enquiry to an answer that everybody may read."""

import re

from django.db import transaction

from portal.core.audit.record import record
from portal.core.text.normalise import clean
from portal.core.workflow import NoPermission, NotAllowed
from portal.core.workflow.versions import new_version

from ..models import Act, Answer, AnswerVersion, Enquiry

# A mobile number, a number with an area code, 15 or 18 digits of an identity card, an e-mail address.
PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)"
    r"|(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])|[\w.+-]+@[\w-]+\.[\w.-]+"
)


@transaction.atomic
def draft_of(enquiry: Enquiry, *, by) -> AnswerVersion:
    """A draft with the words of the enquiry and its newest answer, to be rewritten without the person."""
    if not by.may(AnswerVersion.EDIT):
        raise NoPermission("step.permission", "您的账号没有编写公开答复的权限，请联系管理员授权。")
    locked = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if locked.state != Enquiry.State.ANSWERED or locked.erased_at is not None:
        raise NotAllowed("answer.not_answered", "答复之后、内容清除之前才能起草公开答复。")
    answer, is_new = Answer.objects.get_or_create(enquiry=locked)
    if not is_new and answer.versions.exists():
        raise NotAllowed("answer.exists", "这一件已有公开答复或草稿。")
    version = new_version(AnswerVersion, answer, by=by)
    reply = locked.acts.filter(kind=Act.Kind.ANSWERED).order_by("-id").first()
    version.kind, version.topic, version.place = locked.kind, locked.topic, locked.place
    version.about = locked.about
    version.question, version.reply = locked.text[:1000], reply.text if reply else ""
    version.office, version.office_division = locked.office, locked.office_division
    version.answered_on = locked.ended_on
    version.save()
    record("answerversion.drafted", version, by=by, enquiry=locked.number)
    return version


def faults_of(version: AnswerVersion) -> list[str]:
    """What must not become public: the sender's own words for himself, and whatever looks like a person's number."""
    faults = []
    if not version.answered_on:
        faults.append("请填写答复日期。")
    enquiry = version.answer.enquiry
    said = f"{version.question}\n{version.reply}"
    for name in Enquiry.PERSONAL if enquiry else ():
        value = clean(getattr(enquiry, name))
        if len(value) > 1 and value in said:
            label = getattr(Enquiry._meta.get_field(name), "verbose_name", name)
            faults.append(f"问答里还有来信人的{label}，请删去。")
    return faults


def warnings_of(version: AnswerVersion) -> list[str]:
    warnings = [
        f"「{found}」像是个人的电话、证件号或邮箱，公开之前请核对"
        for found in dict.fromkeys(PERSONAL.findall(f"{version.question}\n{version.reply}"))
    ]
    enquiry = version.answer.enquiry
    if enquiry and clean(version.question) == clean(enquiry.text):
        warnings.append("「问」还是来信的原话，请改写成不含来信人的一般问题")
    return warnings
