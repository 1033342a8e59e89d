"""The name of a firm among what lists write round it: numbers, stars, former names, stamps. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from portal.core.text.normalise import clean_name, fold

_MARKS = "*＊※★☆#△▲●○·"
_NUMBERING = re.compile(
    rf"^(?:[{_MARKS}\s]|[(（]?\d{{1,4}}[)）.．、:：]\s*|[一二三四五六七八九十]{{1,3}}、)+"
)
_REMARK = re.compile(
    r"\s*[(（]\s*((?:原名?|曾用名|更名|变更|现名?|简称|以下|盖章|公章|注|备注|已|新增)[^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*)[)）]\s*$"
)
_FORMER = re.compile(
    r"^(?:原企业名称|原名称|原名|原|曾用名|更名前|变更前)\s*(?:为|是)?\s*[:：]?\s*(.{3,}(?:公司|厂|集团|社|所|院|部))$"
)
_LEGAL_FORM = re.compile(
    r"股份有限(?:责任)?公司|有限责任(?:总)?公司|有限(?:总)?公司|(?:集团|总|分)?公司|集团|[()]"
)


@dataclass(frozen=True)
class FirmName:
    """The name itself; what stood round it; and a former name, where that is what it was."""

    name: str
    rest: str = ""
    former: str = ""


def parts_of(written: str) -> FirmName:
    """「1.示例甲有限公司（原示例乙有限公司）*」 is 示例甲有限公司."""
    bare = clean_name(written)
    name = _NUMBERING.sub("", bare).rstrip(f"{_MARKS} ")
    former = ""
    if match := _REMARK.search(name):
        name = name[: match.start()].rstrip(f"{_MARKS} ")
        found = _FORMER.match(match[1].strip())
        former = found[1] if found else ""
    if not name or name == bare:
        return FirmName(bare)
    return FirmName(name, bare.replace(name, " ", 1).strip(), former)


def as_printed(name: str) -> str:
    """By which two names are the same to the eye: 乾丰 and 干丰 are two firms, full and half width brackets one."""
    return unicodedata.normalize("NFKC", clean_name(name)).casefold().replace(" ", "")


def core_of(name: str) -> str:
    """A name without its legal form, for finding what was meant."""
    return _LEGAL_FORM.sub("", fold(name))
