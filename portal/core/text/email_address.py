"""E-mail addresses: how two are compared, and what makes one unfit. Pure functions, for every form that takes one."""

import re
import unicodedata

HIDDEN = "邮箱里有看不见的字符（控制字符或改变书写方向的字符），请删掉重新输入。"
FOREIGN = (
    "邮箱里有外形像英文字母的其他文字，或中文。请切换到英文输入法，只用英文字母、数字和 . _ - + @ 重新输入。"
)
CODED = "邮箱的域名是转写过的国际域名（xn--），看起来可能与别的域名一样，本站不接受。请换一个邮箱。"
SHAPE = "这不是一个邮箱地址，请写成 name@example.com 这样。"
LONG = "邮箱最多 254 个字符。"
LONGEST = 254
ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def folded_email(text: str) -> str:
    """What two addresses are compared by: NFKC, small letters, nothing around it. `Ｃhen@Example.COM` → chen@example.com."""
    return unicodedata.normalize("NFKC", text.strip(" \t\r\n\u3000")).lower()


def email_fault(folded: str) -> str:
    """Why a folded address cannot be used, as a sentence; empty if it can."""
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for char in folded):
        return HIDDEN
    if not folded.isascii():
        return FOREIGN
    if len(folded) > LONGEST:
        return LONG
    if any(label.startswith("xn--") for label in folded.rpartition("@")[2].split(".")):
        return CODED
    if not ADDRESS.fullmatch(folded) or ".." in folded or folded.startswith(".") or ".@" in folded:
        return SHAPE
    return ""
