"""What this room keeps of people who ask: nothing but numbers, told here all the same."""

from portal.core.processing import DUTY, Outcome, ProcessingRecord

from .models import SoughtNumber


class SoughtNumbers(ProcessingRecord):
    code = "publication.sought"
    label = "查不到的编号"
    of_whom = "核验证书的人（不记是谁）"
    what = "查不到的编号、日期和次数；像身份证号、电话号码的不记，网络地址、账号都不记"
    purpose = "发现很多人在查而清单上没有的编号：可能是假证，也可能是漏列"
    basis = DUTY
    seen_by = "工作人员"
    keep = "180 天"
    model, columns = SoughtNumber, "number day count"
    outcome = Outcome.KEPT
    stays = "不含个人信息，认不出是谁查的。"
    counted_from, days = "day", 180


PROCESSING_RECORDS = (SoughtNumbers(),)
