"""What an activity or a result must say before it goes to review: sentences for whoever wrote it."""

from portal.core.text.advertising import advertising_words

from .models import ActivityVersion, ResultVersion


def activity_faults(version: ActivityVersion) -> list[str]:
    found = []
    if not version.source:
        found.append("缺少来源：写明从哪里知道这场活动。")
    if not (version.division_id or version.place or version.online_link or version.date_note):
        found.append("缺少地点：请填举办地、地点或线上地址；确实不详的，请在日期说明里写明。")
    if version.first_precision != version.Precision.DAY and not version.date_note:
        found.append("日期不到日：请在日期说明里写明为什么，例如「哪一天未见公开」。")
    for place, photograph in enumerate(version.photographs, 1):
        if not photograph.get("consent"):
            found.append(f"第 {place} 张照片没有写明肖像同意情况。")
    return found


def activity_warnings(version: ActivityVersion) -> list[str]:
    texts = (version.title, version.body, version.joining, *version.programme)
    return [f"「{word}」属于广告用语" for word in advertising_words(" ".join(texts))]


def result_faults(version: ResultVersion) -> list[str]:
    found = []
    if not version.source:
        found.append("缺少来源：写明数字出自哪里。")
    if not version.stated_by:
        found.append("缺少报告单位：写明由谁报告。")
    return found
