"""What must be right before a report goes on, and what looks wrong: each a sentence."""

from events.enquiries.answers.answering import PERSONAL
from portal.core.text.advertising import advertising_words

from .models import ReportVersion
from .workflow import differing, lacks_days

SHOWN = 5


def faults_of(version: ReportVersion) -> list[str]:
    found = []
    if not version.unit:
        found.append("没有写报送单位。")
    if not version.summary:
        found.append("没有写概述：这一年做了什么、结果怎样，写几句话。")
    if version.counted_on is None:
        found.append("还没有统计数字，请先「重新统计」。")
    return found


def warnings_of(version: ReportVersion) -> list[str]:
    text = "\n".join((version.unit, version.summary, version.work, version.problems, version.plans))
    found = [
        f"「{one}」像是个人的电话、证件号或邮箱，报告里不写" for one in dict.fromkeys(PERSONAL.findall(text))
    ]
    found += [f"「{word}」属于广告用语" for word in advertising_words(text)]
    if lacks_days(version):
        found.append(f"数字统计时 {version.year}年还没有过完，请「重新统计」")
    elif labels := differing(version):
        named = "、".join(labels[:SHOWN]) + ("等" if len(labels) > SHOWN else "")
        found.append(
            f"第{version.counted_edition}版统计之后有 {len(labels)} 个数变了（{named}）；要用现在的数，请「重新统计」"
        )
    return found
